#include "service/api/resource.hpp"

#include "service/api/conditional.hpp"
#include "service/core/ids.hpp"

#include <boost/json/serialize.hpp>

namespace convoke::api {

result<std::int64_t> id_param(http::Request const& request, std::string_view name) {
    auto const id = core::parse_id(request.param(name));
    if (!id) return Failure(errc::not_found, "there is nothing with this id");
    return *id;
}

http::Response resource_response(boost::json::object const& json, std::int64_t revision) {
    return http::Response::json(boost::json::serialize(json)).with("ETag", revision_etag(revision));
}

http::Response created_response(boost::json::object const& json, std::int64_t revision, std::string_view path) {
    return http::Response::json(boost::json::serialize(json), 201)
        .with("ETag", revision_etag(revision))
        .with("Location", std::string(api_root) + std::string(path));
}

}  // namespace convoke::api
