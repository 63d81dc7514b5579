#include "notifications/smtp_transport.hpp"

#include "notifications/client_tls.hpp"
#include "notifications/password_file.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/ip/host_name.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

// RFC 5321 §4.1.3, §4.1.4: our name, or what stands for one when the machine has none worth telling.
std::string client_name(std::string name) {
    boost::system::error_code error;
    if (name.empty()) name = asio::ip::host_name(error);
    const bool plain = !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' ||
               c == '[' || c == ']' || c == ':';
    });
    return plain ? name : "localhost";
}

}  // namespace

struct SmtpTransport::Pool : std::enable_shared_from_this<Pool> {
    Pool(TransportOptions given, TransportUrl where, asio::any_io_executor on)
        : options(std::move(given)),
          url(std::move(where)),
          executor(on),
          freed(on, Clock::time_point::max()),
          reaper(on) {}

    TransportOptions options;
    TransportUrl url;
    asio::any_io_executor executor;
    std::shared_ptr<asio::ssl::context> tls;
    SmtpServer server;
    std::size_t busy = 0;
    std::deque<std::shared_ptr<SmtpConnection>> idle;      // longest idle first
    std::set<std::shared_ptr<SmtpConnection>> working;
    asio::steady_timer freed, reaper;
    bool reaping = false;

    asio::awaitable<Delivery> deliver(Envelope const& envelope);
    asio::awaitable<Delivery> attempt(Envelope const& envelope, std::shared_ptr<SmtpConnection> connection, bool fresh);
    std::optional<SmtpLogin> login(std::string& fault) const;
    void keep(std::shared_ptr<SmtpConnection> connection);
    void reap();
};

std::optional<SmtpLogin> SmtpTransport::Pool::login(std::string& fault) const {
    if (url.user.empty()) return std::nullopt;
    auto password = read_password(options.password_file, "mail.password_file");
    if (password) return SmtpLogin{url.user, *std::move(password)};
    fault = password.error().detail;
    return std::nullopt;
}

asio::awaitable<Delivery> SmtpTransport::Pool::attempt(Envelope const& envelope, std::shared_ptr<SmtpConnection> connection,
                                                       bool fresh) {
    working.insert(connection);
    std::optional<Delivery> outcome;
    try {
        if (fresh) {
            std::string fault;
            auto credentials = login(fault);
            if (!fault.empty()) {
                outcome = Delivery{Outcome::paused, fault};
            } else {
                outcome = co_await connection->open(std::move(credentials));
            }
        }
        if (!outcome) outcome = co_await connection->send(envelope);
    } catch (std::exception const& fault) {
        outcome = Delivery{Outcome::paused, std::string("broken: ") + fault.what()};
        connection->abort();
    }
    working.erase(connection);
    co_return *outcome;
}

asio::awaitable<Delivery> SmtpTransport::Pool::deliver(Envelope const& envelope) {
    while (!idle.empty()) {
        auto connection = std::move(idle.back());
        idle.pop_back();
        auto delivery = co_await attempt(envelope, connection, false);
        // Servers close idle connections and those that had their share of mails; nothing has left, so a new one may try.
        if (delivery.outcome != Outcome::sent && !connection->usable() && connection->nothing_sent()) continue;
        if (connection->usable()) keep(std::move(connection));
        co_return delivery;
    }
    auto connection = std::make_shared<SmtpConnection>(executor, server, *tls);
    auto delivery = co_await attempt(envelope, connection, true);
    if (connection->usable()) keep(std::move(connection));
    co_return delivery;
}

void SmtpTransport::Pool::keep(std::shared_ptr<SmtpConnection> connection) {
    connection->idle_since = Clock::now();
    idle.push_back(std::move(connection));
    reap();
}

void SmtpTransport::Pool::reap() {
    if (reaping || idle.empty()) return;
    reaping = true;
    reaper.expires_at(idle.front()->idle_since + options.times.idle);
    reaper.async_wait([weak = weak_from_this()](boost::system::error_code const& error) {
        const auto pool = weak.lock();
        if (!pool) return;
        pool->reaping = false;
        if (error) return;
        while (!pool->idle.empty() && pool->idle.front()->idle_since + pool->options.times.idle <= Clock::now()) {
            auto connection = std::move(pool->idle.front());
            pool->idle.pop_front();
            asio::co_spawn(
                pool->executor,
                [pool, connection]() -> asio::awaitable<void> { co_await connection->quit(); }, asio::detached);
        }
        pool->reap();
    });
}

result<std::unique_ptr<Transport>> SmtpTransport::make(TransportOptions options, TransportUrl url,
                                                       asio::any_io_executor executor) {
    if (!url.user.empty()) {
        if (options.password_file.empty()) {
            return Failure(errc::invalid_value, "mail.transport names the user " + url.user + ": mail.password_file must be set");
        }
        CONVOKE_CHECK(read_password(options.password_file, "mail.password_file"));
    }
    auto pool = std::make_shared<Pool>(std::move(options), std::move(url), executor);
    CONVOKE_TRY(tls, make_client_tls(pool->options.ca_file, "mail.ca_file", pool->options.verify_certificates));
    pool->tls = std::move(tls);
    if (pool->options.connections == 0) pool->options.connections = 1;
    pool->server = {pool->url.host, pool->url.port, pool->url.scheme == TransportUrl::Scheme::smtps,
                    client_name(pool->options.client_name), pool->options.times};
    return std::unique_ptr<Transport>(new SmtpTransport(std::move(pool)));
}

SmtpTransport::SmtpTransport(std::shared_ptr<Pool> pool) : pool_(std::move(pool)) {}
SmtpTransport::~SmtpTransport() { abort(); }

asio::awaitable<Delivery> SmtpTransport::send(Envelope envelope) {
    const auto pool = pool_;
    while (pool->busy >= pool->options.connections) {
        co_await pool->freed.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    ++pool->busy;
    auto delivery = co_await pool->deliver(envelope);
    --pool->busy;
    pool->freed.cancel_one();
    co_return delivery;
}

asio::awaitable<result<void>> SmtpTransport::check() {
    const auto pool = pool_;
    std::string fault;
    auto credentials = pool->login(fault);
    if (!fault.empty()) co_return Failure(errc::mail_unavailable, fault);
    const auto connection = std::make_shared<SmtpConnection>(pool->executor, pool->server, *pool->tls);
    const auto failure = co_await connection->open(std::move(credentials));
    if (failure) co_return Failure(errc::mail_unavailable, failure->reason);
    co_await connection->quit();
    co_return result<void>();
}

std::size_t SmtpTransport::connections() const { return pool_->options.connections; }

void SmtpTransport::abort() {
    for (auto const& connection : std::set(pool_->working)) connection->abort();
    for (auto const& connection : pool_->idle) connection->abort();
    pool_->idle.clear();
    pool_->reaper.cancel();
}

asio::awaitable<void> SmtpTransport::close() {
    const auto pool = pool_;
    while (!pool->idle.empty()) {
        const auto connection = std::move(pool->idle.front());
        pool->idle.pop_front();
        co_await connection->quit();
    }
    pool->reaper.cancel();
}

std::string SmtpTransport::describe() const {
    return (pool_->server.implicit_tls ? "smtps://" : "smtp://") + pool_->server.host + ':' + pool_->server.port;
}

}  // namespace convoke::notifications
