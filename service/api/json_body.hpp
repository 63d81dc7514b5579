// The body of a request as JSON (RFC 8259), read strictly. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"

#include <boost/json/object.hpp>

#include <string_view>

namespace convoke::api {

inline constexpr std::size_t json_depth_limit = 32;

// One JSON object and nothing behind it. errc: json_syntax (line and column in the detail), json_too_deep,
// json_duplicate_key (with the key's pointer), bad_encoding (not UTF-8, or half of a surrogate pair), out_of_range (a
// number that no machine can hold), wrong_type (no object).
result<boost::json::object> parse_json_object(std::string_view text);

// The body, which must say that it is JSON: application/json or, for PATCH, application/merge-patch+json (RFC 7396).
// errc::unsupported_media_type besides.
result<boost::json::object> json_object(http::Request const& request);

// The same, but no body at all is an empty object.
result<boost::json::object> optional_json_object(http::Request const& request);

// RFC 7396: what becomes of `target`.
boost::json::object patched(boost::json::object target, boost::json::object const& patch);

}  // namespace convoke::api
