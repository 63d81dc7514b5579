#include "service/api/answer_routes.hpp"

#include "service/api/endpoint.hpp"
#include "service/api/paging.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/answers.hpp"

#include <boost/json/object.hpp>

namespace convoke::api {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

json::object answer_json(usecases::MailAnswer const& answer) {
    json::object out;
    out["id"] = core::format_id(answer.id);
    out["state"] = answer.state;
    if (!answer.reason.empty()) out["reason"] = answer.reason;
    if (!answer.detail.empty()) out["detail"] = answer.detail;
    if (answer.event_id) out["eventId"] = core::format_id(*answer.event_id);
    if (answer.registration_id) out["registrationId"] = core::format_id(*answer.registration_id);
    out["from"] = answer.sender;
    if (!answer.answer.empty()) out["answer"] = answer.answer;
    if (!answer.comment.empty()) out["comment"] = answer.comment;
    out["received"] = calendar::format_instant(answer.received);
    return out;
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor", "event", "state"}));
    CONVOKE_TRY(page, page_request(request));
    usecases::AnswerQuery query;
    query.page = page.one_more();
    CONVOKE_TRY(event_id, event_query(request));
    query.event_id = event_id;
    CONVOKE_TRY(state, state_query(request, {"counted", "noted", "unverified", "unprocessed"}));
    query.state = state;
    return Work([query, page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(answers, usecases::list_answers(tx, context, query));
        return list_response(page, answers, answer_json);
    });
}

}  // namespace

void add_answer_routes(http::Router& router, ApiServices const& services) {
    router.add(Method::get, "/api/v1/answers", reading(services, list));
}

}  // namespace convoke::api
