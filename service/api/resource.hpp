// Small things every resource of the API needs. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <string>
#include <string_view>

namespace convoke::api {

inline constexpr std::string_view api_root = "/api/v1";

// A path parameter that is an id; errc::not_found when the text cannot be one.
result<std::int64_t> id_param(http::Request const& request, std::string_view name = "id");

// 200 with the ETag of the revision.
http::Response resource_response(boost::json::object const& json, std::int64_t revision);
// 201 with Location. `path` begins behind the API's root: "/communities/cop-mi".
http::Response created_response(boost::json::object const& json, std::int64_t revision, std::string_view path);

}  // namespace convoke::api
