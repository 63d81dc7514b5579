#include "service/domain/event_codec.hpp"

#include "service/domain/json_fields.hpp"
#include "service/domain/language.hpp"
#include "service/domain/merge_patch.hpp"
#include "service/domain/schedule_codec.hpp"

#include <boost/json/value_from.hpp>

#include <algorithm>

namespace convoke::domain {

namespace json = boost::json;

namespace {

constexpr std::int64_t most_seats = 1'000'000;

// Only http and https, no blanks, control characters or quotes: the URI is written into calendars and pages.
bool is_web_address(std::string_view uri) {
    bool const scheme = uri.starts_with("https://") || uri.starts_with("http://");
    return scheme && uri.size() > 8 && uri.size() <= 2000 && std::all_of(uri.begin(), uri.end(), [](unsigned char c) {
               return c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\' && c != '^' && c != '`' &&
                      c != '{' && c != '}' && c != '|';
           });
}

// RFC 5870, the simple form: geo:LAT,LON with decimal degrees.
bool is_geo(std::string const& text) {
    if (!text.starts_with("geo:") || text.size() > 60) return false;
    std::size_t const comma = text.find(',');
    if (comma == std::string::npos) return false;
    auto const number = [](std::string_view part, double bound) {
        if (part.empty() || part.find_first_not_of("-0123456789.") != std::string_view::npos) return false;
        try {
            std::size_t used = 0;
            double const value = std::stod(std::string(part), &used);
            return used == part.size() && value >= -bound && value <= bound;
        } catch (std::exception const&) {
            return false;
        }
    };
    return number(std::string_view(text).substr(4, comma - 4), 90) && number(std::string_view(text).substr(comma + 1), 180);
}

void decode_locations(JsonFields& fields, EventDefinition& definition, Faults& faults) {
    if (json::object const* all = fields.object("locations")) {
        JsonFields members(*all, fields.at("locations"), faults);
        if (all->size() > 20) fields.fault("locations", errc::out_of_range, "at most 20 locations");
        for (auto const& member : *all) {
            json::object const* one = members.object(member.key());
            if (!one) continue;
            JsonFields parts(*one, members.at(member.key()), faults);
            parts.one_of("@type", {"Location"});
            Location location;
            location.name = parts.text("name").value_or("");
            location.description = parts.text("description", {.multiline = true, .max_length = 2000}).value_or("");
            location.coordinates = parts.text("coordinates").value_or("");
            if (!location.coordinates.empty() && !is_geo(location.coordinates))
                parts.fault("coordinates", errc::invalid_value, "a geo URI (RFC 5870) such as geo:40.68,14.76");
            parts.finish();
            definition.locations.emplace(std::string(member.key()), std::move(location));
        }
    }
    if (json::object const* all = fields.object("virtualLocations")) {
        JsonFields members(*all, fields.at("virtualLocations"), faults);
        if (all->size() > 20) fields.fault("virtualLocations", errc::out_of_range, "at most 20 virtual locations");
        for (auto const& member : *all) {
            json::object const* one = members.object(member.key());
            if (!one) continue;
            JsonFields parts(*one, members.at(member.key()), faults);
            parts.one_of("@type", {"VirtualLocation"});
            VirtualLocation location;
            location.name = parts.text("name").value_or("");
            location.uri = parts.text("uri", {.required = true, .max_length = 2000}).value_or("");
            if (!location.uri.empty() && !is_web_address(location.uri))
                parts.fault("uri", errc::url_scheme, "a link begins with https:// (or http://) and holds no blanks");
            parts.finish();
            definition.virtual_locations.emplace(std::string(member.key()), std::move(location));
        }
    }
}

void decode_questions(JsonFields& fields, RegistrationRules& rules, Faults& faults) {
    fields.objects("questions", 50, [&](json::object const& object, std::string const& at) {
        JsonFields parts(object, at, faults);
        Question question;
        question.id = parts.text("id", {.required = true, .blank_allowed = false, .max_length = 60}).value_or("");
        question.type = parts.one_of("type", {"text", "choice", "boolean"}).value_or("text");
        question.label = parts.text("label", {.required = true, .blank_allowed = false, .max_length = 500}).value_or("");
        question.required = parts.boolean("required").value_or(false);
        question.sensitive = parts.boolean("sensitive").value_or(false);
        question.options = parts.texts("options", 100);
        if (question.type == "choice" && question.options.empty())
            parts.fault("options", errc::required, "a choice needs options");
        for (Question const& other : rules.questions)
            if (other.id == question.id) parts.fault("id", errc::invalid_value, "two questions have this id");
        parts.finish();
        rules.questions.push_back(std::move(question));
    });
}

RegistrationRules decode_registration(json::object const& object, std::string const& pointer, Faults& faults) {
    RegistrationRules rules;
    JsonFields fields(object, pointer, faults);
    rules.policy = fields.one_of("policy", {"open", "members", "invitation", "approval"}).value_or("members");
    auto const local = [&](std::string_view name) -> std::optional<local_seconds> {
        auto const text = fields.text(name);
        if (!text) return std::nullopt;
        auto const parsed = calendar::parse_local(*text);
        if (parsed) return *parsed;
        fields.fault(name, parsed.error().code, parsed.error().detail);
        return std::nullopt;
    };
    rules.opens = local("opens");
    rules.closes = local("closes");
    if (json::object const* capacity = fields.object("capacity")) {
        JsonFields parts(*capacity, fields.at("capacity"), faults);
        rules.capacity_on_site = parts.integer("onSite", 0, most_seats);
        rules.capacity_online = parts.integer("online", 0, most_seats);
        parts.finish();
    }
    if (json::object const* limits = fields.object("limits")) {
        JsonFields parts(*limits, fields.at("limits"), faults);
        rules.per_organisation = parts.integer("perOrganisation", 1, most_seats);
        rules.per_country = parts.integer("perCountry", 1, most_seats);
        parts.finish();
    }
    if (json::value const* waitlist = fields.raw("waitlist"); waitlist && !waitlist->is_null()) {
        if (waitlist->is_bool()) {
            rules.waitlist = waitlist->as_bool();
        } else if (json::object const* offer = waitlist->if_object()) {
            JsonFields parts(*offer, fields.at("waitlist"), faults);
            rules.waitlist = true;
            auto const text = parts.text("offerFor", {.required = true});
            if (text) {
                auto const length = calendar::parse_duration(*text);
                if (!length)
                    parts.fault("offerFor", length.error().code, length.error().detail);
                else if (calendar::approximate_length(*length).count() < 60)
                    parts.fault("offerFor", errc::out_of_range, "an offer stands for a minute at least, e.g. \"P2D\"");
                else
                    rules.offer_for = *length;
            }
            parts.finish();
        } else {
            fields.fault("waitlist", errc::wrong_type, "true, false or {\"offerFor\":\"P2D\"}");
        }
    }
    decode_questions(fields, rules, faults);
    fields.finish();
    return rules;
}

void decode_reminders(JsonFields& fields, EventDefinition& definition, bool asked, Faults& faults) {
    definition.reminders_given = fields.has("reminders");
    fields.each_text("reminders", 20, {}, [&](std::string const& text, std::string const& at) {
        auto const lead = calendar::parse_duration(text);
        auto const length = lead ? calendar::approximate_length(*lead) : std::chrono::seconds(0);
        if (!lead || (asked && (length <= std::chrono::seconds(0) || length > std::chrono::hours(24 * 365)))) {
            faults.push_back({at, errc::reminder_offset,
                              "a reminder is sent before the start, at most 365 days (\"P365D\"); e.g. \"P14D\", \"P1D\", \"PT1H\""});
            return;
        }
        std::string const normal = calendar::format_duration(*lead);
        auto& all = definition.reminders;
        if (std::find(all.begin(), all.end(), normal) == all.end()) all.push_back(normal);
    });
}

// Where the schedule says how long the event lasts, and when all of it is over.
struct End {
    std::string pointer;
    local_seconds local;                 // in a window
    std::optional<sys_seconds> instant;  // where the hours are known
};
End end_of(Schedule const& schedule) {
    if (auto const* window = std::get_if<calendar::Provisional>(&schedule.when))
        return {"/provisional/latest", local_seconds(window->latest + std::chrono::days(1)), {}};
    if (!schedule.recurrence) return {"/duration", {}, calendar::first_span(schedule, calendar::zone_of(schedule)).end};
    sys_seconds last{};
    for (auto const& one : calendar::occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 1000))
        last = std::max(last, one.span.end);
    return {"/recurrenceRules/0", {}, last};
}

void check_order(RegistrationRules const& rules, Faults& faults) {
    if (!rules.opens || !rules.closes || *rules.opens < *rules.closes) return;
    faults.push_back({"/registration/opens", errc::end_before_start, "registration opens no earlier than it closes, by /registration/closes"});
    faults.push_back({"/registration/closes", errc::end_before_start, "registration closes no later than it opens, by /registration/opens"});
}

// Registration opens and closes at hours that exist once, and before everything is over. In a window the zone is the
// community's: that is looked at when the date is fixed.
void check_deadlines(EventDefinition const& definition, Faults& faults, std::map<std::string, std::string>& readings) {
    auto const& rules = definition.registration;
    if (!rules.opens && !rules.closes) return;
    std::string const& zone = calendar::zone_of(definition.schedule);
    End const end = end_of(definition.schedule);
    auto const check = [&](std::optional<local_seconds> const& deadline, std::string const& pointer, std::string_view what, bool at_end) {
        if (!deadline) return;
        bool late = !end.instant && *deadline > end.local;
        if (end.instant) {
            auto const read = calendar::unambiguous_instant(*deadline, zone);
            if (!read) {
                Failure const failure = read.error();
                faults.push_back({pointer, failure.code, failure.detail});
                readings.insert(failure.arguments.begin(), failure.arguments.end());
                return;
            }
            late = *read > *end.instant || (*read == *end.instant && !at_end);
        }
        if (!late) return;
        faults.push_back({pointer, errc::end_before_start, std::string(what) + " after the event has ended, by " + end.pointer});
        faults.push_back({end.pointer, errc::end_before_start, "the event ends before " + pointer});
    };
    check(rules.opens, "/registration/opens", "registration opens", false);
    check(rules.closes, "/registration/closes", "registration closes", true);
}

// `asked`: from outside. What is stored has been checked, by the rules and the tz database of its time.
result<EventDefinition> decode(json::object const& object, bool asked) {
    Faults faults;
    std::map<std::string, std::string> readings;
    JsonFields fields(object, "", faults);
    EventDefinition definition;
    definition.communities = fields.texts("communities", 20, {.blank_allowed = false, .max_length = 64});
    json::value const* owners = fields.raw("communities");
    if (!owners || owners->is_null() || (owners->is_array() && owners->get_array().empty()))
        fields.fault("communities", errc::required, "the slugs of one or more owning communities");
    for (std::size_t i = 0; i < definition.communities.size(); ++i)
        if (std::count(definition.communities.begin(), definition.communities.end(), definition.communities[i]) > 1) {
            fields.fault("communities", errc::invalid_value, "\"" + definition.communities[i] + "\" is named twice");
            break;
        }
    definition.kind =
        fields.one_of("kind", {"event", "study-visit", "working-group-meeting", "plenary"}, true).value_or("event");
    definition.format = fields.one_of("format", {"online", "on-site", "hybrid"}, true).value_or("online");
    definition.title = fields.text("title", {.required = true, .blank_allowed = false, .max_length = 300}).value_or("");
    definition.description = fields.text("description", {.multiline = true, .max_length = 20'000}).value_or("");
    bool scheduled = false;
    if (auto schedule = decode_schedule(fields, faults, readings)) {
        definition.schedule = *std::move(schedule);
        scheduled = !asked || check_decoded(definition.schedule, faults, readings);
    }
    decode_locations(fields, definition, faults);
    auto const language = [&](std::string const& pointer, std::string const& tag) {
        if (!is_language_tag(tag)) faults.push_back({pointer, errc::invalid_value, "\"" + tag + "\" is no language tag (BCP 47) such as en or pt-PT"});
    };
    definition.locale = fields.text("locale").value_or("en");
    language(fields.at("locale"), definition.locale);
    fields.each_text("interpretation", 30, {}, [&](std::string tag, std::string const& pointer) {
        language(pointer, tag);
        definition.interpretation.push_back(std::move(tag));
    });
    if (json::object const* registration = fields.object("registration"))
        definition.registration = decode_registration(*registration, fields.at("registration"), faults);
    decode_reminders(fields, definition, asked, faults);
    definition.topics = fields.texts("topics", 50, {.blank_allowed = false, .max_length = 60});
    definition.working_group = fields.text("workingGroup").value_or("");
    definition.certainty = fields.one_of("certainty", {"idea", "tbc", "confirmed"}).value_or("");
    if (auto* window = std::get_if<calendar::Provisional>(&definition.schedule.when))
        window->certainty = definition.certainty == "idea"        ? calendar::Provisional::Certainty::idea
                            : definition.certainty == "confirmed" ? calendar::Provisional::Certainty::confirmed
                                                                  : calendar::Provisional::Certainty::to_be_confirmed;
    fields.finish();
    if (asked) check_order(definition.registration, faults);
    if (asked && scheduled) check_deadlines(definition, faults, readings);
    if (faults.empty()) return definition;
    Failure failure(std::move(faults));
    failure.arguments = std::move(readings);
    return failure;
}

}  // namespace

result<EventDefinition> decode_event(json::object const& object) { return decode(object, true); }

result<EventDefinition> decode_stored_event(json::object const& object) { return decode(object, false); }

json::object encode_event(EventDefinition const& definition) {
    json::object out;
    out["communities"] = json::value_from(definition.communities);
    out["kind"] = definition.kind;
    out["format"] = definition.format;
    out["title"] = definition.title;
    if (!definition.description.empty()) out["description"] = definition.description;
    encode_schedule(definition.schedule, out);
    if (!definition.locations.empty()) {
        json::object all;
        for (auto const& [key, location] : definition.locations) {
            json::object one{{"@type", "Location"}, {"name", location.name}};
            if (!location.description.empty()) one["description"] = location.description;
            if (!location.coordinates.empty()) one["coordinates"] = location.coordinates;
            all[key] = std::move(one);
        }
        out["locations"] = std::move(all);
    }
    if (!definition.virtual_locations.empty()) {
        json::object all;
        for (auto const& [key, location] : definition.virtual_locations) {
            json::object one{{"@type", "VirtualLocation"}, {"uri", location.uri}};
            if (!location.name.empty()) one["name"] = location.name;
            all[key] = std::move(one);
        }
        out["virtualLocations"] = std::move(all);
    }
    out["locale"] = definition.locale;
    if (!definition.interpretation.empty()) out["interpretation"] = json::value_from(definition.interpretation);
    RegistrationRules const& rules = definition.registration;
    json::object registration{{"policy", rules.policy}};
    if (rules.opens) registration["opens"] = calendar::format_local(*rules.opens);
    if (rules.closes) registration["closes"] = calendar::format_local(*rules.closes);
    json::object capacity;
    if (rules.capacity_on_site) capacity["onSite"] = *rules.capacity_on_site;
    if (rules.capacity_online) capacity["online"] = *rules.capacity_online;
    if (!capacity.empty()) registration["capacity"] = std::move(capacity);
    json::object limits;
    if (rules.per_organisation) limits["perOrganisation"] = *rules.per_organisation;
    if (rules.per_country) limits["perCountry"] = *rules.per_country;
    if (!limits.empty()) registration["limits"] = std::move(limits);
    if (rules.offer_for)
        registration["waitlist"] = {{"offerFor", calendar::format_duration(*rules.offer_for)}};
    else
        registration["waitlist"] = rules.waitlist;
    if (!rules.questions.empty()) {
        json::array questions;
        for (Question const& question : rules.questions) {
            json::object one{{"id", question.id}, {"type", question.type}, {"label", question.label},
                             {"required", question.required}, {"sensitive", question.sensitive}};
            if (!question.options.empty()) one["options"] = json::value_from(question.options);
            questions.push_back(std::move(one));
        }
        registration["questions"] = std::move(questions);
    }
    out["registration"] = std::move(registration);
    if (definition.reminders_given) out["reminders"] = json::value_from(definition.reminders);
    if (!definition.topics.empty()) out["topics"] = json::value_from(definition.topics);
    if (!definition.working_group.empty()) out["workingGroup"] = definition.working_group;
    if (!definition.certainty.empty()) out["certainty"] = definition.certainty;
    return out;
}

result<EventDefinition> patch_event(EventDefinition const& definition, json::object const& patch) {
    json::object target = encode_event(definition);
    auto const sets = [&](std::string_view name) { return patch.contains(name) && !patch.at(name).is_null(); };
    if (sets("start") && !patch.contains("provisional")) target.erase("provisional");
    if (sets("start") && !patch.contains("showWithoutTime") && patch.at("start").is_string() &&
        !patch.at("start").as_string().ends_with("T00:00:00"))
        target.erase("showWithoutTime");
    if (sets("provisional"))
        for (char const* name : {"start", "duration", "timeZone", "showWithoutTime", "recurrenceRules", "recurrenceOverrides"})
            target.erase(name);
    json::value merged = merge_patch(json::value(std::move(target)), json::value(patch));
    return decode_event(merged.as_object());
}

}  // namespace convoke::domain
