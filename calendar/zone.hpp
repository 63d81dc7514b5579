// Time zones: local wall time <-> instant, from the system's tz database through Hinnant's date/tz.
// The one source of zone truth; libical's and ICU's own tables are never asked.
// Any thread. Years 1970–2037 (date/tz ignores the footer rule after that; read_local refuses later).
#pragma once

#include "calendar/failure.hpp"

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::calendar {

using std::chrono::local_days;
using std::chrono::local_seconds;
using std::chrono::seconds;
using std::chrono::sys_seconds;

// Canonical names and links ("Europe/Amsterdam") alike; case-sensitive; never a path, never "CEST" or "GMT+1".
bool zone_exists(std::string_view name);

// errc::unknown_time_zone, with the nearest names in the detail ("Europe/Brusels": did you mean Europe/Brussels?).
result<void> check_zone(std::string_view name);

// What a wall time means in a zone.
struct LocalReading {
    enum class Kind { unique, gap, fold } kind = Kind::unique;
    sys_seconds instant;      // RFC 5545 §3.3.5: in a gap with the offset before it, in a fold the first pass
    sys_seconds other;        // fold: the second pass; gap: with the offset after it; unique: = instant
    seconds offset, other_offset;  // UTC offsets belonging to the two
};
result<LocalReading> read_local(local_seconds local, std::string_view zone);

// read_local without the choice: for times that were checked when they came in. Throws for an unknown zone.
sys_seconds to_instant(local_seconds local, std::string_view zone);

// Refuses what does not exist or exists twice (errc::local_time_does_not_exist, local_time_ambiguous), with
// both readings in the detail and, machine-readable, in arguments "earlier" and "later" (RFC 3339 with offsets).
result<sys_seconds> unambiguous_instant(local_seconds local, std::string_view zone);

struct LocalMoment {
    local_seconds local;
    seconds offset;            // east of Greenwich
    std::string abbreviation;  // "CET", "+03"
    bool daylight_saving;
};
LocalMoment to_local(sys_seconds instant, std::string_view zone);

// What the tz database says of a zone's clock changes from 2020 to 2037, as 16 hexadecimal digits: another mark, other
// instants. Packing and older history do not count.
std::string zone_mark(std::string_view zone);

// "+01:00"; "UTC+1" is words.hpp's business.
std::string format_offset(seconds offset);

std::vector<std::string> nearest_zones(std::string_view name, std::size_t count);

// The zone most people of a country live in ("IE" -> "Europe/Dublin"), from the tz database's zone table
// (tzdata.zi/zone1970.tab); "" when unknown. ISO 3166-1 alpha-2.
std::string zone_of_country(std::string_view country);

// "2026-06-17T10:00:00" <-> local_seconds (RFC 8984 LocalDateTime); "2026-06-17" <-> local_days.
// errc::invalid_date for 2026-02-30, year 0 or 10000, a missing T, a zone suffix.
result<local_seconds> parse_local(std::string_view text);
result<local_days> parse_date(std::string_view text);
std::string format_local(local_seconds local);
std::string format_date(local_days day);
// RFC 3339 in UTC: "2026-06-17T08:00:00Z".
std::string format_instant(sys_seconds instant);

}  // namespace convoke::calendar
