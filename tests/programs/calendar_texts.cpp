// Schedules to calendar texts, by the thousand: one JSON object a line in, one a line out.
//
//   {"form": "request" | "feed", "entries": [{"uid", "start", "timeZone", "duration", "allDay", "rule", "overrides"}]}
//   -> {"ics": TEXT, "refused": {UID: [reason, …]}}         the entries that check_schedule refuses are left out
//   {"expand": RULE, "start": LOCAL, "limit": N}
//   -> {"starts": [LOCAL, …], "complete": BOOL}
//   {"reread": TEXT}
//   -> {"components": [{"uid", "recurrenceId", "start", "end", "summary"}]} as our own reader finds them
#include "calendar/embedded_zone.hpp"
#include "calendar/entry.hpp"
#include "calendar/reading.hpp"
#include "calendar/recurrence.hpp"
#include "calendar/series.hpp"

#include <boost/json.hpp>

#include <iostream>

namespace {

namespace json = boost::json;
using namespace convoke::calendar;

std::string text_of(json::object const& from, std::string_view name) {
    json::value const* found = from.if_contains(name);
    return found && found->is_string() ? std::string(found->as_string()) : std::string();
}

Override override_of(json::object const& from) {
    Override out;
    out.excluded = from.contains("excluded");
    if (from.contains("start")) out.start = parse_local(text_of(from, "start")).value();
    if (from.contains("duration")) out.duration = parse_duration(text_of(from, "duration")).value();
    if (from.contains("title")) out.title = text_of(from, "title");
    return out;
}

Schedule schedule_of(json::object const& from) {
    Schedule out;
    auto const start = parse_local(text_of(from, "start")).value();
    auto const duration = parse_duration(text_of(from, "duration")).value();
    if (from.contains("allDay"))
        out.when = AllDay{std::chrono::floor<std::chrono::days>(start), duration.days, text_of(from, "timeZone")};
    else
        out.when = Fixed{start, text_of(from, "timeZone"), duration};
    if (std::string const rule = text_of(from, "rule"); !rule.empty()) {
        out.recurrence = Recurrence{{parse_rule(rule).value()}, {}};
        if (json::value const* overrides = from.if_contains("overrides"))
            for (auto const& [id, change] : overrides->as_object())
                out.recurrence->overrides.emplace(parse_local(id).value(), override_of(change.as_object()));
    }
    return out;
}

// What a calendar holds once the mails of a series have come: the REQUEST and each date that is a mail of its own.
std::string invited(Entry const& entry) {
    Organizer const organizer{"desk@convoke.example", "Desk"};
    Attendee const attendee{"reader@convoke.example", "Reader"};
    sys_seconds const now{std::chrono::seconds{1767225600}};
    std::string whole = request_text(entry, organizer, attendee, now);
    constexpr std::string_view begin = "BEGIN:VEVENT\r\n", end = "END:VCALENDAR\r\n";
    for (local_seconds date : dates_apart(entry.schedule)) {
        std::string const one = request_date_text(entry, date, organizer, attendee, now);
        std::size_t const from = one.find(begin);
        whole.insert(whole.size() - end.size(), one.substr(from, one.size() - end.size() - from));
    }
    return whole;
}

json::object texts(json::object const& order) {
    std::vector<Entry> entries;
    json::object refused;
    for (json::value const& item : order.at("entries").as_array()) {
        json::object const& given = item.as_object();
        Entry entry;
        entry.uid = text_of(given, "uid");
        entry.schedule = schedule_of(given);
        entry.zone = text_of(given, "timeZone");
        entry.summary = "Éntry " + entry.uid;
        entry.created = entry.last_modified = sys_seconds{std::chrono::seconds{1767225600}};
        if (auto const checked = check_schedule(entry.schedule); !checked) {
            json::array why;
            for (auto const& fault : checked.error().faults) why.emplace_back(fault.pointer + ": " + fault.detail);
            refused[entry.uid] = std::move(why);
        } else {
            entries.push_back(std::move(entry));
        }
    }
    std::string ics;
    if (text_of(order, "form") == "feed")
        ics = feed_text({"feed@convoke.example", "Zones", "", "", "", "en", {}}, entries);
    else if (!entries.empty())
        ics = invited(entries.front());
    return {{"ics", ics}, {"refused", std::move(refused)}};
}

json::object expanded(json::object const& order) {
    auto const rule = parse_rule(text_of(order, "expand"));
    if (!rule) return {{"refused", true}};
    Expansion const found = expand(*rule, parse_local(text_of(order, "start")).value(),
                                   static_cast<std::size_t>(order.at("limit").to_number<std::int64_t>()));
    json::array starts;
    for (auto const at : found.starts) starts.emplace_back(format_local(at));
    return {{"starts", std::move(starts)}, {"complete", found.complete}};
}

json::value shown(std::optional<ReadTime> const& time) {
    if (!time) return nullptr;
    if (time->kind == ReadTime::Kind::date) return json::value(format_local(time->local).substr(0, 10));
    if (!time->instant) return "unknown";
    return time->instant->time_since_epoch().count();
}

json::object reread(json::object const& order) {
    ReadLimits limits;
    limits.bytes = limits.lines = limits.components = 100u << 20;
    auto const read = read_calendar(text_of(order, "reread"), limits);
    if (!read) return {{"failed", read.error().detail}};
    json::array components;
    for (auto const& one : read->components)
        components.push_back({{"uid", one.uid}, {"recurrenceId", shown(one.recurrence_id)}, {"start", shown(one.start)},
                              {"end", shown(one.end)}, {"summary", one.summary}});
    return {{"components", std::move(components)}};
}

}  // namespace

int main() {
    std::ios::sync_with_stdio(false);
    for (std::string line; std::getline(std::cin, line);) {
        json::object const order = json::parse(line).as_object();
        std::cout << (order.contains("expand") ? expanded(order) : order.contains("reread") ? reread(order) : texts(order)) << '\n';
    }
}
