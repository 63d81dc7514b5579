// Dates as people write them in work programmes: '4 March 2025', '21–22 May 2025', '1–12 December 2025 (TBC)',
// 'October 2025 (TBC)', 'April' (with the year from outside), 'Q2 2023', 'November/December', '20 March', 'Survey'.
// Hyphens and dashes of every kind, English month names and their usual short forms, any case, ISO dates.
// Nothing is guessed: what is not understood is a Failure (errc::invalid_date) that says what would be understood.
// Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "calendar/zone.hpp"

#include <optional>

namespace convoke::calendar {

struct WrittenDate {
    enum class Kind {
        day,     // one day, or several named ones: '21–22 May 2025' (a day without an hour)
        window,  // a month, a quarter, two months, or anything marked TBC
    } kind = Kind::day;
    local_days first, last;  // both included
    bool tbc = false;
};

// `default_year` stands in where the text names none; without it such a text is refused with a word about --year.
// A span marked (TBC) is a window; a single day marked (TBC) is a window of that one day.
result<WrittenDate> read_written_date(std::string_view text, std::optional<int> default_year);

}  // namespace convoke::calendar
