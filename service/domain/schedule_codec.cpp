#include "service/domain/schedule_codec.hpp"

#include "calendar/series.hpp"

#include <boost/json/value_from.hpp>

#include <array>

namespace convoke::domain {

namespace json = boost::json;
using calendar::AllDay;
using calendar::Fixed;
using calendar::Override;
using calendar::Provisional;
using calendar::Recurrence;
using calendar::RecurrenceRule;

namespace {

constexpr std::array<std::string_view, 7> weekdays{"mo", "tu", "we", "th", "fr", "sa", "su"};
constexpr std::array<std::string_view, 4> frequencies{"daily", "weekly", "monthly", "yearly"};

// A failure of a parser becomes a fault at the member it came from.
template <class T>
std::optional<T> keep(result<T> parsed, JsonFields& fields, std::string_view name) {
    if (parsed) return *std::move(parsed);
    fields.fault(name, parsed.error().code, parsed.error().detail);
    return std::nullopt;
}

std::vector<int> integers(JsonFields& fields, std::string_view name, int min, int max, bool as_text) {
    std::vector<int> values;
    json::value const* raw = fields.raw(name);
    if (!raw || raw->is_null()) return values;
    if (!raw->is_array() || raw->as_array().size() > 366) {
        fields.fault(name, errc::wrong_type, "this is an array of numbers");
        return values;
    }
    for (json::value const& item : raw->as_array()) {
        std::int64_t value = 0;
        if (item.is_int64()) {
            value = item.as_int64();
        } else if (as_text && item.is_string() && item.as_string().size() <= 2 && !item.as_string().empty() &&
                   item.as_string().find_first_not_of("0123456789") == json::string::npos) {
            value = std::stoi(std::string(item.as_string()));
        }
        if (value == 0 || value < min || value > max) {
            fields.fault(name, errc::recurrence_invalid,
                         "each value is a whole number from " + std::to_string(min) + " to " + std::to_string(max) + ", not 0");
            return values;
        }
        values.push_back(static_cast<int>(value));
    }
    return values;
}

RecurrenceRule decode_rule(json::object const& object, std::string const& pointer, Faults& faults) {
    RecurrenceRule rule;
    JsonFields fields(object, pointer, faults);
    fields.one_of("@type", {"RecurrenceRule"});
    auto const frequency = fields.text("frequency", {.required = true});
    bool known = false;
    for (std::size_t i = 0; frequency && i < frequencies.size(); ++i)
        if (*frequency == frequencies[i]) {
            rule.frequency = static_cast<RecurrenceRule::Frequency>(i);
            known = true;
        }
    if (frequency && !known)
        fields.fault("frequency", errc::recurrence_not_supported, "the frequencies are daily, weekly, monthly and yearly");
    if (auto const* interval = fields.raw("interval"); interval && !interval->is_null()) {
        if (interval->is_int64() && interval->as_int64() >= 1 && interval->as_int64() <= 100)
            rule.interval = static_cast<int>(interval->as_int64());
        else
            fields.fault("interval", errc::recurrence_invalid, "the interval is a whole number from 1 to 100");
    }
    if (auto const* count = fields.raw("count"); count && !count->is_null()) {
        if (count->is_int64() && count->as_int64() >= 1 && count->as_int64() <= 1000)
            rule.count = static_cast<int>(count->as_int64());
        else if (count->is_number() && count->to_number<double>() > 1000)
            fields.fault("count", errc::too_many_occurrences, "a series has at most 1000 occurrences");
        else
            fields.fault("count", errc::recurrence_invalid, "the count is a whole number from 1 to 1000");
    }
    if (auto const until = fields.text("until"))
        rule.until = keep(calendar::parse_local(*until), fields, "until");
    if (rule.count && rule.until)
        fields.fault("until", errc::recurrence_invalid, "a rule has count or until, not both (RFC 5545 §3.3.10)");
    fields.objects("byDay", 35, [&](json::object const& day, std::string const& at) {
        JsonFields parts(day, at, faults);
        parts.one_of("@type", {"NDay"});
        RecurrenceRule::Day value;
        auto const name = parts.one_of("day", {weekdays.begin(), weekdays.end()}, true);
        for (unsigned i = 0; name && i < weekdays.size(); ++i)
            if (*name == weekdays[i]) value.weekday = i + 1;
        if (auto const nth = parts.integer("nthOfPeriod", -5, 5)) value.nth = static_cast<int>(*nth);
        parts.finish();
        rule.by_day.push_back(value);
    });
    rule.by_month_day = integers(fields, "byMonthDay", -31, 31, false);
    rule.by_month = integers(fields, "byMonth", 1, 12, true);
    rule.by_set_position = integers(fields, "bySetPosition", -366, 366, false);
    fields.finish();
    return rule;
}

void decode_overrides(JsonFields& fields, Recurrence& recurrence, Faults& faults) {
    json::object const* overrides = fields.object("recurrenceOverrides");
    if (!overrides) return;
    if (overrides->size() > 1000) {
        fields.fault("recurrenceOverrides", errc::too_many_occurrences, "at most 1000 overrides");
        return;
    }
    JsonFields all(*overrides, fields.at("recurrenceOverrides"), faults);
    for (auto const& member : *overrides) {
        std::string const key(member.key());
        auto const when = keep(calendar::parse_local(key), all, key);
        json::object const* patch = all.object(key);
        if (!when || !patch) continue;
        JsonFields parts(*patch, all.at(key), faults);
        Override override;
        override.excluded = parts.boolean("excluded").value_or(false);
        if (auto const start = parts.text("start")) override.start = keep(calendar::parse_local(*start), parts, "start");
        if (auto const length = parts.text("duration"))
            override.duration = keep(calendar::parse_duration(*length), parts, "duration");
        override.title = parts.text("title", {.blank_allowed = false});
        if (json::object const* places = parts.object("locations")) {
            if (places->size() != 1) parts.fault("locations", errc::invalid_value, "one date takes place at one location");
            JsonFields all_places(*places, parts.at("locations"), faults);
            for (auto const& place : *places)
                if (json::object const* one = all_places.object(place.key())) {
                    JsonFields words(*one, all_places.at(place.key()), faults);
                    words.one_of("@type", {"Location"});
                    override.place = words.text("name", {.required = true, .blank_allowed = false});
                    words.finish();
                }
        }
        parts.finish();
        recurrence.overrides.emplace(*when, std::move(override));
    }
}

std::optional<Recurrence> decode_recurrence(JsonFields& fields, Faults& faults) {
    Recurrence recurrence;
    fields.objects("recurrenceRules", 1, [&](json::object const& rule, std::string const& at) {
        recurrence.rules.push_back(decode_rule(rule, at, faults));
    });
    decode_overrides(fields, recurrence, faults);
    if (recurrence.rules.empty()) {
        if (!recurrence.overrides.empty())
            fields.fault("recurrenceOverrides", errc::recurrence_invalid, "overrides need recurrenceRules");
        return std::nullopt;
    }
    return recurrence;
}

std::optional<Schedule> decode_window(JsonFields& fields, Faults& faults) {
    json::object const* window = fields.object("provisional");
    if (!window) return std::nullopt;
    for (std::string_view other : {"start", "duration", "showWithoutTime", "recurrenceRules", "recurrenceOverrides"})
        if (json::value const* value = fields.raw(other); value && !value->is_null())
            fields.fault(other, errc::invalid_value, "a provisional event has only a window; leave \"provisional\" out to fix it");
    fields.raw("timeZone");
    JsonFields parts(*window, fields.at("provisional"), faults);
    auto const read = [&](std::string_view name) -> std::optional<local_days> {
        auto const text = parts.text(name, {.required = true});
        return text ? keep(calendar::parse_date(*text), parts, name) : std::nullopt;
    };
    auto const earliest = read("earliest");
    auto const latest = read("latest");
    parts.finish();
    if (earliest && latest && *latest < *earliest) {
        parts.fault("earliest", errc::end_before_start, "the window begins after its end, /provisional/latest");
        parts.fault("latest", errc::end_before_start, "the window ends before it begins, at /provisional/earliest");
        return std::nullopt;
    }
    if (!earliest || !latest) return std::nullopt;
    return Schedule{Provisional{*earliest, *latest}, std::nullopt};
}

// An event that ends when it begins, or before.
bool ends_too_early(std::string_view length) {
    if (length.starts_with('-')) return calendar::parse_duration(length.substr(1)).has_value();
    auto const duration = calendar::parse_duration(length);
    return duration && calendar::approximate_length(*duration).count() == 0;
}

std::optional<Duration> decode_duration(JsonFields& fields, std::optional<std::string> const& length) {
    if (!length) return std::nullopt;
    if (!ends_too_early(*length)) return keep(calendar::parse_duration(*length), fields, "duration");
    fields.fault("start", errc::end_before_start, "the event ends, by its /duration, no later than it starts");
    fields.fault("duration", errc::end_before_start, "an event lasts longer than nothing from its /start on; for example PT2H");
    return std::nullopt;
}

std::optional<Schedule> decode_dates(JsonFields& fields, Faults& faults, bool all_day, std::map<std::string, std::string>& readings) {
    std::size_t const before = faults.size();
    auto const start = fields.text("start");
    auto const zone = fields.text("timeZone");
    auto const length = fields.text("duration");
    auto const recurrence = decode_recurrence(fields, faults);
    bool const given = fields.has("start");
    if (!given)
        fields.fault("start", errc::schedule_required,
                     "say when: start, timeZone and duration; or provisional with earliest and latest");
    auto const at = start ? keep(calendar::parse_local(*start), fields, "start") : std::optional<local_seconds>();
    bool zone_known = false;
    if (zone) {
        auto const known = calendar::check_zone(*zone);
        zone_known = known.has_value();
        if (!zone_known) fields.fault("timeZone", known.error().code, known.error().detail);
    }
    auto const duration = decode_duration(fields, length);
    if (given && !fields.has("timeZone"))
        fields.fault("timeZone", errc::required,
                     all_day ? "an IANA time zone such as Europe/Brussels says whose days" : "an IANA time zone such as Europe/Brussels");
    if (all_day) {
        if (at && *at != std::chrono::floor<std::chrono::days>(*at))
            fields.fault("start", errc::invalid_value, "an event without time starts at T00:00:00");
        if (duration && (duration->time.count() != 0 || duration->days < 1))
            fields.fault("duration", errc::invalid_duration, "an event without time lasts whole days: P1D, P2D …");
    } else if (given && !fields.has("duration")) {
        fields.fault("duration", errc::required, "an ISO 8601 duration such as PT2H30M");
    }
    if (faults.size() == before) {
        if (all_day)
            return Schedule{AllDay{std::chrono::floor<std::chrono::days>(*at), duration ? duration->days : 1, *zone}, recurrence};
        return Schedule{Fixed{*at, *zone, *duration}, recurrence};
    }
    // Whatever else is wrong: the hour itself can be looked at already.
    if (at && zone_known && !all_day)
        if (auto const read = calendar::unambiguous_instant(*at, *zone); !read) {
            fields.fault("start", read.error().code, read.error().detail);
            readings = read.error().arguments;
        }
    return std::nullopt;
}

}  // namespace

std::optional<Schedule> decode_schedule(JsonFields& fields, Faults& faults, std::map<std::string, std::string>& readings) {
    bool const window = fields.has("provisional");
    bool const all_day = fields.boolean("showWithoutTime").value_or(false);
    return window ? decode_window(fields, faults) : decode_dates(fields, faults, all_day, readings);
}

bool check_decoded(Schedule const& schedule, Faults& faults, std::map<std::string, std::string>& readings) {
    auto const checked = calendar::check_schedule(schedule);
    if (checked) return true;
    Failure failure = checked.error();
    if (failure.faults.empty()) failure.faults.push_back({"/start", failure.code, failure.detail});
    for (Fault& fault : failure.faults) faults.push_back(std::move(fault));
    readings.merge(failure.arguments);
    return false;
}

std::vector<Fault> schedule_warnings(Schedule const& schedule) {
    std::vector<Fault> out;
    for (calendar::TouchedDate const& date : calendar::touched_dates(schedule)) {
        bool const gap = date.kind == calendar::LocalReading::Kind::gap;
        out.push_back({"/recurrenceOverrides/" + calendar::format_local(date.id),
                       gap ? errc::local_time_does_not_exist : errc::local_time_ambiguous,
                       calendar::format_local(date.id) +
                           (gap ? " is skipped by the clocks; this date begins at "
                                : " happens twice; this date begins the first time, at ") +
                           calendar::format_local(date.happens.local) + calendar::format_offset(date.happens.offset) +
                           "; an override of this date chooses another time"});
    }
    if (calendar::too_many_dates_apart(schedule))
        out.push_back({"/recurrenceOverrides", errc::limit_reached,
                       "more than " + std::to_string(calendar::most_dates_apart) +
                           " changed dates go into one mail with their series, which some versions of Outlook refuse; they "
                           "are mailed one by one while there are fewer"});
    return out;
}

void encode_schedule(Schedule const& schedule, json::object& out) {
    if (auto const* window = std::get_if<Provisional>(&schedule.when)) {
        out["provisional"] = {{"earliest", calendar::format_date(window->earliest)},
                              {"latest", calendar::format_date(window->latest)}};
        return;
    }
    if (auto const* days = std::get_if<AllDay>(&schedule.when)) {
        out["start"] = calendar::format_local(local_seconds(days->first));
        out["showWithoutTime"] = true;
        out["duration"] = "P" + std::to_string(days->days) + "D";
        out["timeZone"] = days->zone;
    } else if (auto const* fixed = std::get_if<Fixed>(&schedule.when)) {
        out["start"] = calendar::format_local(fixed->start);
        out["timeZone"] = fixed->zone;
        out["duration"] = calendar::format_duration(fixed->duration);
    }
    if (!schedule.recurrence) return;
    json::array rules;
    for (RecurrenceRule const& rule : schedule.recurrence->rules) {
        json::object r{{"@type", "RecurrenceRule"}, {"frequency", frequencies.at(static_cast<std::size_t>(rule.frequency))}};
        if (rule.interval != 1) r["interval"] = rule.interval;
        if (rule.count) r["count"] = *rule.count;
        if (rule.until) r["until"] = calendar::format_local(*rule.until);
        if (!rule.by_day.empty()) {
            json::array days;
            for (auto const& day : rule.by_day) {
                json::object d{{"@type", "NDay"}, {"day", weekdays.at(day.weekday - 1)}};
                if (day.nth != 0) d["nthOfPeriod"] = day.nth;
                days.push_back(std::move(d));
            }
            r["byDay"] = std::move(days);
        }
        if (!rule.by_month_day.empty()) r["byMonthDay"] = json::value_from(rule.by_month_day);
        if (!rule.by_month.empty()) {
            json::array months;
            for (int month : rule.by_month) months.emplace_back(std::to_string(month));
            r["byMonth"] = std::move(months);
        }
        if (!rule.by_set_position.empty()) r["bySetPosition"] = json::value_from(rule.by_set_position);
        rules.push_back(std::move(r));
    }
    out["recurrenceRules"] = std::move(rules);
    if (schedule.recurrence->overrides.empty()) return;
    json::object overrides;
    for (auto const& [when, override] : schedule.recurrence->overrides) {
        json::object patch;
        if (override.excluded) patch["excluded"] = true;
        if (override.start) patch["start"] = calendar::format_local(*override.start);
        if (override.duration) patch["duration"] = calendar::format_duration(*override.duration);
        if (override.title) patch["title"] = *override.title;
        if (override.place) patch["locations"] = {{"1", {{"@type", "Location"}, {"name", *override.place}}}};
        overrides[calendar::format_local(when)] = std::move(patch);
    }
    out["recurrenceOverrides"] = std::move(overrides);
}

}  // namespace convoke::domain
