// Percent-decoding of paths, queries and forms (RFC 3986, WHATWG urlencoded). Pure.
#pragma once

#include "service/http/message.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::http {

// Strict: every % is followed by two hex digits. `plus_is_space` for queries and forms.
std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space = false);
// Everything but unreserved characters is escaped: safe in a path segment and in a query value.
std::string percent_encode(std::string_view text);

// The decoded segments of a path ("/" gives none). nullopt for broken escapes, an encoded slash or backslash,
// control characters, "." and "..", empty segments, not UTF-8.
std::optional<std::vector<std::string>> path_segments(std::string_view path);

// name=value pairs joined by &. nullopt for broken escapes, NUL, not UTF-8, more than `limit` pairs.
std::optional<Fields> parse_urlencoded(std::string_view text, std::size_t limit = 1000);

// A place on this site to go to after signing in: a path that begins with one slash and holds no backslash, control
// character or encoded slash at its start; anything else becomes "/".
std::string safe_local_path(std::string_view wanted);

// Well-formed UTF-8 (no surrogates, no overlong forms).
bool is_utf8(std::string_view text);

}  // namespace convoke::http
