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
#include "service/domain/registration_request.hpp"
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

// What they should know beside the registration itself.
json::array warnings_for(Context const& context, usecases::Event const& event) {
    json::array warnings;
    for (auto const& reminder : usecases::skipped_reminders(context, event))
        warnings.push_back({{"code", "reminder_already_due"},
                            {"detail", "the reminder " + reminder.lead + " before the start was due on " +
                                           domain::say_deadline(calendar::to_local(reminder.due, event.zone).local, event.zone) +
                                           "; it is skipped, since the mail about this registration says the same"}});
    return warnings;
}

result<Work> create(Request const& request) {
    CONVOKE_TRY(event_id, id_param(request));
    CONVOKE_TRY(body, json_object(request));
    // Faults of reading are named together with those that only the event can tell.
    return Work([event_id, asked = domain::decode_registration_request(body)](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(registration, usecases::register_participant(tx, context, event_id, asked));
        CONVOKE_TRY(event, usecases::find_event(tx, context, event_id));
        json::object body = registration_json(registration);
        if (json::array warnings = warnings_for(context, event); !warnings.empty()) body["warnings"] = std::move(warnings);
        return created_response(body, registration.revision, "/registrations/" + core::format_id(registration.id));
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
        query.limit = csv ? csv_rows + 1 : page.one_more().limit;
        query.after = page.after;
        CONVOKE_TRY(registrations, usecases::list_registrations(tx, context, query));
        if (!csv) return list_response(page, registrations, registration_json).with("Vary", "Accept");
        CONVOKE_TRY(event, usecases::find_event(tx, context, event_id));
        auto const next = cut_to_csv(registrations);
        return csv_response(csv_of(event, registrations), "registrations.csv", "/events/" + core::format_id(event_id) + "/registrations", next);
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
