#include "service/api/endpoint.hpp"
#include "service/api/event_json.hpp"
#include "service/api/event_routes.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/outbox.hpp"

#include <boost/json/serialize.hpp>

namespace convoke::api {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor", "event", "recipient", "state"}));
    CONVOKE_TRY(page, page_request(request));
    usecases::OutboxQuery query;
    query.limit = page.one_more().limit;
    query.after = page.after;
    CONVOKE_TRY(event_id, event_query(request));
    query.event_id = event_id;
    if (auto const recipient = request.query("recipient")) query.recipient = std::string(*recipient);
    CONVOKE_TRY(state, state_query(request, {"pending", "sending", "sent", "failed", "superseded"}));
    query.state = state;
    return Work([query, page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(mails, usecases::list_outbox(tx, context, query));
        return list_response(page, mails, mail_json);
    });
}

result<Work> read(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Work([id](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(mail, usecases::find_mail(tx, context, id));
        return Response::json(json::serialize(mail_json(mail)));
    });
}

}  // namespace

void add_outbox_routes(http::Router& router, ApiServices const& services) {
    router.add(Method::get, "/api/v1/outbox", reading(services, list));
    router.add(Method::get, "/api/v1/outbox/{id}", reading(services, read));
}

}  // namespace convoke::api
