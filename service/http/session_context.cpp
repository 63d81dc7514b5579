#include "service/http/session.hpp"

#include <algorithm>

namespace convoke::http {

SessionContext::SessionContext(Router r, ServerOptions o)
    : router(std::move(r)),
      options(std::move(o)),
      proxies(options.trusted_proxies),
      limiter({options.limits.requests_per_second, options.limits.request_burst, 100'000}) {
    if (!options.observer) options.observer = log_exchange;
}

GateLimits SessionContext::gate_limits() const {
    return {options.limits.head_bytes, options.limits.head_fields, options.limits.target_bytes};
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
