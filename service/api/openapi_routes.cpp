#include "service/api/openapi_routes.hpp"

#include "service/api/openapi_document.hpp"
#include "service/api/resource.hpp"
#include "service/core/log.hpp"
#include "service/http/compression.hpp"
#include "service/http/etag.hpp"

#include <boost/json/serialize.hpp>

#include <mutex>

namespace convoke::api {

using http::Request;
using http::Response;

namespace {

// Made when first asked for: before that the base address may not be known.
class Description {
public:
    Response answer(Request const& request, std::string const& base_url) {
        std::call_once(made_, [&] {
            plain_ = std::make_shared<std::string const>(boost::json::serialize(openapi_document(base_url)));
            gzip_ = std::make_shared<std::string const>(http::gzip(*plain_));
        });
        bool const zipped = http::accepts_gzip(request);
        auto const& bytes = zipped ? gzip_ : plain_;
        Response response = Response::bytes("application/json", bytes);
        if (zipped) response.headers.set("Content-Encoding", "gzip");
        response.headers.set("Vary", "Accept-Encoding");
        response.headers.set("Cache-Control", "public, no-cache");
        return http::conditional(request, std::move(response), http::strong_etag(*bytes));
    }

private:
    std::once_flag made_;
    std::shared_ptr<std::string const> plain_, gzip_;
};

}  // namespace

void add_openapi_routes(http::Router& router, ApiServices const& services) {
    auto const description = std::make_shared<Description>();
    router.add(http::Method::get, std::string(api_root) + "/openapi.json", http::immediate([description, &services](Request& request) {
                   return description->answer(request, services.instance.base_url);
               }));
    Differences const found = differences(openapi_document(services.instance.base_url), router);
    for (std::string const& route : found.undescribed) core::log::warn("api", "route_not_described", {{"route", route}});
    for (std::string const& operation : found.unserved) core::log::warn("api", "operation_not_served", {{"route", operation}});
}

}  // namespace convoke::api
