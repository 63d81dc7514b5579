#include "service/api/health_routes.hpp"

#include "service/usecases/outbox.hpp"

#include <boost/json/serialize.hpp>

namespace convoke::api {

namespace asio = boost::asio;
namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;

namespace {

asio::awaitable<Response> ready(HealthServices const& services) {
    usecases::Context const context{services.instance, services.clock.now(), domain::Actor::service()};
    auto const answered = co_await services.db.read([&](store::Transaction& tx) -> result<bool> { return usecases::anything_to_claim(tx, context); });
    json::object checks{{"database", answered ? "ok" : "unavailable"}, {"mail", services.mail_paused() ? "paused" : "ok"}};
    json::object body{{"status", answered ? "ready" : "unavailable"}, {"checks", std::move(checks)}};
    co_return Response::json(json::serialize(body), answered ? 200 : 503).with("Cache-Control", "no-store");
}

}  // namespace

void add_health_routes(http::Router& router, HealthServices const& services) {
    http::RouteOptions const options{.any_host = true, .access_log = false};
    router.add(Method::get, "/healthz", http::immediate([](Request&) { return Response::text("ok\n").with("Cache-Control", "no-store"); }), options);
    router.add(Method::get, "/readyz", [&services](Request&) { return ready(services); }, options);
}

}  // namespace convoke::api
