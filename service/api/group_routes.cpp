#include "service/api/group_routes.hpp"

#include "service/api/conditional.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/json_body.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/domain/community_codec.hpp"
#include "service/usecases/groups.hpp"

namespace convoke::api {
namespace {

using http::Request;
using http::Response;

struct Place {
    std::string community, group;
};
Place place_of(Request const& request) { return {request.param("slug"), request.param("group")}; }

result<Work> create(Request const& request) {
    CONVOKE_TRY(body, json_object(request));
    CONVOKE_TRY(wanted, domain::decode_working_group(body));
    return Work([slug = request.param("slug"), wanted](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(group, usecases::create_group(tx, context, slug, wanted));
        return created_response(domain::working_group_to_json(group), group.revision,
                                "/communities/" + slug + "/groups/" + group.slug);
    });
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([slug = request.param("slug"), page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(groups, usecases::list_groups(tx, context, slug, page.one_more()));
        return list_response(page, groups, domain::working_group_to_json);
    });
}

result<Work> get(Request const& request) {
    return Work([place = place_of(request)](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(group, usecases::find_group(tx, context, place.community, place.group));
        return resource_response(domain::working_group_to_json(group), group.revision);
    });
}

result<Work> change(Request const& request) {
    CONVOKE_TRY(condition, required_condition(request));
    CONVOKE_TRY(patch, json_object(request));
    return Work([place = place_of(request), condition, patch](Transaction& tx,
                                                              Context const& context) -> result<Response> {
        CONVOKE_TRY(group, usecases::find_group(tx, context, place.community, place.group));
        CONVOKE_CHECK(condition.check(group.revision));
        CONVOKE_TRY(wanted, domain::decode_working_group(patched(domain::encode_working_group(group), patch)));
        CONVOKE_TRY(changed, usecases::change_group(tx, context, place.community, place.group, group.revision, wanted));
        return resource_response(domain::working_group_to_json(changed), changed.revision);
    });
}

result<Work> list_members(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([place = place_of(request), page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(members,
                    usecases::list_group_members(tx, context, place.community, place.group, page.one_more()));
        return list_response(page, members, domain::member_to_json);
    });
}

result<Work> put_member(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Work([place = place_of(request), id](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_CHECK(usecases::put_group_member(tx, context, place.community, place.group, id));
        return Response::no_content();
    });
}

result<Work> remove_member(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Work([place = place_of(request), id](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_CHECK(usecases::remove_group_member(tx, context, place.community, place.group, id));
        return Response::no_content();
    });
}

}  // namespace

void add_group_routes(http::Router& router, ApiServices const& services) {
    std::string const groups = std::string(api_root) + "/communities/{slug}/groups";
    std::string const group = groups + "/{group}";
    using http::Method;
    router.add(Method::post, groups, writing(services, create));
    router.add(Method::get, groups, reading(services, list));
    router.add(Method::get, group, reading(services, api::get));
    router.add(Method::patch, group, writing(services, change));
    router.add(Method::get, group + "/members", reading(services, list_members));
    router.add(Method::put, group + "/members/{id}", writing(services, put_member));
    router.add(Method::del, group + "/members/{id}", writing(services, remove_member));
}

}  // namespace convoke::api
