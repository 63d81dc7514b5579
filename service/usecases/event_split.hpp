// The verb "this and following": a series is divided and its rest becomes an event of its own (RFC 8984 §4.1.3, RFC 9253
// §5.1: the two name each other as next and first). See context.hpp for the rules of verbs.
#pragma once

#include "service/domain/series_split.hpp"
#include "service/usecases/events.hpp"

namespace convoke::usecases {

struct EventSplit {
    calendar::local_seconds from;           // the date that the rest begins with, as the rule gives it
    domain::SplitDefinition definitions;    // of the event as it is now (domain::split_definition)
    std::optional<std::optional<calendar::local_days>> link_due;  // of the rest; outer nullopt: as it was, unless that day is over
};

// The rest, as a new event in the state of the old one. Everybody's registration goes along: state, mode, answers, place in
// line, and a no stays a no; attendance is not marked yet. Who holds the entry gets the shortened series and the new entry,
// both with the answer they gave. The old event keeps its UID.
// errc: event_cancelled; limit_reached (/from) where people hold single dates and would get more than most_date_mails
// cancellations; out_of_range for a date that has begun (/from) or a new start that has passed (/start);
// link_missing, capacity_below_booked and the like as for change_event.
result<Event> split_event(Transaction& tx, Context const& context, std::int64_t id, std::optional<std::int64_t> expected_revision,
                          EventSplit const& split);

// Whom and what a division touches: for the question before it.
struct SplitReach {
    std::int64_t dates = 0;   // from that one on
    std::int64_t people = 0;  // invited, registered or in line
};
result<SplitReach> split_reach(Transaction& tx, Context const& context, std::int64_t id, calendar::local_seconds from);

}  // namespace convoke::usecases
