#include "service/http/observer.hpp"

#include "service/core/log.hpp"

#include <cstdio>

namespace convoke::http {
namespace {

std::string label(std::string_view route) { return route.empty() ? "none" : std::string(route); }

}  // namespace

void log_exchange(Exchange const& exchange) {
    if (!exchange.log) return;
    core::log::info("http", "request",
                    {{"method", exchange.method},
                     {"route", exchange.route},
                     {"status", exchange.status},
                     {"bytes", exchange.bytes},
                     {"us", exchange.took.count()},
                     {"id", exchange.request_id}});
}

void RequestMetrics::observe(Exchange const& exchange) {
    auto const route = label(exchange.route);
    std::lock_guard const lock(mutex_);
    ++requests_[{route, exchange.status}];
    auto& time = times_[route];
    ++time.count;
    time.microseconds += static_cast<std::uint64_t>(exchange.took.count());
}

std::string RequestMetrics::render() const {
    std::lock_guard const lock(mutex_);
    std::string text = "# HELP convoke_http_requests_total Answered requests.\n"
                       "# TYPE convoke_http_requests_total counter\n";
    for (auto const& [key, count] : requests_) {
        text += "convoke_http_requests_total{route=\"" + key.first + "\",status=\"" + std::to_string(key.second) +
                "\"} " + std::to_string(count) + '\n';
    }
    text += "# HELP convoke_http_request_seconds Time from the head of a request to the end of its answer.\n"
            "# TYPE convoke_http_request_seconds summary\n";
    for (auto const& [route, time] : times_) {
        char seconds[32];
        std::snprintf(seconds, sizeof seconds, "%.6f", static_cast<double>(time.microseconds) / 1e6);
        text += "convoke_http_request_seconds_sum{route=\"" + route + "\"} " + seconds + '\n';
        text += "convoke_http_request_seconds_count{route=\"" + route + "\"} " + std::to_string(time.count) + '\n';
    }
    return text;
}

}  // namespace convoke::http
