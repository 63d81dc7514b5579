#include "service/api/audit_routes.hpp"

#include "calendar/zone.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"

#include <charconv>

namespace convoke::api {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

// "token:4711" as {"kind":"token","id":"…","name":"…"}; kinds without an id stand alone.
json::object actor_json(std::string_view actor, std::string const& token_name) {
    auto const colon = actor.find(':');
    json::object object{{"kind", actor.substr(0, colon)}};
    std::int64_t id = 0;
    if (colon != std::string_view::npos) {
        std::from_chars(actor.data() + colon + 1, actor.data() + actor.size(), id);
        object["id"] = core::format_id(id);
    }
    if (!token_name.empty()) object["name"] = token_name;
    return object;
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor", "community", "event"}));
    CONVOKE_TRY(page, page_request(request));
    usecases::AuditQuery query;
    query.page = page.one_more();
    if (auto const community = request.query("community")) query.community = std::string(*community);
    CONVOKE_TRY(event_id, event_query(request));
    query.event_id = event_id;
    return Work([query, page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(lines, usecases::list_audit(tx, context, query));
        return list_response(page, lines, audit_json);
    });
}

}  // namespace

json::object audit_json(usecases::AuditLine const& audit) {
    auto const& line = audit.line;
    json::object object{{"id", core::format_id(line.id)},
                        {"at", calendar::format_instant(line.at)},
                        {"actor", actor_json(line.actor, audit.token_name)},
                        {"action", line.action}};
    if (!audit.community_slug.empty()) object["community"] = audit.community_slug;
    if (line.event_id) object["event"] = core::format_id(*line.event_id);
    if (line.person_id) object["person"] = core::format_id(*line.person_id);
    if (!line.detail.empty()) object["detail"] = line.detail;
    if (!line.request_id.empty()) object["requestId"] = line.request_id;
    if (line.position) {
        object["position"] = *line.position;
        object["hash"] = line.hash;
    }
    return object;
}

void add_audit_routes(http::Router& router, ApiServices const& services) {
    router.add(Method::get, std::string(api_root) + "/audit", reading(services, list));
}

}  // namespace convoke::api
