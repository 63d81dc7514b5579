// How a zone's offset changes over a window, and which VTIMEZONE says it. Inside this room. Any thread; cached by zone.
#pragma once

#include "calendar/zone_files.hpp"

namespace convoke::calendar {

enum class ZoneForm {
    unchanging,  // one STANDARD
    yearly,      // one STANDARD and one DAYLIGHT with a rule each
    irregular,   // neither describes the window
};
ZoneForm zone_form(std::string_view zone, sys_seconds from, sys_seconds to);

// Whether the offset changes after `from` and not after `to`.
bool offset_changes(std::string_view zone, sys_seconds from, sys_seconds to);

// The last change of offset after `from` and not after `to`.
struct OffsetChange {
    sys_seconds at;
    seconds before, after;
    friend bool operator==(OffsetChange const&, OffsetChange const&) = default;
};
std::optional<OffsetChange> last_offset_change(std::string_view zone, sys_seconds from, sys_seconds to);
std::optional<OffsetChange> first_offset_change(std::string_view zone, sys_seconds from, sys_seconds to);

// The tz database calls winter the exception there (Europe/Dublin).
bool summer_is_standard(std::string_view zone);

// "+0100"
std::string ical_offset(seconds offset);

}  // namespace convoke::calendar
