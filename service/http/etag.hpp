// Validators and conditional requests (RFC 9110 §8.8.3, §13.1). Pure.
#pragma once

#include "service/http/message.hpp"

#include <string>
#include <string_view>

namespace convoke::http {

// A strong ETag over the bytes, quoted: the first 128 bits of SHA-256 in hex.
std::string strong_etag(std::string_view bytes);
// A strong ETag around an opaque text of ours (a version number): quoted; throws std::invalid_argument for
// characters an ETag cannot hold.
std::string quoted_etag(std::string_view opaque);

// If-None-Match: true when the client already has `etag` (answer 304 to GET and HEAD, else 412).
// Weak comparison, lists, "*" (which matches any existing representation).
bool if_none_match(Request const& request, std::string_view etag);

enum class IfMatch { absent, matches, stale, malformed };
// If-Match: strong comparison, lists, "*" when `etag` is not empty. `etag` "" means there is no representation.
IfMatch if_match(Request const& request, std::string_view etag);

// Gives `response` the ETag; answers 304 instead where the request is a GET or HEAD that has it already.
Response conditional(Request const& request, Response response, std::string_view etag);

}  // namespace convoke::http
