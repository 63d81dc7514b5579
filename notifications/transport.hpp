// Where finished mails go: a directory of .eml files, or a mail server over TLS.
// Everything, the awaitables included, runs on the executor given to make_transport: a strand or a context with one
// thread.
#pragma once

#include "calendar/failure.hpp"
#include "notifications/delivery.hpp"
#include "notifications/mail.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace convoke::notifications {

class Transport {
public:
    virtual ~Transport() = default;
    // Waits for a free connection when all are busy. Never throws; whatever goes wrong is an Outcome.
    virtual boost::asio::awaitable<Delivery> send(Envelope envelope) = 0;
    // Connects, secures, logs in and leaves (or: may the directory be written). For `convoke doctor`.
    virtual boost::asio::awaitable<result<void>> check() = 0;
    // How many sends can go on at the same time.
    virtual std::size_t connections() const = 0;
    // Breaks what is going on: every send() under way ends at once, in doubt where it must be.
    virtual void abort() = 0;
    // Says goodbye on idle connections; at most two seconds.
    virtual boost::asio::awaitable<void> close() = 0;
    // "smtps://mail.example:465", "file:/var/mail": for people; never holds a password.
    virtual std::string describe() const = 0;
};

struct SmtpTimes {
    std::chrono::milliseconds connect{15'000}, handshake{15'000}, greeting{30'000}, command{30'000},
        body{600'000},  // from the final dot to the reply (RFC 5321 §4.5.3.2.6)
        idle{20'000};   // an unused connection is closed after this
};

struct TransportOptions {
    std::string url = "file:mail/";  // "file:DIR", "smtps://[user@]host[:465]", "smtp://[user@]host[:587]" (STARTTLS required)
    std::string password_file;       // one line; read anew for each connection; needed when the URL names a user
    std::string ca_file;             // PEM; "" = the system's
    std::size_t connections = 4;
    std::string client_name;         // for EHLO; "" = the host's name
    SmtpTimes times;
    // Tests alone switch it off, to see that the certificate tests can fail.
    bool verify_certificates = true;
};

// errc::invalid_value with what is wrong and what would be right: unknown scheme, user without password_file,
// unreadable ca_file, a directory that cannot be made.
result<std::unique_ptr<Transport>> make_transport(TransportOptions options, boost::asio::any_io_executor executor);

}  // namespace convoke::notifications
