#include "service/api/member_routes.hpp"

#include "service/api/conditional.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/json_body.hpp"
#include "service/api/negotiation.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"
#include "service/domain/community_codec.hpp"
#include "service/domain/documents/csv.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/members.hpp"

namespace convoke::api {
namespace {

using domain::Member;
using http::Request;
using http::Response;

// With the address of the member's own feed, which only organisers and the member get to see.
boost::json::object whole(Member const& member, usecases::Instance const& instance) {
    auto json = domain::member_to_json(member);
    json["feedUrl"] = usecases::feed_url(instance, member.person_id, member.feed_version);
    return json;
}

result<Work> add(Request const& request) {
    CONVOKE_TRY(body, json_object(request));
    CONVOKE_TRY(wanted, domain::decode_member(body));
    return Work([slug = request.param("slug"), wanted](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(member, usecases::add_member(tx, context, slug, wanted));
        return created_response(whole(member, context.instance), member.revision,
                                "/communities/" + slug + "/members/" + core::format_id(member.id));
    });
}

result<Response> list_as_csv(Transaction& tx, Context const& context, std::string const& slug, PageRequest const& page) {
    CONVOKE_TRY(members, usecases::list_members(tx, context, slug, {csv_rows + 1, page.after}));
    auto const next = cut_to_csv(members);
    return csv_response(members_as_csv(members), slug + "-members.csv", "/communities/" + slug + "/members", next);
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    CONVOKE_TRY(type, choose_media_type(request, {"application/json", "text/csv"}));
    return Work([slug = request.param("slug"), page, csv = type == "text/csv"](
                    Transaction& tx, Context const& context) -> result<Response> {
        result<Response> response = Response();
        if (csv) {
            response = list_as_csv(tx, context, slug, page);
        } else {
            CONVOKE_TRY(members, usecases::list_members(tx, context, slug, page.one_more()));
            response = list_response(page, members, [&](Member const& member) { return whole(member, context.instance); });
        }
        if (response && !csv) response->headers.set("Vary", "Accept");
        return response;
    });
}

result<Work> get(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Work([slug = request.param("slug"), id](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(member, usecases::find_member(tx, context, slug, id));
        return resource_response(whole(member, context.instance), member.revision);
    });
}

result<Work> change(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(condition, required_condition(request));
    CONVOKE_TRY(patch, json_object(request));
    return Work([slug = request.param("slug"), id, condition, patch](Transaction& tx,
                                                                     Context const& context) -> result<Response> {
        CONVOKE_TRY(member, usecases::find_member(tx, context, slug, id));
        CONVOKE_CHECK(condition.check(member.revision));
        CONVOKE_TRY(wanted, domain::decode_member(patched(domain::encode_member(member), patch)));
        CONVOKE_TRY(changed, usecases::change_member(tx, context, slug, id, member.revision, wanted));
        return resource_response(whole(changed, context.instance), changed.revision);
    });
}

result<Work> remove(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(condition, optional_condition(request));
    return Work([slug = request.param("slug"), id, condition](Transaction& tx,
                                                              Context const& context) -> result<Response> {
        CONVOKE_TRY(member, usecases::find_member(tx, context, slug, id));
        CONVOKE_CHECK(condition.check(member.revision));
        CONVOKE_CHECK(usecases::remove_member(tx, context, slug, id, member.revision));
        return Response::no_content();
    });
}

}  // namespace

std::string members_as_csv(std::vector<Member> const& members) {
    std::vector<std::string> cells{"email", "name", "organisation", "category", "country", "language", "timeZone", "role"};
    std::string out = domain::documents::csv_record(cells);
    for (auto const& member : members) {
        cells = {member.email,   member.name,     member.organisation, member.category,
                 member.country, member.language, member.time_zone,    member.role};
        out += domain::documents::csv_record(cells);
    }
    return out;
}

void add_member_routes(http::Router& router, ApiServices const& services) {
    std::string const members = std::string(api_root) + "/communities/{slug}/members";
    using http::Method;
    router.add(Method::post, members, writing(services, add));
    router.add(Method::get, members, reading(services, list));
    router.add(Method::get, members + "/{id}", reading(services, api::get));
    router.add(Method::patch, members + "/{id}", writing(services, change));
    router.add(Method::del, members + "/{id}", writing(services, remove));
}

}  // namespace convoke::api
