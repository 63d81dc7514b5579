// A VTIMEZONE that came with a text, as a function from local time to offset. Inside this room.
// Only yearly rules are understood; nothing is expanded over more than three years.
#pragma once

#include "calendar/schedule.hpp"

#include <map>
#include <optional>

namespace convoke::calendar {

struct Observance {
    local_seconds start;            // local time with the offset before
    seconds from{0}, to{0};
    std::vector<local_seconds> dates;         // RDATE
    std::optional<RecurrenceRule> rule;       // yearly
    std::optional<sys_seconds> until;
};

struct EmbeddedZone {
    std::vector<Observance> observances;
    bool understood = true;

    // RFC 5545 §3.3.5 for times that do not exist or exist twice. None when nothing says so.
    std::optional<sys_seconds> instant(local_seconds local) const;
    std::optional<seconds> offset_at(sys_seconds instant) const;
};

// RRULE text as RFC 5545 §3.3.10 writes it; none for what RecurrenceRule cannot hold. `until_utc`: an UNTIL with Z.
std::optional<RecurrenceRule> parse_rule(std::string_view text, std::optional<sys_seconds>* until_utc = nullptr);

// "20260617T100000", "20260617": the local part, without a Z.
std::optional<local_seconds> parse_stamp(std::string_view text);

}  // namespace convoke::calendar
