// An entry as a JSCalendar Event (RFC 8984), application/jscalendar+json;type=event. Any thread; pure.
#pragma once

#include "calendar/entry.hpp"

#include <string>

namespace convoke::calendar {

// A provisional entry is a tentative, free span of whole days over its window, as in a feed. `locale` is
// Entry::language; `location` becomes the one Location, `conference_uri` the one VirtualLocation.
std::string jscalendar_text(Entry const& entry);

}  // namespace convoke::calendar
