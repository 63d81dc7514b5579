#include "notifications/smtp_connection.hpp"

#include "notifications/server_identity.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);

}  // namespace

SmtpConnection::SmtpConnection(asio::any_io_executor executor, SmtpServer const& server, asio::ssl::context& tls)
    : server_(server),
      stream_(executor, tls),
      resolver_(executor),
      deadline_(executor),
      dialogue_({}, false) {}

asio::awaitable<std::optional<Delivery>> SmtpConnection::open(std::optional<SmtpLogin> login) {
    dialogue_ = SmtpDialogue({server_.client_name, !server_.implicit_tls, std::move(login)}, server_.implicit_tls);
    if (auto failure = co_await connect()) co_return failure;
    if (server_.implicit_tls) {
        if (const auto fault = co_await handshake(); !fault.empty()) co_return Delivery{Outcome::paused, "TLS: " + fault};
    }
    limit(server_.times.greeting);
    const Step step = co_await drive({});
    deadline_.cancel();
    if (step.kind != Step::Kind::ready) {
        abort();
        co_return step.delivery;
    }
    usable_ = true;
    co_return std::nullopt;
}

asio::awaitable<std::optional<Delivery>> SmtpConnection::connect() {
    limit(server_.times.connect);
    const auto failed = [&](std::string const& reason) {
        return Delivery{Outcome::paused, "cannot connect to " + server_.host + ':' + server_.port + ": " + reason};
    };
    auto [resolve_error, endpoints] = co_await resolver_.async_resolve(server_.host, server_.port, tuple);
    if (resolve_error) co_return failed(why(resolve_error));
    if (aborted_ || timed_out_) co_return failed("took too long");
    auto [connect_error, endpoint] = co_await asio::async_connect(stream_.next_layer(), endpoints, tuple);
    if (connect_error) co_return failed(why(connect_error));
    boost::system::error_code ignored;
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return std::nullopt;
}

asio::awaitable<std::string> SmtpConnection::handshake() {
    limit(server_.times.handshake);
    expect_host(stream_.native_handle(), server_.host);
    auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, tuple);
    if (error) {
        const long verified = SSL_get_verify_result(stream_.native_handle());
        if (verified != X509_V_OK && !timed_out_) {
            co_return "the certificate of " + server_.host + " is not accepted: " + X509_verify_cert_error_string(verified);
        }
        co_return why(error);
    }
    encrypted_ = true;
    co_return std::string();
}

asio::awaitable<Delivery> SmtpConnection::send(Envelope const& envelope) {
    usable_ = false;
    timed_out_ = false;
    limit(server_.times.command);
    const Step step = co_await drive(dialogue_.begin(envelope));
    deadline_.cancel();
    nothing_sent_ = step.kind == Step::Kind::close && dialogue_.nothing_sent();
    usable_ = step.kind == Step::Kind::delivered && !step.close && !aborted_;
    if (!usable_) abort();
    co_return step.delivery;
}

asio::awaitable<void> SmtpConnection::quit() {
    usable_ = false;
    if (!stream_.next_layer().is_open()) co_return;
    limit(std::min<std::chrono::milliseconds>(server_.times.command, std::chrono::seconds(2)));
    co_await drive(dialogue_.quit());
    deadline_.cancel();
    abort();
}

void SmtpConnection::abort() {
    aborted_ = true;
    usable_ = false;
    resolver_.cancel();
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
}

asio::awaitable<SmtpConnection::Step> SmtpConnection::drive(Step step) {
    while (true) {
        switch (step.kind) {
            case Step::Kind::write: {
                limit(time_for_reply());
                if (const auto fault = co_await write(step.bytes); !fault.empty()) co_return broken(fault);
                step = {};
                break;
            }
            case Step::Kind::read: {
                if (const auto fault = co_await read(); !fault.empty()) co_return broken(fault);
                step = dialogue_.received({buffer_.data(), received_});
                break;
            }
            case Step::Kind::handshake: {
                if (const auto fault = co_await handshake(); !fault.empty()) co_return broken(fault);
                step = dialogue_.secured();
                break;
            }
            default: co_return step;
        }
    }
}

asio::awaitable<std::string> SmtpConnection::write(std::string const& bytes) {
    boost::system::error_code error;
    std::size_t count = 0;
    if (encrypted_) {
        std::tie(error, count) = co_await asio::async_write(stream_, asio::buffer(bytes), tuple);
    } else {
        std::tie(error, count) = co_await asio::async_write(stream_.next_layer(), asio::buffer(bytes), tuple);
    }
    co_return error ? why(error) : std::string();
}

asio::awaitable<std::string> SmtpConnection::read() {
    boost::system::error_code error;
    if (encrypted_) {
        std::tie(error, received_) = co_await stream_.async_read_some(asio::buffer(buffer_), tuple);
    } else {
        std::tie(error, received_) = co_await stream_.next_layer().async_read_some(asio::buffer(buffer_), tuple);
    }
    co_return error ? why(error) : std::string();
}

// For one command and its whole reply: a byte now and then does not renew it.
void SmtpConnection::limit(std::chrono::milliseconds time) {
    deadline_.expires_after(time);
    deadline_.async_wait([self = weak_from_this()](boost::system::error_code const& error) {
        const auto connection = self.lock();
        if (error || !connection || connection->deadline_.expiry() > std::chrono::steady_clock::now()) return;
        connection->timed_out_ = true;
        connection->abort();
    });
}

std::chrono::milliseconds SmtpConnection::time_for_reply() const {
    return dialogue_.phase() == SmtpDialogue::Phase::body ? server_.times.body : server_.times.command;
}

std::string SmtpConnection::why(boost::system::error_code const& code) const {
    if (timed_out_) return "took too long";
    if (aborted_) return "broken off";
    if (code == asio::error::eof || code == asio::ssl::error::stream_truncated) return "the server closed the connection";
    return code.message();
}

SmtpConnection::Step SmtpConnection::broken(std::string const& reason) {
    return {.kind = Step::Kind::close, .delivery = dialogue_.lost(reason), .close = true};
}

}  // namespace convoke::notifications
