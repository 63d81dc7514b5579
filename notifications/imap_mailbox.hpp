// A mailbox that is looked into every so often (mail.imap): each new mail is handed over once, and marked when it was taken
// (imap_dialogue.hpp). Over TLS only (RFC 8314 §3). Belongs to one executor, a context with one thread or a strand.
#pragma once

#include "calendar/failure.hpp"
#include "notifications/transport_url.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

namespace convoke::notifications {

struct ImapTimes {
    std::chrono::milliseconds every{5'000};         // between two rounds
    std::chrono::milliseconds command{60'000};       // for connecting, and for each answer
    std::chrono::milliseconds mail{300'000};         // for a whole mail, not per byte
    std::chrono::milliseconds pause{5'000}, longest_pause{300'000};  // after a fault, doubled each time
};

struct ImapMailboxOptions {
    std::string url;            // parse_imap_url
    std::string password_file;  // read at each login: it may change while we run
    std::string password_setting = "mail.password_file";  // which setting names it
    std::string ca_file;        // "" = the system's
    bool verify_certificates = true;  // false only in tests
    std::size_t mail_bytes = 10 * 1024 * 1024;
    std::chrono::days look_back{30};  // what is older was not meant for us
    ImapTimes times;

    // Keeps a mail for good and says whether it did; what it throws counts as no.
    std::function<boost::asio::awaitable<bool>(std::string const& bytes)> take;
    std::function<std::chrono::system_clock::time_point()> now;
    std::function<void(std::string_view)> log;  // no personal data
};

class ImapMailbox {
public:
    // errc::invalid_value for a setting that cannot be used.
    static result<std::unique_ptr<ImapMailbox>> make(ImapMailboxOptions options, boost::asio::any_io_executor executor);
    ~ImapMailbox();

    // Until stop().
    boost::asio::awaitable<void> run();
    // Lets a mail in hand be marked, for at most two seconds.
    boost::asio::awaitable<void> stop();

    // Logs in, opens the mailbox and leaves; errc::mail_unavailable says why not.
    boost::asio::awaitable<result<void>> check();

private:
    struct Impl;
    explicit ImapMailbox(std::shared_ptr<Impl> impl);
    std::shared_ptr<Impl> impl_;
};

}  // namespace convoke::notifications
