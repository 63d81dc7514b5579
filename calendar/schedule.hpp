// When an event happens: a fixed time, whole days, a provisional window, each of the first two perhaps recurring.
// Wall time and zone are what is kept; instants are computed. Any thread; plain values.
#pragma once

#include "calendar/duration.hpp"
#include "calendar/zone.hpp"

#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace convoke::calendar {

// A window of days in which the event will fall, both ends included: 'October 2026 (TBC)' is 1–31 October.
struct Provisional {
    enum class Certainty { idea, to_be_confirmed, confirmed };  // confirmed: in this window, on a day still to be named
    local_days earliest, latest;
    Certainty certainty = Certainty::to_be_confirmed;
    friend bool operator==(Provisional const&, Provisional const&) = default;
};

// Dates without an hour; `zone` says whose dates (for reminders and clocks), iCalendar gets VALUE=DATE.
struct AllDay {
    local_days first;
    int days = 1;
    std::string zone;
    friend bool operator==(AllDay const&, AllDay const&) = default;
};

struct Fixed {
    local_seconds start;
    std::string zone;
    Duration duration;
    friend bool operator==(Fixed const&, Fixed const&) = default;
};

// RFC 5545 §3.3.10 / RFC 8984 §4.3.3, the part we take: DAILY to YEARLY.
struct RecurrenceRule {
    enum class Frequency { daily, weekly, monthly, yearly } frequency = Frequency::weekly;
    int interval = 1;
    std::optional<int> count;
    std::optional<local_seconds> until;  // wall time in the event's zone, inclusive
    struct Day {
        int nth = 0;          // 0: every; 1…5, -1…-5
        unsigned weekday = 0;  // ISO: 1 Monday … 7 Sunday
        friend bool operator==(Day const&, Day const&) = default;
    };
    std::vector<Day> by_day;
    std::vector<int> by_month_day;
    std::vector<int> by_month;
    std::vector<int> by_set_position;
    friend bool operator==(RecurrenceRule const&, RecurrenceRule const&) = default;
};

// What differs in one occurrence, keyed by the wall time it would have had. A key that the rule does not give adds an
// occurrence (RFC 8984 §4.3.5, RDATE in RFC 5545).
struct Override {
    bool excluded = false;
    std::optional<local_seconds> start;
    std::optional<Duration> duration;
    std::optional<std::string> title;
    std::optional<std::string> place;  // in words, instead of the event's
    friend bool operator==(Override const&, Override const&) = default;
};

struct Recurrence {
    std::vector<RecurrenceRule> rules;              // RFC 8984 allows several; we take exactly one
    std::map<local_seconds, Override> overrides;
    friend bool operator==(Recurrence const&, Recurrence const&) = default;
};

struct Schedule {
    std::variant<Provisional, AllDay, Fixed> when;
    std::optional<Recurrence> recurrence;  // never with Provisional

    bool provisional() const { return std::holds_alternative<Provisional>(when); }
    bool all_day() const { return std::holds_alternative<AllDay>(when); }
    bool fixed() const { return std::holds_alternative<Fixed>(when); }
    friend bool operator==(Schedule const&, Schedule const&) = default;
};

// Everything that must hold before a schedule is stored: zone known, start unambiguous, duration positive and
// at most 366 days, window in order and at most 2 years, end before 2038, rule bounded (at most 1,000 occurrences,
// at most 10 years, additions counted) and never empty. Pointers in the faults are relative to the event object ("/start",
// "/timeZone", "/duration", "/recurrenceRules/0/count", "/provisional/latest").
result<void> check_schedule(Schedule const& schedule);

struct Span {
    sys_seconds start, end;  // end exclusive
};
// The start as written; the first instant's for a recurring one, whatever its overrides say. Not for a provisional one.
local_seconds start_of(Schedule const& schedule);

// First start to end of the first occurrence. Days end at local midnight; a provisional window spans whole days in `zone`.
Span first_span(Schedule const& schedule, std::string_view zone_for_windows);

struct Occurrence {
    local_seconds id;  // the wall time the rule gives (RECURRENCE-ID)
    Span span;
    std::optional<std::string> title, place;
};
// Occurrences that end after `from` and start before `to`, in order, at most `limit`; overrides applied. One for a
// schedule without recurrence, none for a provisional one. Expanded in floating time, then placed in the zone
// (RFC 5545 §3.3.5 for gaps and folds).
std::vector<Occurrence> occurrences(Schedule const& schedule, sys_seconds from, sys_seconds to, std::size_t limit);

// The zone the schedule is in; "" for a provisional one.
std::string const& zone_of(Schedule const& schedule);

}  // namespace convoke::calendar
