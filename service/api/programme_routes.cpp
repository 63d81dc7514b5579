#include "service/api/programme_routes.hpp"

#include "service/api/conditional.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/json_body.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"
#include "service/domain/community_codec.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/programmes.hpp"

namespace convoke::api {
namespace {

using domain::Programme;
using http::Request;
using http::Response;

// The pages show programmes to everybody; a token sees those of its own communities.
result<Programme> find(Transaction& tx, Context const& context, std::string const& slug, std::int64_t id) {
    CONVOKE_CHECK(usecases::find_organised_community(tx, context, slug));
    return usecases::find_programme(tx, slug, id);
}

result<Work> create(Request const& request) {
    CONVOKE_TRY(body, json_object(request));
    CONVOKE_TRY(wanted, domain::decode_programme(body));
    return Work([slug = request.param("slug"), wanted](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(programme, usecases::create_programme(tx, context, slug, wanted));
        return created_response(domain::programme_to_json(programme), programme.revision,
                                "/communities/" + slug + "/programmes/" + core::format_id(programme.id));
    });
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([slug = request.param("slug"), page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_CHECK(usecases::find_organised_community(tx, context, slug));
        CONVOKE_TRY(programmes, usecases::list_programmes(tx, slug, page.one_more()));
        return list_response(page, programmes, domain::programme_to_json);
    });
}

result<Work> get(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Work([slug = request.param("slug"), id](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(programme, find(tx, context, slug, id));
        return resource_response(domain::programme_to_json(programme), programme.revision);
    });
}

result<Work> change(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(condition, required_condition(request));
    CONVOKE_TRY(patch, json_object(request));
    return Work([slug = request.param("slug"), id, condition, patch](Transaction& tx,
                                                                     Context const& context) -> result<Response> {
        CONVOKE_TRY(programme, find(tx, context, slug, id));
        CONVOKE_CHECK(condition.check(programme.revision));
        CONVOKE_TRY(wanted, domain::decode_programme(patched(domain::encode_programme(programme), patch)));
        CONVOKE_TRY(changed, usecases::change_programme(tx, context, slug, id, programme.revision, wanted));
        return resource_response(domain::programme_to_json(changed), changed.revision);
    });
}

result<Work> remove(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    CONVOKE_TRY(condition, optional_condition(request));
    return Work([slug = request.param("slug"), id, condition](Transaction& tx,
                                                              Context const& context) -> result<Response> {
        CONVOKE_TRY(programme, find(tx, context, slug, id));
        CONVOKE_CHECK(condition.check(programme.revision));
        CONVOKE_CHECK(usecases::remove_programme(tx, context, slug, id, programme.revision));
        return Response::no_content();
    });
}

}  // namespace

void add_programme_routes(http::Router& router, ApiServices const& services) {
    std::string const programmes = std::string(api_root) + "/communities/{slug}/programmes";
    using http::Method;
    router.add(Method::post, programmes, writing(services, create), {.body_limit = 256 * 1024});
    router.add(Method::get, programmes, reading(services, list));
    router.add(Method::get, programmes + "/{id}", reading(services, api::get));
    router.add(Method::patch, programmes + "/{id}", writing(services, change), {.body_limit = 256 * 1024});
    router.add(Method::del, programmes + "/{id}", writing(services, remove));
}

}  // namespace convoke::api
