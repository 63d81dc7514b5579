// A VTIMEZONE that came with a text, as a function from local time to offset. Inside this room.
// Only yearly rules are understood; they are asked for single years, never expanded.
#pragma once

#include "calendar/schedule.hpp"

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace convoke::calendar {

struct Observance {
    local_seconds start;            // local time with the offset before
    seconds from{0}, to{0};
    std::vector<local_seconds> dates;         // RDATE
    std::optional<RecurrenceRule> rule;       // yearly
    std::optional<sys_seconds> until;
    // What the rule gives in a year, once asked: a hostile calendar asks for thousands of times.
    mutable std::map<int, std::vector<local_seconds>> by_year;
    std::shared_ptr<std::int64_t> work;  // the zone's
};

// One thread: answers are remembered inside.
struct EmbeddedZone {
    static constexpr std::size_t most_observances = 100, most_dates = 400, most_offsets = 20;
    // Years looked at; looking at one for the first time counts as many. Some tens of milliseconds, for all zones of a text.
    static constexpr std::int64_t most_work = 400'000, first_look = 300;

    std::vector<Observance> observances;
    bool understood = true;  // false: the name has to say what is meant

    explicit EmbeddedZone(std::shared_ptr<std::int64_t> work = std::make_shared<std::int64_t>(most_work)) : work_(std::move(work)) {}

    // False when it is full.
    bool add(Observance observance);
    // Nothing more is answered: the text asks for more work than any calendar needs.
    bool exhausted() const { return *work_ <= 0; }

    // RFC 5545 §3.3.5 for times that do not exist or exist twice. None when nothing says so.
    std::optional<sys_seconds> instant(local_seconds local) const;
    std::optional<seconds> offset_at(sys_seconds instant) const;

private:
    std::shared_ptr<std::int64_t> work_;
    std::set<seconds> offsets_;
    std::size_t dates_ = 0;
};

struct ContentNode;
using EmbeddedZones = std::map<std::string, EmbeddedZone, std::less<>>;  // by TZID
// The VTIMEZONEs of a VCALENDAR, at most 100; one that cannot be understood whole says nothing.
EmbeddedZones embedded_zones(ContentNode const& calendar);

// RRULE text as RFC 5545 §3.3.10 writes it; none for what RecurrenceRule cannot hold. `until_utc`: an UNTIL with Z.
std::optional<RecurrenceRule> parse_rule(std::string_view text, std::optional<sys_seconds>* until_utc = nullptr);

// "20260617T100000", "20260617": the local part, without a Z.
std::optional<local_seconds> parse_stamp(std::string_view text);

}  // namespace convoke::calendar
