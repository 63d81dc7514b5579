#include "service/api/event_routes.hpp"

#include "calendar/jscalendar.hpp"
#include "service/api/conditional.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/event_json.hpp"
#include "service/api/json_body.hpp"
#include "service/api/negotiation.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"
#include "service/domain/entry.hpp"
#include "service/domain/event_codec.hpp"
#include "service/domain/json_fields.hpp"
#include "service/domain/series_split.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/event_split.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/outbox.hpp"
#include "service/usecases/revision.hpp"

#include <boost/json/serialize.hpp>

namespace convoke::api {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using usecases::Event;

namespace {

Response event_response(Event const& event, usecases::Instance const& instance) {
    return resource_response(event_json(event, instance), event.revision);
}

// The join link is for invited and confirmed people and for those who organise (design §4.6).
json::object visible_event_json(Context const& context, Event const& event) {
    json::object out = event_json(event, context.instance);
    if (!domain::may_organise_any(context.actor, event.community_ids)) out.erase("virtualLocations");
    return out;
}

// "linkDue" of a body: absent, null (nothing promised) or a day.
using LinkDue = std::optional<std::optional<calendar::local_days>>;

LinkDue take_link_due(json::object& body, domain::Faults& faults) {
    auto const member = body.find("linkDue");
    if (member == body.end()) return std::nullopt;
    json::value const value = member->value();
    body.erase(member);
    if (value.is_null()) return LinkDue(std::in_place);
    if (!value.is_string()) {
        faults.push_back({"/linkDue", errc::wrong_type, "a date such as \"2026-06-03\" is wanted here"});
        return std::nullopt;
    }
    auto const day = calendar::parse_date(std::string(value.as_string()));
    if (day) return LinkDue(*day);
    faults.push_back({"/linkDue", day.error().code, day.error().detail});
    return std::nullopt;
}

// The faults of all of a body: those found before the event was looked at, and the rest.
Failure with_faults(Failure const& rest, domain::Faults const& before) {
    std::vector<Fault> faults = before;
    faults.insert(faults.end(), rest.faults.begin(), rest.faults.end());
    Failure failure(std::move(faults));
    failure.arguments = rest.arguments;
    return failure;
}

// The patched definition, or the faults of all of the body.
result<domain::EventDefinition> patched_definition(Event const& event, json::object const& body, domain::Faults const& before) {
    auto definition = domain::patch_event(event.definition, body);
    if (before.empty()) return definition;
    return with_faults(definition ? Failure() : definition.error(), before);
}

result<Work> create(Request const& request) {
    CONVOKE_TRY(body, json_object(request));
    CONVOKE_TRY(definition, domain::decode_event(body));
    return Work([definition](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(event, usecases::create_event(tx, context, definition));
        return created_response(event_json(event, context.instance), event.revision, "/events/" + core::format_id(event.id));
    });
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor", "community", "from", "to", "state"}));
    CONVOKE_TRY(page, page_request(request));
    usecases::EventQuery query;
    query.limit = page.one_more().limit;
    query.after = page.after;
    if (auto const community = request.query("community")) query.community = std::string(*community);
    auto const instant = [&](std::string_view name) -> result<std::optional<calendar::sys_seconds>> {
        std::optional<calendar::sys_seconds> none;
        auto const text = request.query(name);
        if (!text) return none;
        // A day, or an instant: "2026-06-17" or "2026-06-17T08:00:00Z".
        std::string value(*text);
        if (value.ends_with("Z")) value.pop_back();
        if (value.find('T') == std::string::npos) value += "T00:00:00";
        auto const local = calendar::parse_local(value);
        if (!local) return fault_at("/" + std::string(name), errc::invalid_date, "a day such as 2026-06-17 or an instant such as 2026-06-17T08:00:00Z");
        return std::optional(calendar::sys_seconds(local->time_since_epoch()));
    };
    CONVOKE_TRY(from, instant("from"));
    CONVOKE_TRY(to, instant("to"));
    query.from = from;
    query.to = to;
    CONVOKE_TRY(state, state_query(request, {"draft", "published", "completed", "cancelled"}));
    for (auto one : {domain::EventState::draft, domain::EventState::published, domain::EventState::completed, domain::EventState::cancelled})
        if (state && name_of(one) == *state) query.state = one;
    return Work([query, page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(events, usecases::list_events(tx, context, query));
        return list_response(page, events, [&](Event const& event) { return visible_event_json(context, event); });
    });
}

constexpr std::string_view as_json = "application/json", as_jscalendar = "application/jscalendar+json", as_icalendar = "text/calendar";

result<Work> read(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(type, choose_media_type(request, {as_json, as_jscalendar, as_icalendar}));
    return Work([id, type](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(event, usecases::find_event(tx, context, id));
        if (type == as_json) return resource_response(visible_event_json(context, event), event.revision).with("Vary", "Accept");
        bool const organiser = domain::may_organise_any(context.actor, event.community_ids);
        domain::EntryView view;
        view.event_url = usecases::event_url(context.instance, event.id);
        view.registration_status = organiser ? "confirmed" : "";
        calendar::Entry const entry = domain::entry_for(event, view);
        if (type == as_jscalendar)
            return Response::bytes("application/jscalendar+json;type=event", calendar::jscalendar_text(entry)).with("Vary", "Accept");
        calendar::FeedHead head;
        head.name = event.definition.title;
        head.zone = event.zone;
        head.url = view.event_url;
        head.language = event.definition.locale;
        head.last_modified = event.updated;
        return Response::bytes("text/calendar; charset=utf-8", calendar::feed_text(head, std::span(&entry, 1))).with("Vary", "Accept");
    });
}

result<Work> change(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(condition, required_condition(request));
    CONVOKE_TRY(body, json_object(request));
    domain::Faults faults;
    auto const link_due = take_link_due(body, faults);
    return Work([id, condition, body, link_due, faults](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(event, usecases::find_event(tx, context, id));
        CONVOKE_CHECK(condition.check(event.revision));
        CONVOKE_TRY(definition, patched_definition(event, body, faults));
        // The verb looks again under the event's lock.
        CONVOKE_TRY(changed, usecases::change_event(tx, context, id, event.revision, {definition, link_due}));
        return event_response(changed, context.instance);
    });
}

result<Work> publish(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(body, optional_json_object(request));
    domain::Faults faults;
    auto const link_due = take_link_due(body, faults);
    domain::JsonFields(body, "", faults).finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return Work([id, link_due](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(event, usecases::publish_event(tx, context, id, link_due.value_or(std::nullopt)));
        return event_response(event, context.instance);
    });
}

result<Work> cancel(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(body, optional_json_object(request));
    domain::Faults faults;
    domain::JsonFields fields(body, "", faults);
    std::string const reason = fields.text("reason", {.multiline = true, .max_length = 2000}).value_or("");
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return Work([id, reason](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(event, usecases::cancel_event(tx, context, id, reason));
        return event_response(event, context.instance);
    });
}

// The date the rest begins with; nullopt with a fault.
std::optional<calendar::local_seconds> take_from(json::object& body, domain::Faults& faults) {
    auto const member = body.find("from");
    json::value const value = member == body.end() ? json::value() : member->value();
    if (member != body.end()) body.erase(member);
    if (!value.is_string()) {
        faults.push_back({"/from", value.is_null() ? errc::required : errc::wrong_type, "the start of the first date that changes, as the rule gives it: \"2027-03-01T10:00:00\""});
        return std::nullopt;
    }
    auto const from = calendar::parse_local(std::string(value.as_string()));
    if (from) return *from;
    faults.push_back({"/from", from.error().code, from.error().detail});
    return std::nullopt;
}

result<Work> split(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(condition, optional_condition(request));
    CONVOKE_TRY(body, json_object(request));
    domain::Faults faults;
    auto const from = take_from(body, faults);
    auto const link_due = take_link_due(body, faults);
    return Work([id, condition, body, from, link_due, faults](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(event, usecases::find_event(tx, context, id));
        CONVOKE_CHECK(condition.check(event.revision));
        auto parts = domain::split_definition(event.definition, from, body);
        if (!faults.empty()) return with_faults(parts ? Failure() : parts.error(), faults);
        if (!parts) return parts.error();
        CONVOKE_TRY(rest, usecases::split_event(tx, context, id, event.revision, {*from, *parts, link_due}));
        return created_response(event_json(rest, context.instance), rest.revision, "/events/" + core::format_id(rest.id));
    });
}

result<Work> forecast(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([id, page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(mails, usecases::forecast(tx, context, id));
        // Nothing here has an id yet: the cursor counts the mails.
        std::size_t const first = std::min(mails.size(), static_cast<std::size_t>(page.after.value_or(0)));
        std::size_t const end = std::min(mails.size(), first + page.limit);
        json::array items;
        for (std::size_t i = first; i < end; ++i) items.push_back(forecast_json(mails[i]));
        return list_response(page, std::move(items), end < mails.size() ? std::optional(static_cast<std::int64_t>(end)) : std::nullopt);
    });
}

}  // namespace

// A long form with many choices is long; and a text that is too long gets told so by its name.
constexpr std::size_t event_limit = 1024 * 1024 + 64 * 1024;

void add_event_routes(http::Router& router, ApiServices const& services) {
    router.add(Method::post, "/api/v1/events", writing(services, create), {.body_limit = event_limit});
    router.add(Method::get, "/api/v1/events", reading(services, list));
    router.add(Method::get, "/api/v1/events/{id}", reading(services, read));
    router.add(Method::patch, "/api/v1/events/{id}", writing(services, change), {.body_limit = event_limit});
    router.add(Method::post, "/api/v1/events/{id}/publish", writing(services, publish));
    router.add(Method::post, "/api/v1/events/{id}/cancel", writing(services, cancel));
    router.add(Method::post, "/api/v1/events/{id}/split", writing(services, split), {.body_limit = event_limit});
    router.add(Method::get, "/api/v1/events/{id}/forecast", reading(services, forecast));
}

}  // namespace convoke::api
