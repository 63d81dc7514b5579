// Statements on feed_fetch: who fetched a member's feed last. Inside a transaction only; no rules here.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace convoke::store {

struct FeedFetch {
    std::int64_t person_id = 0;
    calendar::sys_seconds at;
    std::string client;  // a family of programs, nothing that tells people apart
};

// Keeps the later one of what is there and what is given. The person must be there.
void note_feed_fetch(Transaction& tx, FeedFetch const& fetch);
std::optional<FeedFetch> find_feed_fetch(Transaction& tx, std::int64_t person_id);
void erase_feed_fetch(Transaction& tx, std::int64_t person_id);

}  // namespace convoke::store
