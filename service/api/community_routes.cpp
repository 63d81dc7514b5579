#include "service/api/community_routes.hpp"

#include "service/api/conditional.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/json_body.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/domain/community_codec.hpp"
#include "service/usecases/communities.hpp"

namespace convoke::api {
namespace {

using domain::Community;
using http::Request;
using http::Response;

result<Work> create(Request const& request) {
    CONVOKE_TRY(body, json_object(request));
    CONVOKE_TRY(wanted, domain::decode_community(body));
    return Work([wanted](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(community, usecases::create_community(tx, context, wanted));
        return created_response(domain::community_to_json(community), community.revision,
                                "/communities/" + community.slug);
    });
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([page](Transaction& tx, Context const& context) -> result<Response> {
        return list_response(page, usecases::list_organised_communities(tx, context, page.one_more()),
                             domain::community_to_json);
    });
}

result<Work> get(Request const& request) {
    return Work([slug = request.param("slug")](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(community, usecases::find_organised_community(tx, context, slug));
        return resource_response(domain::community_to_json(community), community.revision);
    });
}

result<Work> change(Request const& request) {
    CONVOKE_TRY(condition, required_condition(request));
    CONVOKE_TRY(patch, json_object(request));
    return Work([slug = request.param("slug"), condition, patch](Transaction& tx,
                                                                 Context const& context) -> result<Response> {
        CONVOKE_TRY(community, usecases::find_organised_community(tx, context, slug));
        CONVOKE_CHECK(condition.check(community.revision));
        CONVOKE_TRY(wanted, domain::decode_community(patched(domain::encode_community(community), patch)));
        CONVOKE_TRY(changed, usecases::change_community(tx, context, slug, community.revision, wanted));
        return resource_response(domain::community_to_json(changed), changed.revision);
    });
}

}  // namespace

void add_community_routes(http::Router& router, ApiServices const& services) {
    using http::Method;
    std::string const communities = std::string(api_root) + "/communities";
    router.add(Method::post, communities, writing(services, create));
    router.add(Method::get, communities, reading(services, list));
    router.add(Method::get, communities + "/{slug}", reading(services, api::get));
    router.add(Method::patch, communities + "/{slug}", writing(services, change));
}

}  // namespace convoke::api
