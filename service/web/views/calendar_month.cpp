#include "service/web/views/calendar_month.hpp"

#include "calendar/words.hpp"

#include <array>
#include <charconv>

namespace convoke::web {

namespace {

using domain::Event;
using namespace std::chrono;

constexpr std::array<std::pair<char const*, char const*>, 7> weekday_names{
    {{"Mon", "Monday"}, {"Tue", "Tuesday"}, {"Wed", "Wednesday"}, {"Thu", "Thursday"}, {"Fri", "Friday"}, {"Sat", "Saturday"}, {"Sun", "Sunday"}}};
constexpr std::size_t short_title = 18;

local_days first_of(year_month month) { return local_days(month / day{1}); }
local_days last_of(year_month month) { return local_days(year_month_day_last(month.year(), month_day_last(month.month()))); }

std::string name_of(year_month month) { return calendar::format_date(first_of(month)).substr(0, 7); }

// At most so many letters, cut between them, never inside one (UTF-8).
std::string shortened(std::string const& text) {
    std::size_t letters = 0, at = 0;
    for (; at < text.size(); ++at) {
        if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
        if (letters++ == short_title) return text.substr(0, at) + "…";
    }
    return text;
}

struct Days {
    local_days first, last;
};

// The days an event covers on the reader's clock, each occurrence of a series by itself; nothing for a window.
std::vector<Days> days_of(Event const& event, Reader const& reader, year_month month) {
    auto const& schedule = event.definition.schedule;
    if (schedule.provisional()) return {};
    auto const& zone = reader.zone.empty() || schedule.all_day() ? event.zone : reader.zone;
    auto const from = calendar::to_instant(first_of(month) - days{1}, zone), to = calendar::to_instant(last_of(month) + days{2}, zone);
    std::vector<Days> all;
    for (auto const& occurrence : calendar::occurrences(schedule, from, to, 62)) {
        all.push_back({floor<days>(calendar::to_local(occurrence.span.start, zone).local),
                       floor<days>(calendar::to_local(occurrence.span.end - seconds{1}, zone).local)});
    }
    return all;
}

Data empty_cell() {
    Data cell;
    cell.set("look", "cv-calendar__out").set("number", "").set("events", std::vector<Data>{}).set("machine", "");
    return cell;
}

}  // namespace

std::optional<year_month> parse_month(std::string_view text) {
    auto const day = calendar::parse_date(std::string(text) + "-01");
    if (!day) return std::nullopt;
    auto const date = year_month_day{*day};
    if (date.year() < year{2000} || date.year() > year{2037}) return std::nullopt;
    return date.year() / date.month();
}

std::string month_heading(year_month month, std::string_view language) {
    return calendar::say_window({first_of(month), last_of(month)}, language);
}

year_month month_to_show(std::vector<Event> const& events, Reader const& reader) {
    auto const today = year_month_day{floor<days>(calendar::to_local(reader.now, reader.zone.empty() ? "UTC" : reader.zone).local)};
    year_month const current = today.year() / today.month();
    std::optional<year_month> next;
    for (auto const& event : events) {
        if (is_over(event, reader.now)) continue;
        auto const date = year_month_day{day_in_list(event, reader.zone, reader.now)};
        auto const month = std::max(current, date.year() / date.month());
        if (!next || month < *next) next = month;
    }
    return next.value_or(current);
}

Data calendar_month(Reader const& reader, std::vector<Event> const& events, year_month month, std::string const& path) {
    local_days const first = first_of(month), last = last_of(month);
    auto const today = floor<days>(calendar::to_local(reader.now, reader.zone.empty() ? "UTC" : reader.zone).local);

    std::map<local_days, std::vector<Data>> by_day;
    std::vector<Data> windows;
    for (auto const& event : events) {
        if (event.state == domain::EventState::cancelled) continue;
        Data link;
        link.set("href", event_path(event.id)).set("title", event.definition.title).set("short", shortened(event.definition.title));
        if (auto const* window = std::get_if<calendar::Provisional>(&event.definition.schedule.when)) {
            if (window->latest < first || window->earliest > last) continue;
            link.set("when", calendar::say_window(*window, reader.say.language()));
            windows.push_back(link);
            continue;
        }
        for (auto const& covered : days_of(event, reader, month))
            for (auto day = std::max(covered.first, first); day <= std::min(covered.last, last); day += days{1}) by_day[day].push_back(link);
    }

    std::vector<Data> weeks, week;
    auto const end_week = [&] {
        Data row;
        row.set("days", std::exchange(week, {}));
        weeks.push_back(row);
    };
    for (unsigned blank = 1; blank < weekday{first}.iso_encoding(); ++blank) week.push_back(empty_cell());
    for (auto day = first; day <= last; day += days{1}) {
        auto const found = by_day.find(day);
        bool const busy = found != by_day.end();
        Data cell;
        cell.set("look", std::string(busy ? "cv-calendar__busy" : "") + (day == today ? " cv-calendar__today" : ""));
        cell.set("number", std::to_string(static_cast<unsigned>(year_month_day{day}.day()))).set("machine", calendar::format_date(day));
        cell.set("events", busy ? found->second : std::vector<Data>{});
        week.push_back(cell);
        if (week.size() == 7) end_week();
    }
    while (!week.empty() && week.size() < 7) week.push_back(empty_cell());
    if (!week.empty()) end_week();

    std::vector<Data> weekdays;
    for (auto const& [brief, full] : weekday_names) {
        Data day;
        day.set("short", reader.say(brief)).set("name", reader.say(full));
        weekdays.push_back(day);
    }
    auto const before = month - months{1}, after = month + months{1};
    Data data;
    data.set("heading", month_heading(month, reader.say.language())).set("weekdays", weekdays).set("weeks", weeks);
    data.set("windows", windows).set("has_windows", !windows.empty());
    data.set("previous", month_heading(before, reader.say.language())).set("next", month_heading(after, reader.say.language()));
    data.set("previous_href", path + "?month=" + name_of(before) + "#calendar").set("next_href", path + "?month=" + name_of(after) + "#calendar");
    return data;
}

}  // namespace convoke::web
