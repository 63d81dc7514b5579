// What is told about each answered request: the access log line and the metrics are made from it.
#pragma once

#include "service/http/message.hpp"

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

// Counts by route and status, sums of time by route. Any thread.
class RequestMetrics {
public:
    void observe(Exchange const& exchange);
    // Prometheus text format: convoke_http_requests_total{route,status},
    // convoke_http_request_seconds_{sum,count}{route}.
    std::string render() const;

private:
    struct Time { std::uint64_t count = 0; std::uint64_t microseconds = 0; };
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::uint64_t> requests_;
    std::map<std::string, Time> times_;
};

}  // namespace convoke::http
