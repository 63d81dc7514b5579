// An entry as a JSCalendar Event (RFC 8984), application/jscalendar+json;type=event. Any thread; pure.
#pragma once

#include "calendar/entry.hpp"

#include <string>

namespace convoke::calendar {

// A provisional entry is a tentative, free span of whole days over its window with the keyword PROVISIONAL, as in a feed.
// `locale` is Entry::language; `location` becomes the one Location, `conference_uri` the one VirtualLocation.
std::string jscalendar_text(Entry const& entry);

// The same back: read_jscalendar(jscalendar_text(entry)) is the entry, but for its alarm, the zone names UTC and Etc/UTC,
// and what status and keyword make of a window. Takes an Event with one rule, one place, one online room and one link;
// every other member of RFC 8984, and everything check_schedule() refuses, is a fault with its JSON pointer (errc::
// unknown_field, wrong_type, recurrence_not_supported …). At most 256 KiB, 16 deep.
result<Entry> read_jscalendar(std::string_view text);

}  // namespace convoke::calendar
