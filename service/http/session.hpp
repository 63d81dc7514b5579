// One connection, from its first byte to its last. For server.cpp only.
#pragma once

#include "service/http/connections.hpp"
#include "service/http/forwarded.hpp"
#include "service/http/framing_gate.hpp"
#include "service/http/handshakes.hpp"
#include "service/http/rate_limit.hpp"
#include "service/http/router.hpp"
#include "service/http/server.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>

#include <atomic>
#include <memory>
#include <vector>

namespace convoke::http {

// What all sessions share; read-only but for `draining` and the limiter.
struct SessionContext {
    SessionContext(Router r, ServerOptions o);

    Router router;
    ServerOptions options;
    TrustedProxies proxies;
    RateLimiter limiter;
    Handshakes handshakes;
    std::atomic<bool> draining{false};

    GateLimits gate_limits() const;
    // Everything that is decided by the head alone: rate, route, host, the API's own limits.
    Router::Match admit(Request& request, boost::asio::ip::address const& client);

private:
    bool host_allowed(Headers const& headers) const;
    // 429 where the client's address has used up its tokens.
    std::optional<Problem> check_rate(boost::asio::ip::address const& client);
};

using SharedContext = std::shared_ptr<SessionContext>;

// Serve until the connection ends; run on the socket's loop. Errors of the connection are quiet.
boost::asio::awaitable<void> serve_plain(SharedContext context, boost::asio::ip::tcp::socket socket,
                                         Connections::Place place);
boost::asio::awaitable<void> serve_tls(SharedContext context, boost::asio::ip::tcp::socket socket,
                                       std::shared_ptr<boost::asio::ssl::context> tls, Connections::Place place);

}  // namespace convoke::http
