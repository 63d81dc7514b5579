#include "service/http/session.hpp"

#include <algorithm>

namespace convoke::http {

SessionContext::SessionContext(Router r, ServerOptions o)
    : router(std::move(r)),
      options(std::move(o)),
      proxies(options.trusted_proxies),
      limiter({options.limits.requests_per_second, options.limits.request_burst, 100'000}),
      handshakes(options.limits.handshakes) {
    if (!options.observer) options.observer = log_exchange;
}

GateLimits SessionContext::gate_limits() const {
    return {options.limits.head_bytes, options.limits.head_fields, options.limits.target_bytes};
}

Router::Match SessionContext::admit(Request& request, boost::asio::ip::address const& client) {
    Router::Match found;
    bool const elsewhere = options.limited_elsewhere && options.limited_elsewhere(request);
    if (auto const problem = elsewhere ? std::nullopt : check_rate(client)) {
        found.refused = router.refuse(request, *problem);
        return found;
    }
    if (request.target == "*") {
        found.refused = Response::no_content().with("Allow", "GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS");
        return found;
    }
    found = router.match(request);
    bool const any_host = found.route && found.route->options.any_host;
    if (!any_host && !host_allowed(request.headers)) {
        found.refused = router.refuse(
            request, Problem(421, "bad_request", "This server does not answer for the host of this address."));
        return found;
    }
    if (options.api_needs_tls && request.in_clear && request.path.starts_with("/api/")) {
        // Not redirected: the token has already been read by whoever listens, and its owner should learn of it.
        found.refused = router.refuse(request, Problem(403, "https_required",
                                                       "The API is answered over HTTPS only. A token that was sent in clear should be replaced."));
        return found;
    }
    return found;
}

bool SessionContext::host_allowed(Headers const& headers) const {
    if (options.hosts.empty()) return true;
    auto const host = headers.get("Host");
    auto const name = host ? host_without_port(*host) : std::nullopt;
    return name && std::any_of(options.hosts.begin(), options.hosts.end(),
                               [&](std::string const& ours) { return iequals(ours, *name); });
}

std::optional<Problem> SessionContext::check_rate(boost::asio::ip::address const& client) {
    if (options.limits.requests_per_second <= 0) return std::nullopt;
    if (client.is_loopback() && !options.limits.limit_loopback) return std::nullopt;
    auto const wait = limiter.take(limit_key(client), RateLimiter::Instant::clock::now());
    if (!wait) return std::nullopt;
    Problem problem(429, "rate_limited", "Too many requests from this address. Try again in " +
                                             std::to_string(wait->count()) + " s.");
    problem.headers["Retry-After"] = std::to_string(wait->count());
    return problem;
}

}  // namespace convoke::http
