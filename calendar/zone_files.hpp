// The system's tz database as files, for what date/tz does not give: the POSIX footer and the tables.
// Inside this room. Any thread. RFC 9636.
#pragma once

#include "calendar/zone.hpp"

#include <cstdint>
#include <optional>

namespace convoke::calendar {

// "/usr/share/zoneinfo"; where date/tz looks too.
std::string const& zone_directory();

// A day of the year in a POSIX rule: Mm.w.d, at a wall time that may lie before 0 or after 24 h.
struct YearlyDay {
    unsigned month = 0;    // 1–12
    unsigned week = 0;     // 1–5; 5: the last
    unsigned weekday = 0;  // 0 Sunday … 6
    seconds time{7200};

    friend bool operator==(YearlyDay const&, YearlyDay const&) = default;
};

// The footer's rule (POSIX TZ string). Only month rules are understood: no zone in use has another kind.
struct PosixRule {
    std::string standard_name, daylight_name;
    seconds standard{0}, daylight{0};           // offsets east of Greenwich
    std::optional<YearlyDay> starts, ends;      // of daylight time; none: no clock changes
    bool understood = true;
};
PosixRule parse_posix_rule(std::string_view text);
local_seconds wall_time_of(YearlyDay const& day, int year);

struct Transition {
    sys_seconds at;
    seconds before{0}, after{0};
    std::string name;  // abbreviation after
    bool daylight_saving = false;
};

struct ZoneFile {
    std::vector<Transition> transitions;  // in order
    seconds first_offset{0};              // before the first
    std::string first_name;
    PosixRule rule;
};
// Throws for a zone that does not exist or a file that is no TZif version 2 or later.
ZoneFile read_zone_file(std::string_view zone);

}  // namespace convoke::calendar
