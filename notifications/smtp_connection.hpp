// One connection to a mail server: the dialogue with sockets, TLS and clocks around it (RFC 5321 §4.5.3.2, 8314 §3).
// Belongs to one executor, a strand or a context with one thread.
#pragma once

#include "notifications/smtp_dialogue.hpp"
#include "notifications/transport.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <array>
#include <memory>
#include <optional>
#include <string>

namespace convoke::notifications {

struct SmtpServer {
    std::string host;           // a name or an IP address without brackets
    std::string port;
    bool implicit_tls = false;  // smtps
    std::string client_name;
    SmtpTimes times;
};

class SmtpConnection : public std::enable_shared_from_this<SmtpConnection> {
public:
    // `tls` must live as long as the connection.
    SmtpConnection(boost::asio::any_io_executor executor, SmtpServer const& server, boost::asio::ssl::context& tls);

    // Connects, secures, logs in. Nothing when ready, else why not.
    boost::asio::awaitable<std::optional<Delivery>> open(std::optional<SmtpLogin> login);
    boost::asio::awaitable<Delivery> send(Envelope const& envelope);
    boost::asio::awaitable<void> quit();
    // Ends whatever is going on.
    void abort();

    bool usable() const { return usable_; }
    // After a failed send: not a byte of this mail has left.
    bool nothing_sent() const { return nothing_sent_; }

    std::chrono::steady_clock::time_point idle_since;

private:
    using Step = SmtpDialogue::Step;
    boost::asio::awaitable<std::optional<Delivery>> connect();
    boost::asio::awaitable<std::string> handshake();  // "" or what went wrong
    boost::asio::awaitable<Step> drive(Step step);
    boost::asio::awaitable<std::string> write(std::string const& bytes);
    boost::asio::awaitable<std::string> read();       // fills received_
    void limit(std::chrono::milliseconds time);
    std::string why(boost::system::error_code const& code) const;
    Step broken(std::string const& reason);
    std::chrono::milliseconds time_for_reply() const;

    SmtpServer server_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::steady_timer deadline_;
    SmtpDialogue dialogue_;
    bool encrypted_ = false, usable_ = false, timed_out_ = false, aborted_ = false, nothing_sent_ = true;
    std::array<char, 4096> buffer_{};
    std::size_t received_ = 0;
};

}  // namespace convoke::notifications
