// VTIMEZONE text of our own (interop.md §5): plain IANA TZID, at most one STANDARD and one DAYLIGHT, rules without
// UNTIL, positive daylight saving (Europe/Dublin), no history, no X- properties (dateutil refuses them).
// Any thread; results are cached by zone and window.
#pragma once

#include "calendar/zone.hpp"

#include <string>

namespace convoke::calendar {

// Right for every instant in [from, to]. Irregular zones (Casablanca, Cairo …) get one fixed offset, the one at `from`.
std::string vtimezone_text(std::string_view zone, sys_seconds from, sys_seconds to);

}  // namespace convoke::calendar
