#include "calendar/jscalendar.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>

namespace convoke::calendar {
namespace {

namespace json = boost::json;
using namespace std::chrono;

std::string degrees(double value) {
    char buffer[64];
    auto const [end, error] = std::to_chars(buffer, buffer + sizeof buffer, value);
    return {buffer, end};
}

json::object rule_object(RecurrenceRule const& rule) {
    static constexpr std::array<char const*, 4> names = {"daily", "weekly", "monthly", "yearly"};
    static constexpr std::array<char const*, 8> days_of_week = {"", "mo", "tu", "we", "th", "fr", "sa", "su"};
    json::object out{{"@type", "RecurrenceRule"}, {"frequency", names[static_cast<std::size_t>(rule.frequency)]}};
    if (rule.interval != 1) out["interval"] = rule.interval;
    if (rule.count) out["count"] = *rule.count;
    if (rule.until) out["until"] = format_local(*rule.until);
    if (!rule.by_day.empty()) {
        json::array days_listed;
        for (auto const& day : rule.by_day) {
            json::object one{{"@type", "NDay"}, {"day", days_of_week[day.weekday]}};
            if (day.nth != 0) one["nthOfPeriod"] = day.nth;
            days_listed.push_back(std::move(one));
        }
        out["byDay"] = std::move(days_listed);
    }
    auto const numbers = [](std::vector<int> const& values) { return json::array(values.begin(), values.end()); };
    if (!rule.by_month_day.empty()) out["byMonthDay"] = numbers(rule.by_month_day);
    if (!rule.by_month.empty()) {
        json::array months_listed;  // strings: a leap month would be "5L" (RFC 8984 §4.3.3)
        for (int month : rule.by_month) months_listed.emplace_back(std::to_string(month));
        out["byMonth"] = std::move(months_listed);
    }
    if (!rule.by_set_position.empty()) out["bySetPosition"] = numbers(rule.by_set_position);
    return out;
}

json::object override_object(Override const& change) {
    if (change.excluded) return {{"excluded", true}};
    json::object out;
    if (change.start) out["start"] = format_local(*change.start);
    if (change.duration) out["duration"] = format_duration(*change.duration);
    if (change.title) out["title"] = *change.title;
    if (change.place) out["locations"] = json::object{{"1", json::object{{"@type", "Location"}, {"name", *change.place}}}};
    return out;
}

void add_times(json::object& out, Entry const& entry) {
    Schedule const& schedule = entry.schedule;
    if (auto const* fixed = std::get_if<Fixed>(&schedule.when)) {
        out["start"] = format_local(fixed->start);
        out["timeZone"] = fixed->zone == "UTC" ? "Etc/UTC" : fixed->zone;
        out["duration"] = format_duration(fixed->duration);
    } else {
        auto const* window = std::get_if<Provisional>(&schedule.when);
        AllDay const whole = window ? AllDay{window->earliest, static_cast<int>((window->latest - window->earliest).count()) + 1, entry.zone}
                                    : std::get<AllDay>(schedule.when);
        out["start"] = format_local(local_seconds{whole.first});
        if (!whole.zone.empty()) out["timeZone"] = whole.zone == "UTC" ? "Etc/UTC" : whole.zone;
        out["duration"] = format_duration({whole.days, seconds{0}});
        out["showWithoutTime"] = true;
    }
    if (!schedule.recurrence) return;
    json::array rules;
    for (auto const& rule : schedule.recurrence->rules) rules.push_back(rule_object(rule));
    out["recurrenceRules"] = std::move(rules);
    json::object overrides;
    for (auto const& [id, change] : schedule.recurrence->overrides) overrides[format_local(id)] = override_object(change);
    if (!overrides.empty()) out["recurrenceOverrides"] = std::move(overrides);
}

void add_places(json::object& out, Entry const& entry) {
    if (!entry.location.empty() || entry.geo) {
        json::object place{{"@type", "Location"}};
        if (!entry.location.empty()) place["name"] = entry.location;
        if (entry.geo) place["coordinates"] = "geo:" + degrees(entry.geo->first) + "," + degrees(entry.geo->second);
        out["locations"] = json::object{{"1", std::move(place)}};
    }
    if (!entry.conference_uri.empty()) {
        json::object room{{"@type", "VirtualLocation"}, {"uri", entry.conference_uri}};
        if (!entry.conference_label.empty()) room["name"] = entry.conference_label;
        out["virtualLocations"] = json::object{{"1", std::move(room)}};
    }
    if (!entry.url.empty())
        out["links"] = json::object{{"1", json::object{{"@type", "Link"}, {"href", entry.url}, {"rel", "describedby"}}}};
}

}  // namespace

std::string jscalendar_text(Entry const& entry) {
    bool const provisional = entry.schedule.provisional(), cancelled = entry.status == EntryStatus::cancelled;
    json::object out{{"@type", "Event"},
                     {"uid", entry.uid},
                     {"prodId", "-//Convoke//Convoke//EN"},
                     {"created", format_instant(entry.created)},
                     {"updated", format_instant(entry.last_modified)},
                     {"sequence", entry.sequence},
                     {"title", entry.summary}};
    if (!entry.description.empty()) out["description"] = entry.description;
    if (!entry.language.empty()) out["locale"] = entry.language;
    add_times(out, entry);
    out["status"] = cancelled                                               ? "cancelled"
                    : provisional || entry.status == EntryStatus::tentative ? "tentative"
                                                                            : "confirmed";
    out["freeBusyStatus"] = entry.transparent || provisional || cancelled ? "free" : "busy";
    add_places(out, entry);
    json::object related;
    for (auto const& [uid, relation] : {std::pair(entry.first_uid, "first"), std::pair(entry.next_uid, "next")})
        if (!uid.empty()) related[uid] = json::object{{"@type", "Relation"}, {"relation", json::object{{relation, true}}}};
    if (!related.empty()) out["relatedTo"] = std::move(related);
    if (!entry.categories.empty() || provisional) {
        json::object keywords;
        if (provisional) keywords["PROVISIONAL"] = true;
        for (auto const& category : entry.categories) keywords[category] = true;
        out["keywords"] = std::move(keywords);
    }
    return json::serialize(out);
}

}  // namespace convoke::calendar
