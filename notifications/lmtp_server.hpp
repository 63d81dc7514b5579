// Takes mails that a mail server hands over by LMTP (RFC 2033). Whoever can connect is believed to be that mail server, so
// it listens on loopback or in a network of its own. Belongs to one executor, a context with one thread; what is said
// otherwise may be called from any thread.
#pragma once

#include "calendar/failure.hpp"
#include "notifications/lmtp_session.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

struct LmtpOptions {
    std::string listen;  // "127.0.0.1:2424", "[::1]:2424"; port 0: any free one
    LmtpRules rules;
    std::size_t connections = 50;
    std::chrono::milliseconds command{60'000};   // for each, then the mail server has left
    std::chrono::milliseconds message{300'000};  // for a whole mail, not per byte
    std::chrono::milliseconds drain{2'000};      // what a mail in hand still gets when the service stops

    // Keeps a mail for good and says so, one reply for each recipient: a 250 leaves only after it. What it throws is
    // logged and answered with 451: the mail server keeps the mail.
    std::function<boost::asio::awaitable<std::vector<LmtpReply>>(LmtpMail const&)> take;
    std::function<void(std::string_view)> log;  // no personal data
};

class LmtpServer {
public:
    LmtpServer(LmtpOptions options, boost::asio::any_io_executor executor);
    ~LmtpServer();

    // Binds and begins to accept. Throws std::runtime_error that names the setting. Once.
    void start();
    // After start(). Any thread.
    std::uint16_t port() const;
    // Takes nothing new, lets the mails in hand be answered, cuts what is left after `drain`.
    boost::asio::awaitable<void> stop();

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace convoke::notifications
