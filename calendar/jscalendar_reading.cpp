// The reader's half of jscalendar.hpp: everything that is there is understood or refused by its pointer.
#include "calendar/jscalendar.hpp"

#include <boost/json.hpp>

#include <array>
#include <charconv>
#include <cmath>

namespace convoke::calendar {
namespace {

namespace json = boost::json;
using namespace std::chrono;

constexpr std::size_t largest = 256 << 10, most_faults = 50;

std::string pointer_token(std::string_view name) {
    std::string out = "/";
    for (char c : name) out += c == '~' ? "~0" : c == '/' ? "~1" : std::string(1, c);
    return out;
}

// An object whose members are taken one by one; what is left over at the end is refused.
class Members {
public:
    Members(json::object const& object, std::string at, std::vector<Fault>& faults) : object_(object), at_(std::move(at)), faults_(faults) {}

    std::string at(std::string_view name) const { return at_ + pointer_token(name); }
    void fault(std::string_view name, errc code, std::string detail) {
        if (faults_.size() < most_faults) faults_.push_back({name.empty() ? at_ : at(name), code, std::move(detail)});
    }
    void fault(std::string_view name, Failure failure) { fault(name, failure.code, std::move(failure.detail)); }

    bool has(std::string_view name) const { return object_.contains(name); }
    json::value const* take(std::string_view name) {
        taken_.emplace_back(name);
        return object_.if_contains(name);
    }
    template <class Get>
    auto typed(std::string_view name, Get get, char const* what) -> decltype(get(std::declval<json::value const&>())) {
        json::value const* const value = take(name);
        if (!value) return nullptr;
        auto const out = get(*value);
        if (!out) fault(name, errc::wrong_type, std::string(name) + " must be " + what);
        return out;
    }
    std::optional<std::string> text(std::string_view name, std::size_t most = 20000) {
        auto const* s = typed(name, [](json::value const& v) { return v.if_string(); }, "a text");
        if (!s) return std::nullopt;
        if (s->size() > most) fault(name, errc::too_long, std::string(name) + " is longer than " + std::to_string(most) + " octets");
        return std::string(s->data(), std::min(s->size(), most));
    }
    std::optional<std::int64_t> number(std::string_view name) {
        auto const* n = typed(name, [](json::value const& v) { return v.if_int64(); }, "a whole number");
        return n ? std::optional(*n) : std::nullopt;
    }
    std::optional<bool> flag(std::string_view name) {
        auto const* b = typed(name, [](json::value const& v) { return v.if_bool(); }, "true or false");
        return b ? std::optional(*b) : std::nullopt;
    }
    json::object const* object(std::string_view name) {
        return typed(name, [](json::value const& v) { return v.if_object(); }, "an object");
    }
    json::array const* array(std::string_view name) {
        return typed(name, [](json::value const& v) { return v.if_array(); }, "an array");
    }
    // A member with one meaning we can keep.
    void only(std::string_view name, std::string_view accepted) {
        auto const value = text(name);
        if (value && *value != accepted) fault(name, errc::invalid_value, std::string(name) + " can only be " + std::string(accepted));
    }
    void done() {
        for (auto const& member : object_)
            if (std::find(taken_.begin(), taken_.end(), std::string_view(member.key())) == taken_.end())
                fault(member.key(), errc::unknown_field, "this part of JSCalendar is not supported");
    }
    std::vector<Fault>& faults() { return faults_; }

private:
    json::object const& object_;
    std::string at_;
    std::vector<Fault>& faults_;
    std::vector<std::string> taken_;
};

template <class T, class Parse>
std::optional<T> parsed(Members& in, std::string_view name, Parse parse) {
    auto const text = in.text(name, 200);
    if (!text) return std::nullopt;
    auto value = parse(*text);
    if (!value) in.fault(name, std::move(value).error());
    return value ? std::optional<T>(*value) : std::nullopt;
}

std::optional<sys_seconds> instant(Members& in, std::string_view name) {
    return parsed<sys_seconds>(in, name, [](std::string_view text) -> result<sys_seconds> {
        if (!text.ends_with('Z')) return Failure{errc::invalid_date, "an instant is written in UTC: 2026-06-17T08:00:00Z"};
        CONVOKE_TRY(local, parse_local(text.substr(0, text.size() - 1)));
        return sys_seconds{local.time_since_epoch()};
    });
}

std::vector<int> numbers(Members& in, std::string_view name) {
    std::vector<int> out;
    auto const* list = in.array(name);
    if (!list) return out;
    for (auto const& item : *list) {
        auto const* n = item.if_int64();
        if (!n || std::abs(*n) > 1000 || out.size() == 400) {
            in.fault(name, errc::recurrence_invalid, std::string(name) + " holds small whole numbers");
            break;
        }
        out.push_back(static_cast<int>(*n));
    }
    return out;
}

std::vector<int> months_of(Members& in) {
    std::vector<int> out;
    auto const* list = in.array("byMonth");
    if (!list) return out;
    for (auto const& item : *list) {
        int month = 0;
        if (auto const* s = item.if_string()) std::from_chars(s->data(), s->data() + s->size(), month);
        if (month < 1 || month > 12 || item.as_string() != std::to_string(month) || out.size() == 12) {
            in.fault("byMonth", errc::recurrence_invalid, "byMonth holds months of the Gregorian calendar as texts: \"1\" to \"12\"");
            break;
        }
        out.push_back(month);
    }
    return out;
}

std::vector<RecurrenceRule::Day> days_of(Members& in) {
    static constexpr std::array<std::string_view, 7> names = {"mo", "tu", "we", "th", "fr", "sa", "su"};
    std::vector<RecurrenceRule::Day> out;
    auto const* list = in.array("byDay");
    for (std::size_t i = 0; list && i < std::min<std::size_t>(list->size(), 100); ++i) {
        auto const* object = (*list)[i].if_object();
        if (!object) {
            in.fault("byDay", errc::wrong_type, "byDay holds objects like {\"day\":\"mo\"}");
            break;
        }
        Members day(*object, in.at("byDay") + "/" + std::to_string(i), in.faults());
        day.only("@type", "NDay");
        auto const name = day.text("day");
        auto const found = std::find(names.begin(), names.end(), name.value_or(""));
        auto const nth = day.number("nthOfPeriod");
        if (found == names.end()) day.fault("day", errc::recurrence_invalid, "day is one of mo, tu, we, th, fr, sa, su");
        else if (nth && (*nth == 0 || std::abs(*nth) > 53)) day.fault("nthOfPeriod", errc::recurrence_invalid, "nthOfPeriod is between -53 and 53, not 0");
        else out.push_back({static_cast<int>(nth.value_or(0)), static_cast<unsigned>(found - names.begin()) + 1});
        day.done();
    }
    return out;
}

RecurrenceRule rule_of(Members in) {
    static constexpr std::array<std::string_view, 4> frequencies = {"daily", "weekly", "monthly", "yearly"};
    RecurrenceRule rule;
    in.only("@type", "RecurrenceRule");
    auto const name = in.text("frequency");
    auto const found = std::find(frequencies.begin(), frequencies.end(), name.value_or(""));
    if (found == frequencies.end()) in.fault("frequency", errc::recurrence_not_supported, "frequency is daily, weekly, monthly or yearly");
    else rule.frequency = static_cast<RecurrenceRule::Frequency>(found - frequencies.begin());
    auto const count_of = [&](std::string_view member) -> std::optional<int> {
        auto const n = in.number(member);
        if (n && (*n < 1 || *n > 100000)) in.fault(member, errc::recurrence_invalid, std::string(member) + " is between 1 and 100000");
        return n && *n >= 1 && *n <= 100000 ? std::optional(static_cast<int>(*n)) : std::nullopt;
    };
    rule.interval = count_of("interval").value_or(1);
    rule.count = count_of("count");
    rule.until = parsed<local_seconds>(in, "until", parse_local);
    in.only("firstDayOfWeek", "mo");
    in.only("rscale", "gregorian");
    in.only("skip", "omit");
    rule.by_day = days_of(in);
    rule.by_month_day = numbers(in, "byMonthDay");
    rule.by_month = months_of(in);
    rule.by_set_position = numbers(in, "bySetPosition");
    in.done();
    return rule;
}

// The name of the one place; `coordinates` where the caller takes them.
std::string place_of(Members& in, std::optional<std::pair<double, double>>* coordinates) {
    auto const* places = in.object("locations");
    if (!places) return {};
    if (places->size() != 1 || !places->begin()->value().is_object()) {
        in.fault("locations", errc::invalid_value, "exactly one place is supported");
        return {};
    }
    Members place(places->begin()->value().as_object(), in.at("locations") + pointer_token(places->begin()->key()), in.faults());
    place.only("@type", "Location");
    std::string const name = place.text("name").value_or("");
    if (auto const text = coordinates ? place.text("coordinates", 100) : std::nullopt) {
        double latitude = 0, longitude = 0;
        char const *const end = text->data() + text->size(), *const begin = text->data() + std::min<std::size_t>(4, text->size());
        auto const first = std::from_chars(begin, end, latitude);
        bool right = text->starts_with("geo:") && first.ec == std::errc{} && first.ptr != end && *first.ptr == ',';
        if (right) {
            auto const second = std::from_chars(first.ptr + 1, end, longitude);
            right = second.ec == std::errc{} && second.ptr == end && std::abs(latitude) <= 90 && std::abs(longitude) <= 180;
        }
        if (right) *coordinates = {latitude, longitude};
        else place.fault("coordinates", errc::invalid_value, "coordinates are written geo:40.68,14.76");
    }
    place.done();
    return name;
}

Override override_of(Members in) {
    Override change;
    change.excluded = in.flag("excluded").value_or(false);
    change.start = parsed<local_seconds>(in, "start", parse_local);
    change.duration = parsed<Duration>(in, "duration", parse_duration);
    change.title = in.text("title");
    if (auto place = place_of(in, nullptr); !place.empty()) change.place = std::move(place);
    in.done();
    return change;
}

std::optional<Recurrence> recurrence_of(Members& in) {
    Recurrence out;
    auto const* rules = in.array("recurrenceRules");
    auto const* overrides = in.object("recurrenceOverrides");
    if (rules && rules->size() > 1) in.fault("recurrenceRules", errc::recurrence_not_supported, "a series has exactly one rule");
    for (std::size_t i = 0; rules && i < std::min<std::size_t>(rules->size(), 1); ++i) {
        if (auto const* rule = (*rules)[i].if_object())
            out.rules.push_back(rule_of(Members(*rule, in.at("recurrenceRules") + "/" + std::to_string(i), in.faults())));
        else in.fault("recurrenceRules", errc::wrong_type, "recurrenceRules holds objects");
    }
    if (overrides && !overrides->empty() && out.rules.empty()) in.fault("recurrenceOverrides", errc::recurrence_invalid, "overrides need recurrenceRules");
    if (overrides && overrides->size() > 1000) in.fault("recurrenceOverrides", errc::too_many_occurrences, "at most 1000 overrides");
    for (std::size_t i = 0; overrides && i < std::min<std::size_t>(overrides->size(), 1000); ++i) {
        auto const& member = *(overrides->begin() + static_cast<std::ptrdiff_t>(i));
        Members all(*overrides, in.at("recurrenceOverrides"), in.faults());
        auto const id = parse_local(member.key());
        if (!id) all.fault(member.key(), id.error());
        else if (!member.value().is_object()) all.fault(member.key(), errc::wrong_type, "an override is an object");
        else out.overrides[*id] = override_of(Members(member.value().as_object(), all.at(member.key()), in.faults()));
    }
    return out.rules.empty() ? std::nullopt : std::optional(std::move(out));
}

void read_times(Members& in, Entry& entry, bool window) {
    auto const start = parsed<local_seconds>(in, "start", parse_local);
    auto const duration = parsed<Duration>(in, "duration", parse_duration);
    bool const whole = in.flag("showWithoutTime").value_or(false);
    entry.zone = in.text("timeZone", 100).value_or("");
    entry.schedule.recurrence = recurrence_of(in);
    if (!in.has("start")) in.fault("start", errc::required, "start says when, as 2026-06-17T10:00:00");
    if (!start) return;
    if (entry.zone.empty() && !window) return in.fault("timeZone", errc::required, "timeZone names the zone of start: floating times are not supported");
    if (!whole) {
        entry.schedule.when = Fixed{*start, entry.zone, duration.value_or(Duration{})};
        return;
    }
    local_days const first = floor<days>(*start);
    int const count = duration ? duration->days : 1;
    if (*start != local_seconds{first} || (duration && duration->time != seconds{0}) || count < 1)
        return in.fault(*start != local_seconds{first} ? "start" : "duration", errc::invalid_duration, "whole days begin at 00:00:00 and last whole days: P2D");
    if (window) entry.schedule.when = Provisional{first, first + days{count - 1}};
    else entry.schedule.when = AllDay{first, count, entry.zone};
}

void read_rooms(Members& in, Entry& entry) {
    if (auto const* rooms = in.object("virtualLocations")) {
        if (rooms->size() != 1 || !rooms->begin()->value().is_object()) {
            in.fault("virtualLocations", errc::invalid_value, "exactly one online room is supported");
        } else {
            Members room(rooms->begin()->value().as_object(), in.at("virtualLocations") + pointer_token(rooms->begin()->key()), in.faults());
            room.only("@type", "VirtualLocation");
            entry.conference_uri = room.text("uri", 2000).value_or("");
            entry.conference_label = room.text("name").value_or("");
            if (!entry.conference_uri.starts_with("https://") && !entry.conference_uri.starts_with("http://"))
                room.fault("uri", errc::url_scheme, "uri is an https address");
            room.done();
        }
    }
    if (auto const* links = in.object("links")) {
        if (links->size() != 1 || !links->begin()->value().is_object()) {
            in.fault("links", errc::invalid_value, "exactly one link is supported");
        } else {
            Members link(links->begin()->value().as_object(), in.at("links") + pointer_token(links->begin()->key()), in.faults());
            link.only("@type", "Link");
            link.only("rel", "describedby");
            entry.url = link.text("href", 2000).value_or("");
            if (!entry.url.starts_with("https://") && !entry.url.starts_with("http://")) link.fault("href", errc::url_scheme, "href is an https address");
            link.done();
        }
    }
}

void read_relations(Members& in, Entry& entry) {
    auto const* related = in.object("relatedTo");
    for (std::size_t i = 0; related && i < std::min<std::size_t>(related->size(), 2); ++i) {
        auto const& member = *(related->begin() + static_cast<std::ptrdiff_t>(i));
        auto const* object = member.value().if_object();
        auto const* relation = object && object->contains("relation") ? object->at("relation").if_object() : nullptr;
        bool const one = relation && relation->size() == 1 && relation->begin()->value() == json::value(true);
        if (one && relation->begin()->key() == "first" && entry.first_uid.empty()) entry.first_uid = member.key();
        else if (one && relation->begin()->key() == "next" && entry.next_uid.empty()) entry.next_uid = member.key();
        else in.fault("relatedTo", errc::invalid_value, "relatedTo holds the first and the next part of a divided series: {\"relation\": {\"next\": true}}");
    }
    if (related && related->size() > 2) in.fault("relatedTo", errc::out_of_range, "at most two relations: first and next");
}

// True when the keywords say that the days are a window.
bool read_keywords(Members& in, Entry& entry) {
    bool window = false;
    auto const* keywords = in.object("keywords");
    if (keywords && keywords->size() > 100) in.fault("keywords", errc::out_of_range, "at most 100 keywords");
    for (std::size_t i = 0; keywords && i < std::min<std::size_t>(keywords->size(), 100); ++i) {
        auto const& member = *(keywords->begin() + static_cast<std::ptrdiff_t>(i));
        if (!member.value().is_bool() || !member.value().as_bool()) in.fault("keywords", errc::invalid_value, "each keyword has the value true");
        else if (member.key() == "PROVISIONAL") window = true;
        else entry.categories.emplace_back(member.key());
    }
    return window;
}

void read_standing(Members& in, Entry& entry) {
    std::string const status = in.text("status").value_or("confirmed"), busy = in.text("freeBusyStatus").value_or("busy");
    if (status == "confirmed") entry.status = EntryStatus::confirmed;
    else if (status == "tentative") entry.status = EntryStatus::tentative;
    else if (status == "cancelled") entry.status = EntryStatus::cancelled;
    else in.fault("status", errc::invalid_value, "status is confirmed, tentative or cancelled");
    if (busy != "free" && busy != "busy") in.fault("freeBusyStatus", errc::invalid_value, "freeBusyStatus is free or busy");
    entry.transparent = busy == "free";
}

}  // namespace

result<Entry> read_jscalendar(std::string_view text) {
    if (text.size() > largest) return Failure{errc::payload_too_large, "a JSCalendar event has at most 256 KiB"};
    json::parse_options options;
    options.max_depth = 16;
    json::error_code error;
    auto const value = json::parse(json::string_view(text.data(), text.size()), error, {}, options);
    if (error == json::error::too_deep) return Failure{errc::json_too_deep, "the JSON is nested deeper than 16"};
    if (error) return Failure{errc::json_syntax, "this is no JSON: " + error.message()};
    auto const* object = value.if_object();
    if (!object) return fault_at("", errc::wrong_type, "a JSCalendar event is an object");
    std::vector<Fault> faults;
    Members in(*object, "", faults);
    Entry entry;
    if (in.text("@type") != "Event") in.fault("@type", errc::invalid_value, "@type must be Event: tasks and groups are not supported");
    entry.uid = in.text("uid", 255).value_or("");
    if (entry.uid.empty()) in.fault("uid", errc::required, "uid names the event for its whole life");
    in.text("prodId");
    auto const updated = instant(in, "updated");
    if (!in.has("updated")) in.fault("updated", errc::required, "updated says when the event was last changed, in UTC");
    entry.last_modified = updated.value_or(sys_seconds{});
    entry.created = instant(in, "created").value_or(entry.last_modified);
    auto const sequence = in.number("sequence").value_or(0);
    if (sequence < 0 || sequence > 2147483647) in.fault("sequence", errc::out_of_range, "sequence is between 0 and 2147483647");
    else entry.sequence = static_cast<int>(sequence);
    entry.summary = in.text("title").value_or("");
    entry.description = in.text("description").value_or("");
    in.only("descriptionContentType", "text/plain");
    in.only("privacy", "public");
    entry.language = in.text("locale", 35).value_or("");
    bool const window = read_keywords(in, entry);
    read_times(in, entry, window);
    read_standing(in, entry);
    entry.location = place_of(in, &entry.geo);
    read_rooms(in, entry);
    read_relations(in, entry);
    in.done();
    if (faults.empty())
        if (auto checked = check_schedule(entry.schedule); !checked) return std::move(checked).error();
    if (!faults.empty()) return Failure(std::move(faults));
    return entry;
}

}  // namespace convoke::calendar
