// When reminders are due (design §4.4). Pure; any thread.
#pragma once

#include "calendar/duration.hpp"
#include "calendar/failure.hpp"
#include "calendar/zone.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

using calendar::sys_seconds;

// "P14D", "PT1H", "P1DT2H": longer than nothing, at most 365 days. errc::reminder_offset names the range.
result<calendar::Duration> parse_offset(std::string_view text);

// Days are nominal: the same wall time so many dates earlier in the event's zone, also across a clock change; then the
// time part is taken off exactly. A wall time that does not exist counts as RFC 5545 §3.3.5 reads it.
sys_seconds reminder_due(calendar::Duration const& offset, sys_seconds start, std::string_view zone);

struct Reminder {
    std::string offset;  // as written in the settings or the event: part of the unique key
    sys_seconds due;
    friend bool operator==(Reminder const&, Reminder const&) = default;
};

// Earliest first, one per offset; equal due times keep the first. Offsets that do not parse are left out: they were
// refused when they came in.
std::vector<Reminder> reminders_of(std::span<std::string const> offsets, sys_seconds start, std::string_view zone);

// Of those due by `now` the one that still makes sense: the latest, and none once the event has started.
// `since` (registration, publication): what was due before that is not made up for, the event's own mail has just said it.
std::optional<Reminder> reminder_to_send(std::span<std::string const> offsets, sys_seconds start, std::string_view zone,
                                         sys_seconds since, sys_seconds now);

// The next one after `now`: for forecasts and for the planner's sleep.
std::optional<Reminder> next_reminder(std::span<std::string const> offsets, sys_seconds start, std::string_view zone,
                                      sys_seconds now);

}  // namespace convoke::notifications
