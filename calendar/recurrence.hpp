// Which wall times a rule gives (RFC 5545 §3.3.10), in floating time and always bounded. Inside this room.
// Any thread; pure.
#pragma once

#include "calendar/schedule.hpp"

namespace convoke::calendar {

constexpr std::size_t most_occurrences = 1000;
constexpr std::chrono::days longest_series{3653};  // ten years

struct Expansion {
    std::vector<local_seconds> starts;  // in order, at most limit
    // The rule ended by its own count or until; false: it was cut off at the limit or after ten years.
    bool complete = false;
};
// Weeks begin on Monday. The first is the first that the rule gives at or after `start`.
Expansion expand(RecurrenceRule const& rule, local_seconds start, std::size_t limit = most_occurrences);

// The days a rule selects in the year, month, week or day that holds `start` moved by `period` intervals; sorted.
// The same without bounds by start, count and until: VTIMEZONE observances are read with it.
std::vector<local_days> days_of_period(RecurrenceRule const& rule, local_days start, int period);

}  // namespace convoke::calendar
