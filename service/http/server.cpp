#include "service/http/server.hpp"

#include "service/core/log.hpp"
#include "service/core/spawn.hpp"
#include "service/http/session.hpp"
#include "service/http/tls.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/resource.h>

#include <algorithm>
#include <charconv>
#include <limits>
#include <mutex>
#include <stdexcept>

namespace convoke::http {
namespace {

namespace asio = boost::asio;
using Tcp = asio::ip::tcp;
using namespace std::chrono_literals;

constexpr auto quietly = asio::as_tuple(asio::use_awaitable);
// How long a draining server still waits for what clients are just about to send on open connections.
constexpr auto drain_grace = 250ms;
// And for connections to go that were cut.
constexpr auto cut_grace = 250ms;
// One a turn of the loop would let newcomers wait behind all that is busy.
constexpr std::size_t most_at_once = 64;

Tcp::endpoint parse_listen(std::string const& text) {
    auto const colon = text.rfind(':');
    unsigned port = 0;
    bool bad = colon == std::string::npos || colon + 1 == text.size();
    if (!bad) {
        auto const* const end = text.data() + text.size();
        auto const [stopped, code] = std::from_chars(text.data() + colon + 1, end, port);
        bad = code != std::errc() || stopped != end || port > 65535;
    }
    std::string host = bad ? "" : text.substr(0, colon);
    if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
    if (host == "localhost") host = "127.0.0.1";
    boost::system::error_code error;
    auto const address = asio::ip::make_address(host, error);
    if (bad || error) {
        throw std::runtime_error("http.listen: \"" + text + "\" is not ADDRESS:PORT, such as 127.0.0.1:8080 or [::1]:8080");
    }
    return {address, static_cast<std::uint16_t>(port)};
}

// As many descriptors as we may have; some are kept back for the database, mail and the log.
std::size_t connections_allowed(std::size_t wanted) {
    rlimit limit{};
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0) return wanted;
    if (limit.rlim_cur < limit.rlim_max) {
        limit.rlim_cur = limit.rlim_max;
        setrlimit(RLIMIT_NOFILE, &limit);
        getrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur == RLIM_INFINITY) return wanted;
    auto const descriptors = static_cast<std::size_t>(limit.rlim_cur);
    return std::min(wanted, descriptors > 256 ? descriptors - 128 : descriptors / 2);
}

}  // namespace

class Server::Impl : public std::enable_shared_from_this<Impl> {
public:
    Impl(std::vector<asio::any_io_executor> loops, Router router, ServerOptions options)
        : loops_(std::move(loops)),
          context_(std::make_shared<SessionContext>(std::move(router), std::move(options))),
          acceptor_(loops_.at(0)) {}

    void start() {
        auto const& options = context_->options;
        if (options.tls_certificate.empty() != options.tls_key.empty()) {
            throw std::runtime_error("http.tls_certificate and http.tls_key go together: set both or none");
        }
        if (!options.tls_certificate.empty()) reload_certificates();
        auto const endpoint = parse_listen(options.listen);
        try {
            acceptor_.open(endpoint.protocol());
            acceptor_.set_option(Tcp::acceptor::reuse_address(true));
            acceptor_.bind(endpoint);
            acceptor_.listen();
        } catch (boost::system::system_error const& error) {
            throw std::runtime_error("http.listen: cannot listen on " + options.listen + ": " + error.code().message());
        }
        port_ = acceptor_.local_endpoint().port();
        most_ = connections_allowed(options.limits.connections);
        core::spawn(acceptor_.get_executor(), "http-accept", accept_all(shared_from_this()));
    }

    void reload_certificates() {
        auto const& options = context_->options;
        if (options.tls_certificate.empty()) return;
        auto fresh = make_tls_context(options.tls_certificate, options.tls_key);
        std::lock_guard const lock(tls_mutex_);
        tls_ = std::move(fresh);
    }

    std::shared_ptr<asio::ssl::context> tls() const {
        std::lock_guard const lock(tls_mutex_);
        return tls_;
    }

    asio::awaitable<void> drain(std::chrono::milliseconds deadline) {
        auto const self = shared_from_this();  // keeps us while others may let go
        auto const start = std::chrono::steady_clock::now();
        context_->draining = true;
        asio::post(acceptor_.get_executor(), [self] { self->stop_accepting(); });
        asio::steady_timer pause(co_await asio::this_coro::executor);
        auto const passed = [&] { return std::chrono::steady_clock::now() - start; };
        bool cutting = false;
        while (!stopped_ || connections_->count() > 0) {
            if (passed() > deadline + cut_grace) break;
            if (passed() >= deadline && !cutting) {
                cutting = true;
                for (auto const& connection : connections_->all()) connection->cut();
            } else if (passed() >= std::min<std::chrono::steady_clock::duration>(drain_grace, deadline / 2)) {
                context_->handshakes.end();
                for (auto const& connection : connections_->all()) connection->close_if_idle();
            }
            pause.expires_after(10ms);
            co_await pause.async_wait(quietly);
        }
    }

    std::uint16_t port() const { return port_; }
    std::size_t connections() const { return connections_->count(); }

private:
    // The parameter keeps the object while the coroutine lives.
    static asio::awaitable<void> accept_all(std::shared_ptr<Impl> self) {
        asio::steady_timer pause(self->acceptor_.get_executor());
        auto last_complaint = std::chrono::steady_clock::time_point::min();
        while (self->acceptor_.is_open()) {
            while (self->context_->handshakes.crowded() && !self->context_->draining) {
                pause.expires_after(1ms);
                co_await pause.async_wait(quietly);
            }
            auto [error, socket] = co_await self->acceptor_.async_accept(self->next_loop(), quietly);
            if (!error) {
                self->admit(std::move(socket));
                self->accept_more(most_at_once);
                continue;
            }
            if (!self->acceptor_.is_open() || self->context_->draining) break;
            if (error == asio::error::connection_aborted) continue;
            // Out of descriptors or memory: connections end, so wait for that instead of spinning.
            auto const now = std::chrono::steady_clock::now();
            if (last_complaint == std::chrono::steady_clock::time_point::min() || now - last_complaint > 10s) {
                core::log::warn("http", "accept-failed", {{"why", error.message()}});
                last_complaint = now;
            }
            pause.expires_after(50ms);
            co_await pause.async_wait(quietly);
        }
    }

    // On the acceptor's loop.
    asio::any_io_executor next_loop() { return loops_[turn_++ % loops_.size()]; }

    // What the kernel has already accepted for us is served, not reset. On the acceptor's loop.
    void stop_accepting() {
        boost::system::error_code error;
        acceptor_.cancel(error);
        accept_more(std::numeric_limits<std::size_t>::max());
        acceptor_.close(error);
        stopped_ = true;
    }

    // What is waiting already, up to so many.
    void accept_more(std::size_t most) {
        boost::system::error_code error;
        acceptor_.non_blocking(true, error);
        for (std::size_t count = 0; !error && count < most && acceptor_.is_open(); ++count) {
            Tcp::socket socket(next_loop());
            acceptor_.accept(socket, error);
            if (!error) admit(std::move(socket));
        }
    }

    void admit(Tcp::socket socket) {
        boost::system::error_code error;
        auto const peer = socket.remote_endpoint(error);
        if (error) return;
        auto const& limits = context_->options.limits;
        auto key = context_->proxies.trusts(peer.address()) ? std::string() : limit_key(peer.address());
        auto place = connections_->admit(std::move(key), most_, limits.connections_per_address);
        auto const tls_now = tls();
        if (!place) {
            // Best effort, without waiting for a client we have no room for.
            static constexpr std::string_view busy =
                "HTTP/1.1 503 Service Unavailable\r\nRetry-After: 5\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
            if (!tls_now) {
                socket.non_blocking(true, error);
                socket.write_some(asio::buffer(busy), error);
            }
            return;
        }
        socket.set_option(Tcp::no_delay(true), error);
        auto const executor = socket.get_executor();
        core::spawn(executor, "http-session",
                    tls_now ? serve_tls(context_, std::move(socket), tls_now, *std::move(place))
                            : serve_plain(context_, std::move(socket), *std::move(place)));
    }

    std::vector<asio::any_io_executor> const loops_;
    std::size_t turn_ = 0;
    SharedContext context_;
    Tcp::acceptor acceptor_;
    std::shared_ptr<Connections> connections_ = std::make_shared<Connections>();
    mutable std::mutex tls_mutex_;
    std::shared_ptr<asio::ssl::context> tls_;
    std::size_t most_ = 0;
    std::uint16_t port_ = 0;
    std::atomic<bool> stopped_{false};
};

Server::Server(std::vector<asio::any_io_executor> loops, Router router, ServerOptions options)
    : impl_(std::make_shared<Impl>(std::move(loops), std::move(router), std::move(options))) {}

Server::~Server() = default;

void Server::start() { impl_->start(); }
std::uint16_t Server::port() const { return impl_->port(); }
void Server::reload_certificates() { impl_->reload_certificates(); }

std::optional<std::chrono::system_clock::time_point> Server::certificate_expires() const {
    auto const tls = impl_->tls();
    if (!tls) return std::nullopt;
    return certificate_end(*tls);
}

asio::awaitable<void> Server::drain(std::chrono::milliseconds deadline) { return impl_->drain(deadline); }

std::size_t Server::connections() const { return impl_->connections(); }

}  // namespace convoke::http
