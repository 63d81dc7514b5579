#include "service/web/pages/event_call.hpp"

#include "service/core/ids.hpp"
#include "service/http/url.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/persons.hpp"
#include "service/usecases/registrations.hpp"

namespace convoke::web {

namespace {

Failure no_such_page() { return Failure(errc::not_found, "There is no such event."); }

}  // namespace

std::string token_of(Request const& request) {
    if (request.route.ends_with("/answer/{token}")) return request.param("token");
    if (auto const token = request.query("token")) return std::string(*token);
    if (request.method != http::Method::post) return {};
    auto const form = request.form();
    return form ? std::string(form->get("token").value_or("")) : std::string();
}

result<EventCall> find_call(Transaction& tx, WebServices const& services, Visitor const& visitor, Request const& request) {
    auto const id = core::parse_id(request.param("id"));
    if (!id) return no_such_page();
    EventCall call;
    call.actor = visitor.actor();
    call.token = token_of(request);
    if (!call.token.empty()) {
        auto const registration_id = usecases::verify_answer_token(services.instance, call.token);
        if (!registration_id) return no_such_page();
        Context const own{services.instance, services.clock.now(), domain::Actor::service()};
        CONVOKE_TRY(registration, usecases::find_registration(tx, own, *registration_id));
        if (registration.event_id != *id) return no_such_page();
        CONVOKE_TRY(holder, usecases::find_person(tx, registration.person_id));
        if (usecases::is_erased(holder)) return no_such_page();
        call.actor = domain::Actor::of_link(holder.id);
        call.person = holder;
        call.own = registration;
    } else if (visitor.session) {
        call.person = visitor.session->person;
    }
    Context const context{services.instance, services.clock.now(), call.actor};
    CONVOKE_TRY(event, usecases::find_event(tx, context, *id));
    call.event = event;
    for (std::size_t i = 0; i < event.community_ids.size() && !call.organiser; ++i) {
        if (!domain::may_organise(call.actor, event.community_ids[i])) continue;
        call.organiser = true;
        call.organised_slug = event.definition.communities[i];
    }
    if (call.person && !call.own) {
        CONVOKE_TRY(own, usecases::registration_of(tx, context, event.id, call.person->id));
        call.own = own;
    }
    return call;
}

void adopt_holder(WebServices const& services, Visitor& visitor, EventCall const& call) {
    if (visitor.session || !call.person) return;
    auto const& language = call.own && !call.own->language.empty() ? call.own->language : call.person->language;
    if (!language.empty()) visitor.language = services.templates.catalogue().match(language);
    if (visitor.zone.empty()) visitor.zone = call.own && !call.own->time_zone.empty() ? call.own->time_zone : call.person->time_zone;
}

std::string with_token(std::string const& path, std::string const& token) {
    return token.empty() ? path : path + "?token=" + http::percent_encode(token);
}

}  // namespace convoke::web
