// What calendars show to whom. Queries only; a feed never drops an event silently (design §4.9).
#pragma once

#include "service/domain/entry.hpp"
#include "service/usecases/context.hpp"

#include <string>
#include <string_view>
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

}  // namespace convoke::usecases
