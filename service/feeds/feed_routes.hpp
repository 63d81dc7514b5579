// Calendars by GET: /feeds/{token}.ics, /c/{slug}/calendar.ics, /e/{id}.ics (design §3 Calendars; interop §7).
#pragma once

#include "service/core/clock.hpp"
#include "service/feeds/feed_cache.hpp"
#include "service/http/rate_limit.hpp"
#include "service/http/router.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <cstdint>
#include <functional>
#include <string_view>

namespace convoke::feeds {

struct FeedServices {
    store::Database& db;
    usecases::Instance const& instance;
    core::Clock const& clock;
    FeedCache& cache;
    // Told of every fetch of a member's feed: the person, and the family of the program. Any thread.
    std::function<void(std::int64_t, std::string_view)> fetched = [](std::int64_t, std::string_view) {};
    // By address (IPv6: /64), counts what is asked for in vain. A right token is answered whatever the count.
    http::RateLimiter misses{{0.5, 30}};
};

// `services` must outlive the router.
void add_feed_routes(http::Router& router, FeedServices& services);

}  // namespace convoke::feeds
