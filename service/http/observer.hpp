// What is told about each answered request: the access log line and the metrics are made from it.
#pragma once

#include "service/core/metrics_text.hpp"
#include "service/http/message.hpp"

#include <array>
#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <utility>

namespace convoke::http {

// Never holds the raw path, a query, an address or a token.
struct Exchange {
    std::string_view method;  // "" when the request line was unreadable
    std::string_view route;   // the pattern, "" when none matched
    int status = 0;
    std::uint64_t bytes = 0;  // of the response's body
    std::chrono::microseconds took{0};  // from the complete head to the last byte written
    std::string_view request_id;
    bool log = true;          // the route wants an access log line
};

// Called on the connection's loop, concurrently for different connections. Must not throw or block.
using Observer = std::function<void(Exchange const&)>;

// Writes the access log line through core/log.
void log_exchange(Exchange const& exchange);

// Requests by route, method and status, and how long they took by route. The sets of labels are bounded: routes are
// patterns, methods are those we know. Any thread.
class RequestMetrics {
public:
    void observe(Exchange const& exchange);
    // convoke_http_requests_total{route,method,status}, convoke_http_request_seconds{route} (a histogram),
    // convoke_http_response_bytes_total.
    void write(core::MetricsText& text) const;

private:
    static constexpr std::array<double, 12> bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10};
    struct Route {
        std::map<std::pair<std::string_view, int>, std::uint64_t> answers;  // by method (a literal) and status
        std::array<std::uint64_t, bounds.size() + 1> times{};
        std::uint64_t microseconds = 0;
    };
    mutable std::mutex mutex_;
    std::map<std::string, Route, std::less<>> routes_;
    std::uint64_t bytes_ = 0;
};

}  // namespace convoke::http
