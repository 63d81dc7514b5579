#include "service/api/endpoint.hpp"
#include "service/api/event_json.hpp"
#include "service/api/event_routes.hpp"
#include "service/api/json_body.hpp"
#include "service/api/paging.hpp"
#include "service/api/negotiation.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"
#include "service/domain/documents/csv.hpp"
#include "service/domain/json_fields.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/registrations.hpp"

#include <boost/json/serialize.hpp>

namespace convoke::api {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using usecases::Answer;
using usecases::Registration;

namespace {

Response registration_response(Registration const& registration) {
    return resource_response(registration_json(registration), registration.revision);
}

result<usecases::RegistrationRequest> decode_request(json::object const& body) {
    domain::Faults faults;
    domain::JsonFields fields(body, "", faults);
    usecases::RegistrationRequest request;
    request.email = fields.text("email", {.required = true, .blank_allowed = false, .max_length = 320}).value_or("");
    request.name = fields.text("name").value_or("");
    request.mode = fields.one_of("mode", {"on-site", "online"}).value_or("");
    request.language = fields.text("language").value_or("");
    request.time_zone = fields.text("timeZone").value_or("");
    request.organisation = fields.text("organisation").value_or("");
    request.country = fields.text("country").value_or("");
    if (json::object const* answers = fields.object("answers")) {
        domain::JsonFields each(*answers, fields.at("answers"), faults);
        for (auto const& member : *answers) {
            std::string const id(member.key());
            if (member.value().is_bool())
                request.answers[id] = member.value().as_bool() ? "true" : "false";
            else if (auto const text = each.text(id, {.multiline = true, .max_length = 2000}))
                request.answers[id] = *text;
        }
    }
    fields.finish();
    if (!faults.empty()) return Failure(std::move(faults));
    return request;
}

result<Work> create(Request const& request) {
    CONVOKE_TRY(event_id, id_param(request));
    CONVOKE_TRY(body, json_object(request));
    CONVOKE_TRY(asked, decode_request(body));
    return Work([event_id, asked](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(registration, usecases::register_participant(tx, context, event_id, asked));
        return created_response(registration_json(registration), registration.revision,
                                "/registrations/" + core::format_id(registration.id));
    });
}

std::string csv_of(usecases::Event const& event, std::vector<Registration> const& registrations) {
    std::string text;
    std::vector<std::string> head{"id", "email", "name", "status", "mode", "position", "organisation", "country", "language", "timeZone"};
    for (auto const& question : event.definition.registration.questions) head.push_back(question.label);
    text += domain::documents::csv_record(head);
    for (Registration const& one : registrations) {
        std::vector<std::string> row{core::format_id(one.id), one.email, one.name, std::string(name_of(one.status)),
                                     one.mode, one.position ? std::to_string(*one.position) : "", one.organisation, one.country,
                                     one.language, one.time_zone};
        for (auto const& question : event.definition.registration.questions) {
            auto const answer = one.answers.find(question.id);
            row.push_back(answer == one.answers.end() ? "" : answer->second);
        }
        text += domain::documents::csv_record(row);
    }
    return text;
}

result<Work> list(Request const& request) {
    CONVOKE_TRY(event_id, id_param(request));
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    CONVOKE_TRY(type, choose_media_type(request, {"application/json", "text/csv"}));
    bool const csv = type == "text/csv";
    return Work([=](Transaction& tx, Context const& context) -> result<Response> {
        usecases::RegistrationQuery query;
        query.event_id = event_id;
        query.limit = csv ? 100'000 : page.one_more().limit;
        query.after = csv ? std::nullopt : page.after;
        CONVOKE_TRY(registrations, usecases::list_registrations(tx, context, query));
        if (csv) {
            CONVOKE_TRY(event, usecases::find_event(tx, context, event_id));
            return Response::bytes("text/csv; charset=utf-8", csv_of(event, registrations))
                .with("Content-Disposition", "attachment; filename=\"registrations.csv\"");
        }
        return list_response(page, registrations, registration_json);
    });
}

result<Work> read(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Work([id](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(registration, usecases::find_registration(tx, context, id));
        return registration_response(registration);
    });
}

Prepare answering(Answer answer) {
    return [answer](Request const& request) -> result<Work> {
        CONVOKE_TRY(id, id_param(request));
        CONVOKE_TRY(body, optional_json_object(request));
        domain::Faults faults;
        domain::JsonFields fields(body, "", faults);
        std::optional<std::string> mode;
        if (answer == Answer::confirm) mode = fields.one_of("mode", {"on-site", "online"});
        fields.finish();
        if (!faults.empty()) return Failure(std::move(faults));
        return Work([id, answer, mode](Transaction& tx, Context const& context) -> result<Response> {
            CONVOKE_TRY(registration, usecases::answer_registration(tx, context, id, answer, mode));
            return registration_response(registration);
        });
    };
}

}  // namespace

void add_registration_routes(http::Router& router, ApiServices const& services) {
    router.add(Method::post, "/api/v1/events/{id}/registrations", writing(services, create));
    router.add(Method::get, "/api/v1/events/{id}/registrations", reading(services, list));
    router.add(Method::get, "/api/v1/registrations/{id}", reading(services, read));
    router.add(Method::post, "/api/v1/registrations/{id}/confirm", writing(services, answering(Answer::confirm)));
    router.add(Method::post, "/api/v1/registrations/{id}/decline", writing(services, answering(Answer::decline)));
    router.add(Method::post, "/api/v1/registrations/{id}/cancel", writing(services, answering(Answer::cancel)));
    router.add(Method::post, "/api/v1/registrations/{id}/approve", writing(services, answering(Answer::approve)));
    router.add(Method::post, "/api/v1/registrations/{id}/attend", writing(services, answering(Answer::attend)));
}

}  // namespace convoke::api
