// The words a language has for dates and clocks. Inside this room. Any thread; constant tables, no locale files:
// the same text on every machine.
#pragma once

#include "calendar/zone.hpp"

#include <array>
#include <initializer_list>

namespace convoke::calendar {

struct Language {
    std::array<std::string_view, 12> months;
    std::array<std::string_view, 7> weekdays;  // Monday first
    // Parts of a date. {0} day, {1} month, {2} year, {3} weekday.
    std::string_view day_number;        // "{0}" or "{0}."
    std::string_view first_day_number;  // the first of a month
    std::string_view date;              // of day_number, month and year
    std::string_view date_of_year;      // without the year
    std::string_view weekday_date, weekday_date_of_year;
    std::string_view quarter;           // {0} 1–4, {1} year
    // A window, {0} as say_window has it.
    std::string_view window_of_month, window_of_quarter, window_of_year, window_of_day;
    std::string_view window_of_days;    // {0} first, {1} last
    // By certainty: an idea, to be confirmed, confirmed. {0} the window; behind it, of several days and of one; the title
    // and the line that a calendar entry gets, {0} the window.
    std::array<std::string_view, 3> brief_window, date_open, hour_open, entry_title, entry_line;
    // {0} zone, {1} date
    std::string_view date_already, date_still;
    std::string_view ends_on;           // the end alone is on another date
    // {0} date, {1} how much; {2} zone
    std::string_view clocks_forward, clocks_back, clocks_forward_in, clocks_back_in;
    std::string_view one_hour, hours, minutes;
    // {0} how many, {1} first date, {2} last date
    std::string_view series;
    // {0} date, {1} how much, {2} zone: a clock change between the dates of a series
    std::string_view series_forward, series_back;
    std::string_view reader_forward, reader_back;  // the reader's clocks alone: {2} the reader's zone
    std::string_view date_skipped, date_repeated;  // {0} date, {1} its hour, {2} the hour at which it begins, {3} zone
    std::string_view clock_rules;  // {0} zone
    std::string_view offset_then;  // {0}, {1}: the offset changes while the event lasts
};

// "en", "fr", "de", and with a region ("fr-BE"); English for everything else.
Language const& language_of(std::string_view tag);

std::string filled(std::string_view pattern, std::initializer_list<std::string_view> values);

std::string day_text(Language const& language, local_days day);              // "17", "1er", "17."
std::string month_text(Language const& language, local_days day);            // "June"
std::string date_text(Language const& language, local_days day);             // "17 June 2026"
std::string date_of_year_text(Language const& language, local_days day);     // "17 June"
std::string weekday_date_text(Language const& language, local_days day);     // "Wednesday 17 June 2026"
std::string weekday_date_of_year_text(Language const& language, local_days day);

}  // namespace convoke::calendar
