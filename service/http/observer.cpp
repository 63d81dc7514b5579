#include "service/http/observer.hpp"

#include "service/core/log.hpp"

#include <algorithm>

namespace convoke::http {
namespace {

// A literal, whatever was sent.
std::string_view known_method(std::string_view method) {
    for (std::string_view const known : {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
        if (method == known) return known;
    return "other";
}

}  // namespace

void log_exchange(Exchange const& exchange) {
    if (!exchange.log) return;
    core::log::access("http", "request",
                      {{"method", exchange.method},
                       {"route", exchange.route},
                       {"status", exchange.status},
                       {"bytes", exchange.bytes},
                       {"us", exchange.took.count()},
                       {"id", exchange.request_id}});
}

void RequestMetrics::observe(Exchange const& exchange) {
    auto const name = exchange.route.empty() ? std::string_view("none") : exchange.route;
    auto const method = known_method(exchange.method);
    double const seconds = static_cast<double>(exchange.took.count()) / 1e6;
    auto const bucket = static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), seconds) - bounds.begin());
    std::lock_guard const lock(mutex_);
    auto found = routes_.find(name);
    if (found == routes_.end()) found = routes_.emplace(std::string(name), Route{}).first;
    Route& route = found->second;
    ++route.answers[{method, exchange.status}];
    ++route.times[bucket];
    route.microseconds += static_cast<std::uint64_t>(exchange.took.count());
    bytes_ += exchange.bytes;
}

void RequestMetrics::write(core::MetricsText& text) const {
    std::lock_guard const lock(mutex_);
    text.family("convoke_http_requests_total", "counter", "Answered requests by route (none: no route matched), method and status.");
    for (auto const& [name, route] : routes_)
        for (auto const& [key, count] : route.answers)
            text.sample("", {{"route", name}, {"method", key.first}, {"status", std::to_string(key.second)}}, count);
    text.family("convoke_http_request_seconds", "histogram", "Time from the head of a request to the end of its answer.");
    for (auto const& [name, route] : routes_)
        text.histogram({{"route", name}}, bounds, route.times, static_cast<double>(route.microseconds) / 1e6);
    text.counter("convoke_http_response_bytes_total", "Bytes of response bodies.", bytes_);
}

}  // namespace convoke::http
