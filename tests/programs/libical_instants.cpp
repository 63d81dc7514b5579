// Which instants libical 3 finds in calendar texts, by the VTIMEZONEs in them: one JSON string a line in, one object a line out.
//
//   TEXT -> {UID: [[start, end], …]} sorted; seconds since 1970, or "2026-06-17" for dates
//   {"zone": NAME} -> the VTIMEZONE that libical itself would write, without its prefix
#include <libical/ical.h>

#include <boost/json.hpp>

#include <algorithm>
#include <iostream>
#include <map>
#include <memory>
#include <set>
#include <vector>

namespace {

namespace json = boost::json;

struct Found {
    bool date = false;
    long start = 0, end = 0;
};

long seconds_of(icaltimetype time) {
    return time.is_date ? icaltime_as_timet(time) : icaltime_as_timet_with_zone(time, time.zone);
}

json::value shown(bool date, long seconds) {
    if (!date) return seconds;
    icaltimetype const day = icaltime_from_timet_with_zone(seconds, 1, icaltimezone_get_utc_timezone());
    char text[16];
    std::snprintf(text, sizeof text, "%04d-%02d-%02d", day.year, day.month, day.day);
    return json::value(text);
}

struct Series {
    std::vector<Found> master;
    std::set<long> replaced;
    std::vector<Found> changed;
};

void collect(icalcomponent*, icaltime_span* span, void* data) {
    auto& out = *static_cast<std::pair<std::vector<Found>*, bool>*>(data);
    out.first->push_back({out.second, span->start, span->end});
}

std::string owned(char* text) {
    std::string out = text ? text : "";
    icalmemory_free_buffer(text);
    return out;
}

void replace_all(std::string& text, std::string_view from, std::string_view to) {
    for (std::size_t at = text.find(from); at != std::string::npos; at = text.find(from, at + to.size())) text.replace(at, from.size(), to);
}

// libical's rule iterator asks ICU about zones whose names ICU knows, and ICU's copy of them may be years old: in 2026 it
// still skipped the first hour of October for America/Asuncion. Under other names nothing but the text counts.
std::string with_own_names(std::string text) {
    replace_all(text, ";TZID=", ";TZID=own.");
    replace_all(text, "\nTZID:", "\nTZID:own.");
    return text;
}

json::object instants(std::string const& text) {
    std::unique_ptr<icalcomponent, void (*)(icalcomponent*)> const calendar(icalparser_parse_string(text.c_str()), icalcomponent_free);
    if (!calendar) return {{"error", "no calendar"}};
    if (icalcomponent_count_errors(calendar.get()) != 0) return {{"error", "libical found errors"}};
    std::map<std::string, Series> found;
    for (icalcomponent* event = icalcomponent_get_first_component(calendar.get(), ICAL_VEVENT_COMPONENT); event;
         event = icalcomponent_get_next_component(calendar.get(), ICAL_VEVENT_COMPONENT)) {
        Series& series = found[icalcomponent_get_uid(event)];
        icaltimetype const start = icalcomponent_get_dtstart(event), end = icalcomponent_get_dtend(event);
        bool const date = start.is_date;
        if (!date && !start.zone) return {{"error", "a time without a zone"}};
        icalproperty* const instance = icalcomponent_get_first_property(event, ICAL_RECURRENCEID_PROPERTY);
        if (instance) {
            // icalcomponent_get_recurrenceid would ignore the zone.
            series.replaced.insert(seconds_of(icalproperty_get_datetime_with_component(instance, event)));
            series.changed.push_back({date, seconds_of(start), seconds_of(end)});
        } else if (icalcomponent_get_first_property(event, ICAL_RRULE_PROPERTY)) {
            std::pair<std::vector<Found>*, bool> out{&series.master, date};
            icalcomponent_foreach_recurrence(event, icaltime_from_string("20200101T000000Z"), icaltime_from_string("20400101T000000Z"),
                                             collect, &out);
        } else {
            series.master.push_back({date, seconds_of(start), seconds_of(end)});
        }
    }
    json::object out;
    for (auto& [uid, series] : found) {
        std::vector<Found> all = series.changed;
        for (Found const& one : series.master)
            if (!series.replaced.contains(one.start)) all.push_back(one);
        std::sort(all.begin(), all.end(), [](Found const& a, Found const& b) { return std::pair(a.start, a.end) < std::pair(b.start, b.end); });
        json::array list;
        for (Found const& one : all) list.push_back({shown(one.date, one.start), shown(one.date, one.end)});
        out[uid] = std::move(list);
    }
    return out;
}

json::object own_zone(std::string const& name) {
    icaltimezone* const zone = icaltimezone_get_builtin_timezone(name.c_str());
    if (!zone) return {{"error", "libical does not know " + name}};
    std::string text = owned(icalcomponent_as_ical_string_r(icaltimezone_get_component(zone)));
    std::string const prefix = "/freeassociation.sourceforge.net/";
    if (auto const at = text.find(prefix); at != std::string::npos) text.erase(at, prefix.size());
    return {{"vtimezone", text}};
}

}  // namespace

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        json::value const order = json::parse(line);
        std::cout << (order.is_string() ? instants(with_own_names(std::string(order.as_string()))) : own_zone(std::string(order.at("zone").as_string()))) << '\n';
    }
}
