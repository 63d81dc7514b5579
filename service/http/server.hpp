// The HTTP server: listens, keeps the limits, serves each connection on one of its loops, drains.
#pragma once

#include "service/http/message.hpp"
#include "service/http/observer.hpp"
#include "service/http/overload.hpp"
#include "service/http/router.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/any_io_executor.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace convoke::http {

struct Limits {
    std::size_t head_bytes = 8 * 1024;
    std::size_t head_fields = 100;
    std::size_t target_bytes = 4 * 1024;
    std::size_t trailer_bytes = 4 * 1024;
    std::size_t chunk_extension_bytes = 256;
    std::chrono::milliseconds head{10'000};        // for the whole head, not per byte
    std::chrono::milliseconds body{10'000};        // then at least body_bytes_per_second
    std::size_t body_bytes_per_second = 1024;
    std::chrono::milliseconds write_stall{30'000}; // without any progress
    std::chrono::milliseconds handshake{10'000};
    std::size_t handshakes = 256;                  // TLS handshakes under way; one more cuts the oldest
    std::chrono::milliseconds idle{60'000};        // between requests
    std::size_t connections = 10'000;              // also bounded by the process's descriptors
    std::size_t connections_per_address = 512;     // IPv6: per /64; trusted proxies are not counted
    double requests_per_second = 1'000;            // per address, as a token bucket; 0: no limit
    double request_burst = 10'000;
    bool limit_loopback = false;                   // a proxy or script on this machine speaks for many
};

struct ServerOptions {
    std::string listen = "127.0.0.1:8080";    // "[::1]:8080"; port 0: any free one
    std::vector<std::string> hosts;           // names accepted in Host, without port; empty: any
    std::string tls_certificate;              // PEM chain; both or none
    std::string tls_key;
    std::vector<std::string> trusted_proxies; // addresses or networks, "10.0.0.0/8"
    bool api_needs_tls = false;               // refuse /api to who asks in clear (Request::in_clear)
    Limits limits;

    OverloadGuard* overload = nullptr;        // asked before a handler runs; outlives the server. None: all are served
    // Who has a limit of their own and needs none by address (tokens of the API). Any thread.
    std::function<bool(Request const&)> limited_elsewhere;
    // Told about every answered request; the default writes one log line (observer.hpp).
    Observer observer;

    // Negative controls of the tests; never set otherwise.
    struct {
        bool without_gate = false;
        bool without_body_limit = false;
    } unsafe_for_tests;
};

// Destroy it after its loops have ended (drained or stopped) and before their contexts.
class Server {
public:
    // A connection stays on the loop it was given, in turn. A loop runs one handler at a time: a context with one thread
    // (no locks are taken then), or a strand. At least one.
    Server(std::vector<boost::asio::any_io_executor> loops, Router router, ServerOptions options);
    ~Server();
    Server(Server const&) = delete;
    Server& operator=(Server const&) = delete;

    // Reads the certificates, binds and begins to accept. Throws std::runtime_error with the setting at fault.
    // Once, from any thread.
    void start();

    // The bound port (host order), after start(). Any thread.
    std::uint16_t port() const;

    // Reads certificate and key again: new connections get them, old ones live on. Throws std::runtime_error,
    // and keeps serving the old ones, if they are unusable. Any thread.
    void reload_certificates();
    // When the served certificate ends; nullopt without TLS. Any thread.
    std::optional<std::chrono::system_clock::time_point> certificate_expires() const;

    // Stops accepting, answers what has been asked (with Connection: close), closes what is idle and, a moment later, what
    // is still about its TLS handshake; after `deadline` cuts what is left, and waits 250 ms at most for it to go. Once,
    // from any executor.
    boost::asio::awaitable<void> drain(std::chrono::milliseconds deadline = std::chrono::seconds(5));

    // Open connections now. Any thread.
    std::size_t connections() const;

private:
    class Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace convoke::http
