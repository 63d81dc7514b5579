// How a time is said: the one renderer (design §4.7). Mail, pages and descriptions all come here.
// 24-hour HH:MM, always with the zone; the reader's clock first, the event's beside it when it differs; a different
// date and a clock change in between are said in words. Any thread; pure. Languages: those of the catalogues
// ("en", "fr", "de"); an unknown one gets English.
#pragma once

#include "calendar/schedule.hpp"

#include <string>
#include <vector>

namespace convoke::calendar {

struct WhenWords {
    // "Wednesday 17 June 2026, 09:00–11:30 (Dublin, UTC+1)"; for a window "in October 2026, date to be confirmed".
    std::string reader_clock;
    // "10:00–12:30 (Brussels, UTC+2)" (with the date where it differs); "" when the reader's zone is the event's, or there is no hour.
    std::string event_clock;
    // "In Brussels this is already Thursday 18 June." "The clocks change between now and then: on 25 October they go back one hour." …
    std::vector<std::string> notes;
    // For lists and subjects: "17 June 2026, 09:00 (Dublin)", "October 2026 (TBC)", "21–22 May 2026".
    std::string brief;
    // HTML <time datetime> value: RFC 3339 instant, date, or "" for a window.
    std::string machine;
};

WhenWords say_when(Schedule const& schedule, std::string_view reader_zone, std::string_view language, sys_seconds now);

// 'October 2026', '1–12 December 2026', 'Q2 2026', 'November–December 2026': a window, recognising whole months,
// quarters and years, without the words "date to be confirmed".
std::string say_window(Provisional const& window, std::string_view language);

// What a calendar entry's title begins with, "TBC (October 2026): ", and the line that explains it: "Planned for October
// 2026; the date is to be confirmed." Both by how certain the window is.
std::string say_window_title(Provisional const& window, std::string_view language);
std::string say_window_line(Provisional const& window, std::string_view language);

// "17 June 2026, 09:00 (Dublin, UTC+1)": one instant on one clock (deadlines, sign-in links).
std::string say_instant(sys_seconds instant, std::string_view zone, std::string_view language);
// "17 June 2026".
std::string say_date(local_days day, std::string_view language);
// The dates of a series that clocks skip or repeat (series.hpp), one sentence each, and what happens to them: "On 28 March
// 2027 the clocks in Brussels skip 02:30: this date begins at 03:30."
std::vector<std::string> say_touched_dates(Schedule const& schedule, std::string_view language);
// "The rules for clocks in Dublin have changed: …", why an entry moves though nobody moved it.
std::string say_clock_rules_changed(std::string_view zone, std::string_view language);
// "Europe/Dublin" -> "Dublin"; "Atlantic/Azores" -> "Azores".
std::string say_zone(std::string_view zone);

}  // namespace convoke::calendar
