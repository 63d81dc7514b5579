// Token buckets by key, in bounded memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace convoke::http {

struct RateLimit {
    double per_second = 10;
    double burst = 100;               // tokens a new key starts with
    std::size_t keys = 100'000;       // beyond it the key seen longest ago is forgotten
};

// Any thread. Time is a parameter: a monotonic instant.
class RateLimiter {
public:
    using Instant = std::chrono::steady_clock::time_point;

    explicit RateLimiter(RateLimit limit) : limit_(limit) {}

    // Takes one token. nullopt: go on; else how long until there is one (rounded up, at least 1 s).
    std::optional<std::chrono::seconds> take(std::string_view key, Instant now);

    std::size_t keys() const;

private:
    struct Bucket { std::string key; double tokens; Instant seen; };
    RateLimit limit_;
    mutable std::mutex mutex_;
    std::list<Bucket> recent_;  // the one used last is in front
    std::unordered_map<std::string_view, std::list<Bucket>::iterator> index_;
};

}  // namespace convoke::http
