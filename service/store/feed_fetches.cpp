#include "service/store/feed_fetches.hpp"

#include "service/store/instants.hpp"

namespace convoke::store {

void note_feed_fetch(Transaction& tx, FeedFetch const& fetch) {
    tx.execute("INSERT INTO feed_fetch (person_id, fetched_at, client) VALUES ($1, $2, $3) "
               "ON CONFLICT (person_id) DO UPDATE SET fetched_at = excluded.fetched_at, client = excluded.client "
               "WHERE excluded.fetched_at > feed_fetch.fetched_at",
               {fetch.person_id, seconds_of(fetch.at), fetch.client});
}

std::optional<FeedFetch> find_feed_fetch(Transaction& tx, std::int64_t person_id) {
    auto const rows = tx.query("SELECT fetched_at, client FROM feed_fetch WHERE person_id = $1", {person_id});
    if (rows.empty()) return std::nullopt;
    return FeedFetch{person_id, instant_of(rows[0].integer(0)), rows[0].text(1)};
}

void erase_feed_fetch(Transaction& tx, std::int64_t person_id) {
    tx.execute("DELETE FROM feed_fetch WHERE person_id = $1", {person_id});
}

}  // namespace convoke::store
