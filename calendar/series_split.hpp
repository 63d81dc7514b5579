// A series changed from one date on: it is divided, and the rest becomes a series of its own (RFC 8984 §4.1.3, RFC 9253
// §5.1; RANGE=THISANDFUTURE is never written, clients fail on it). Any thread; pure.
#pragma once

#include "calendar/schedule.hpp"

#include <vector>

namespace convoke::calendar {

struct SeriesParts {
    Schedule before;  // ends with the last date before the division
    Schedule after;   // begins with it
};

// Divides at `from`, the wall time that the rule gives the first date of the rest. Between them the parts have every date
// once: COUNT is shared out, UNTIL becomes the last date of the first part, and each override, exclusion and added date
// stays with the part its key falls into.
// Fails with errc::recurrence_invalid (no series), invalid_value (no date, an excluded or an added one) and out_of_range
// (nothing takes place before it).
result<SeriesParts> split_series(Schedule const& schedule, local_seconds from);

// The dates where split_series divides, in order; empty without recurrence.
std::vector<local_seconds> dates_to_split_at(Schedule const& schedule);

// The series as it is when its first date begins at `start` instead: every date moves with it, as do the keys of overrides
// and added dates; as many dates as before, each in its own day, week, month or year after the first. What was chosen by
// hand stays: an override with a `start` keeps its day, and its hour too unless that was the series' own.
// To another day only where one reading is left: a daily rule, a weekly one on one weekday, a monthly or yearly one on one
// day of the month or on one n-th weekday that `start` is as well, and that no month or year lacks.
// errc::recurrence_invalid says which part of the rule contradicts the new day.
result<Schedule> move_series(Schedule const& schedule, local_seconds start);

// How many dates from `from` on have an hour of their own, which move_series leaves to them.
std::size_t dates_with_own_hour(Schedule const& schedule, local_seconds from);

}  // namespace convoke::calendar
