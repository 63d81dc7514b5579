#include "service/http/rate_limit.hpp"

#include <algorithm>
#include <cmath>

namespace convoke::http {

std::optional<std::chrono::seconds> RateLimiter::take(std::string_view key, Instant now) {
    std::lock_guard const lock(mutex_);
    auto found = index_.find(key);
    if (found == index_.end()) {
        if (recent_.size() >= limit_.keys && !recent_.empty()) {
            index_.erase(recent_.back().key);
            recent_.pop_back();
        }
        recent_.push_front({std::string(key), limit_.burst, now});
        found = index_.emplace(recent_.front().key, recent_.begin()).first;
    } else {
        recent_.splice(recent_.begin(), recent_, found->second);
    }
    auto& bucket = *found->second;
    auto const passed = std::chrono::duration<double>(std::max(now - bucket.seen, Instant::duration::zero())).count();
    bucket.tokens = std::min(limit_.burst, bucket.tokens + passed * limit_.per_second);
    bucket.seen = std::max(bucket.seen, now);
    if (bucket.tokens >= 1) {
        bucket.tokens -= 1;
        return std::nullopt;
    }
    auto const wait = limit_.per_second > 0 ? (1 - bucket.tokens) / limit_.per_second : 3600.0;
    return std::chrono::seconds(std::clamp(static_cast<long>(std::ceil(wait)), 1L, 3600L));
}

std::size_t RateLimiter::keys() const {
    std::lock_guard const lock(mutex_);
    return recent_.size();
}

}  // namespace convoke::http
