// What calendars show to whom. Queries only; a feed never drops an event silently (design §4.9).
#pragma once

#include "service/domain/entry.hpp"
#include "service/domain/community.hpp"
#include "service/store/feed_fetches.hpp"
#include "service/usecases/context.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::usecases {

struct CalendarView {
    calendar::FeedHead head;
    std::vector<calendar::Entry> entries;
};

// A member's own feed: everything that concerns them, from three months back to the last thing planned; cancelled
// events for 30 days. errc::not_found for a token that is wrong, revoked or of a person who is gone.
result<CalendarView> feed_of_person(Transaction& tx, Context const& context, std::string_view token);
// A community's public feed: no join links, no names.
result<CalendarView> feed_of_community(Transaction& tx, Context const& context, std::string_view slug);
// One public event.
result<CalendarView> feed_of_event(Transaction& tx, Context const& context, std::int64_t event_id);

// What a member may choose. `alarm`: a name of feed_alarms, "" for none.
struct FeedChoices {
    bool provisional = true;
    std::string alarm;
};
inline constexpr std::pair<std::string_view, calendar::seconds> feed_alarms[] = {
    {"PT15M", std::chrono::minutes(15)}, {"PT1H", std::chrono::hours(1)}, {"P1D", std::chrono::days(1)}};
bool is_feed_choice(FeedChoices const& choices);
// By the person or an administrator. errc: not_found, invalid_value.
result<domain::Person> choose_feed(Transaction& tx, Context const& context, std::int64_t person_id, FeedChoices const& choices);

using store::FeedFetch;
// When and by which program members' feeds were fetched; the latest is kept, of people who are still there.
void note_fetches(Transaction& tx, std::span<FeedFetch const> fetches);
std::optional<FeedFetch> last_fetch(Transaction& tx, std::int64_t person_id);

}  // namespace convoke::usecases
