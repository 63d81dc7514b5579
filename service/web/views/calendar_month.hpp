// One month as a table of weeks, for looking: parts/calendar.html. Pure; any thread.
#pragma once

#include "service/web/views/event_words.hpp"

#include <chrono>
#include <optional>
#include <string_view>

namespace convoke::web {

using std::chrono::year_month;

// "2026-10"; nullopt for anything else and for years we do not plan in.
std::optional<year_month> parse_month(std::string_view text);
std::string month_heading(year_month month, std::string_view language);  // "October 2026"

// Today's month, or that of the next event when this month holds nothing more.
year_month month_to_show(std::vector<domain::Event> const& events, Reader const& reader);

// `path`: of the page, for the links to the months before and after.
Data calendar_month(Reader const& reader, std::vector<domain::Event> const& events, year_month month, std::string const& path);

}  // namespace convoke::web
