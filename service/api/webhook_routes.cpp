#include "service/api/webhook_routes.hpp"

#include "service/api/conditional.hpp"
#include "service/api/endpoint.hpp"
#include "service/api/json_body.hpp"
#include "service/api/paging.hpp"
#include "service/api/resource.hpp"
#include "service/core/ids.hpp"
#include "service/usecases/webhooks.hpp"

#include <boost/json/serialize.hpp>

namespace convoke::api {

namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

struct Place {
    std::string slug;
    std::int64_t id = 0;
};
result<Place> place_of(Request const& request) {
    CONVOKE_TRY(id, id_param(request));
    return Place{request.param("slug"), id};
}

json::object delivery_json(usecases::Delivery const& delivery) {
    json::object object{{"id", core::format_id(delivery.id)},
                        {"type", delivery.event},
                        {"state", delivery.state},
                        {"attempts", delivery.attempts},
                        {"created", calendar::format_instant(delivery.created)}};
    if (delivery.state == "pending") object["due"] = calendar::format_instant(delivery.due);
    if (delivery.delivered) object["delivered"] = calendar::format_instant(*delivery.delivered);
    if (!delivery.reply.empty()) object["reply"] = delivery.reply;
    if (!delivery.last_error.empty()) object["lastError"] = delivery.last_error;
    return object;
}

Response accepted(usecases::Delivery const& delivery) { return Response::json(json::serialize(delivery_json(delivery)), 202); }

result<Work> create(Request const& request) {
    CONVOKE_TRY(body, json_object(request));
    return Work([slug = request.param("slug"), body](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(wanted, domain::decode_webhook(body, context.instance.webhooks));
        CONVOKE_TRY(made, usecases::create_webhook(tx, context, slug, wanted));
        auto object = domain::webhook_to_json(made.hook);
        object["secret"] = made.secret;
        return created_response(object, made.hook.revision, "/communities/" + slug + "/webhooks/" + core::format_id(made.hook.id));
    });
}

result<Work> list(Request const& request) {
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([slug = request.param("slug"), page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(hooks, usecases::list_webhooks(tx, context, slug, page.one_more()));
        return list_response(page, hooks, domain::webhook_to_json);
    });
}

result<Work> get(Request const& request) {
    CONVOKE_TRY(place, place_of(request));
    return Work([place](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(hook, usecases::find_webhook(tx, context, place.slug, place.id));
        return resource_response(domain::webhook_to_json(hook), hook.revision);
    });
}

result<Work> change(Request const& request) {
    CONVOKE_TRY(place, place_of(request));
    CONVOKE_TRY(condition, required_condition(request));
    CONVOKE_TRY(patch, json_object(request));
    return Work([place, condition, patch](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(hook, usecases::find_webhook(tx, context, place.slug, place.id));
        CONVOKE_CHECK(condition.check(hook.revision));
        CONVOKE_TRY(wanted, domain::decode_webhook(patched(domain::encode_webhook(hook), patch), context.instance.webhooks));
        CONVOKE_TRY(changed, usecases::change_webhook(tx, context, place.slug, place.id, hook.revision, wanted));
        return resource_response(domain::webhook_to_json(changed), changed.revision);
    });
}

result<Work> remove(Request const& request) {
    CONVOKE_TRY(place, place_of(request));
    return Work([place](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_CHECK(usecases::remove_webhook(tx, context, place.slug, place.id));
        return Response::no_content();
    });
}

result<Work> test(Request const& request) {
    CONVOKE_TRY(place, place_of(request));
    return Work([place](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(ping, usecases::test_webhook(tx, context, place.slug, place.id));
        return accepted(ping);
    });
}

result<Work> deliveries(Request const& request) {
    CONVOKE_TRY(place, place_of(request));
    CONVOKE_CHECK(check_query(request, {"limit", "cursor"}));
    CONVOKE_TRY(page, page_request(request));
    return Work([place, page](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(found, usecases::list_deliveries(tx, context, place.slug, place.id, page.one_more()));
        return list_response(page, found, delivery_json);
    });
}

result<Work> retry(Request const& request) {
    CONVOKE_TRY(place, place_of(request));
    CONVOKE_TRY(delivery, id_param(request, "delivery"));
    return Work([place, delivery](Transaction& tx, Context const& context) -> result<Response> {
        CONVOKE_TRY(again, usecases::retry_delivery(tx, context, place.slug, place.id, delivery));
        return accepted(again);
    });
}

}  // namespace

void add_webhook_routes(http::Router& router, ApiServices const& services) {
    std::string const hooks = std::string(api_root) + "/communities/{slug}/webhooks";
    std::string const hook = hooks + "/{id}";
    router.add(Method::post, hooks, writing(services, create));
    router.add(Method::get, hooks, reading(services, list));
    router.add(Method::get, hook, reading(services, api::get));
    router.add(Method::patch, hook, writing(services, change));
    router.add(Method::del, hook, writing(services, api::remove));
    router.add(Method::post, hook + "/test", writing(services, test));
    router.add(Method::get, hook + "/deliveries", reading(services, deliveries));
    router.add(Method::post, hook + "/deliveries/{delivery}/retry", writing(services, retry));
}

}  // namespace convoke::api
