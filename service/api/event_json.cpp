#include "service/api/event_json.hpp"

#include "service/core/ids.hpp"
#include "service/domain/event_codec.hpp"
#include "service/domain/schedule_codec.hpp"
#include "service/usecases/capability.hpp"

namespace convoke::api {

namespace json = boost::json;

namespace {

void set_instant(json::object& out, std::string_view name, std::optional<calendar::sys_seconds> const& instant) {
    if (instant) out[name] = calendar::format_instant(*instant);
}

}  // namespace

json::object event_json(domain::Event const& event, usecases::Instance const& instance) {
    json::object out;
    out["id"] = core::format_id(event.id);
    out["uid"] = event.uid;
    out["state"] = name_of(event.state);
    for (auto& member : domain::encode_event(event.definition)) out[member.key()] = std::move(member.value());
    if (event.link_due) out["linkDue"] = calendar::format_date(*event.link_due);
    if (event.state == domain::EventState::cancelled) out["cancelReason"] = event.cancel_reason;
    out["status"] = event.state == domain::EventState::cancelled           ? "cancelled"
                    : event.definition.schedule.provisional()              ? "tentative"
                                                                           : "confirmed";
    out["sequence"] = event.sequence;
    out["created"] = calendar::format_instant(event.created);
    out["updated"] = calendar::format_instant(event.updated);
    set_instant(out, "published", event.published);
    json::object related;
    for (auto const& [uid, relation] : {std::pair(event.first_uid, "first"), std::pair(event.next_uid, "next")})
        if (!uid.empty()) related[uid] = {{"@type", "Relation"}, {"relation", {{relation, true}}}};
    if (!related.empty()) out["relatedTo"] = std::move(related);
    out["url"] = usecases::event_url(instance, event.id);
    json::array warnings;
    for (Fault const& one : domain::schedule_warnings(event.definition.schedule))
        warnings.push_back({{"pointer", one.pointer}, {"code", slug(one.code)}, {"detail", one.detail}});
    if (!warnings.empty()) out["warnings"] = std::move(warnings);
    return out;
}

json::object registration_json(domain::Registration const& registration) {
    json::object out;
    out["id"] = core::format_id(registration.id);
    out["eventId"] = core::format_id(registration.event_id);
    out["email"] = registration.email;
    out["name"] = registration.name;
    out["status"] = name_of(registration.status);
    if (registration.mode.empty())
        out["mode"] = nullptr;
    else
        out["mode"] = registration.mode;
    if (registration.position)
        out["position"] = *registration.position;
    else
        out["position"] = nullptr;
    out["organisation"] = registration.organisation;
    out["country"] = registration.country;
    out["language"] = registration.language;
    out["timeZone"] = registration.time_zone;
    json::object answers;
    for (auto const& [id, answer] : registration.answers) answers[id] = answer;
    out["answers"] = std::move(answers);
    set_instant(out, "expires", registration.expires_at);
    out["created"] = calendar::format_instant(registration.created);
    out["updated"] = calendar::format_instant(registration.updated);
    return out;
}

json::object mail_json(domain::OutboxMail const& mail) {
    json::object out;
    out["id"] = core::format_id(mail.id);
    out["kind"] = mail.kind;
    out["recipient"] = mail.recipient;
    if (mail.event_id) out["eventId"] = core::format_id(*mail.event_id);
    out["messageId"] = "<" + mail.message_id + ">";
    if (mail.sequence)
        out["sequence"] = *mail.sequence;
    else
        out["sequence"] = nullptr;
    out["state"] = mail.state;
    out["attempts"] = mail.attempts;
    if (mail.last_error.empty())
        out["lastError"] = nullptr;
    else
        out["lastError"] = mail.last_error;
    out["subject"] = mail.subject.empty() ? json::value(nullptr) : json::value(mail.subject);
    if (!mail.detail.empty()) out["detail"] = mail.detail;
    out["frozen"] = out["sent"] = nullptr;
    out["created"] = calendar::format_instant(mail.created);
    out["due"] = calendar::format_instant(mail.due);
    set_instant(out, "frozen", mail.frozen);
    set_instant(out, "sent", mail.sent);
    return out;
}

json::object forecast_json(usecases::ForecastMail const& mail) {
    json::object out{{"kind", mail.kind}, {"recipient", mail.recipient}, {"why", mail.why}};
    if (mail.due)
        out["due"] = calendar::format_instant(*mail.due);
    else
        out["due"] = nullptr;
    return out;
}

}  // namespace convoke::api
