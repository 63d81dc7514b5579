// ISO 8601 durations as RFC 5545 §3.3.6 and RFC 8984 §1.4.6 use them: nominal days, exact time.
// Any thread; plain values.
#pragma once

#include "calendar/failure.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace convoke::calendar {

struct Duration {
    int days = 0;                  // nominal: the same wall time so many dates later (weeks count as 7)
    std::chrono::seconds time{0};  // elapsed time, added after the days

    friend bool operator==(Duration const&, Duration const&) = default;
};

// "PT2H30M", "P1DT8H", "P2W". No sign, no years or months, at most 366 days in all.
// errc::invalid_duration says what is wrong and gives an example.
result<Duration> parse_duration(std::string_view text);

// The shortest form: "PT2H30M", "P2D", "PT0S".
std::string format_duration(Duration const& duration);

// The length in seconds with a day taken as 24 hours: for reminder offsets, never for an event's end.
std::chrono::seconds approximate_length(Duration const& duration);

}  // namespace convoke::calendar
