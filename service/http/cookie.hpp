// Cookies: reading the header, writing Set-Cookie (RFC 6265bis). Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::http {

// Name and value pairs of a Cookie header, in order; what is malformed is left out.
std::vector<std::pair<std::string, std::string>> parse_cookies(std::string_view header);

// The name a cookie goes by: "__Host-NAME" over HTTPS, so that no other host of the domain can plant it.
std::string cookie_name(std::string_view name, bool secure);

struct CookieOptions {
    bool secure = true;                           // takes the __Host- prefix and the Secure attribute
    std::optional<std::chrono::seconds> max_age;  // none: ends with the browser
    bool strict = false;                          // SameSite=Strict instead of Lax
};

// The value of a Set-Cookie header: HttpOnly, Path=/, SameSite. Throws std::invalid_argument for names and values
// that need quoting (ours are base64url).
std::string set_cookie(std::string_view name, std::string_view value, CookieOptions options);
// The Set-Cookie that removes it.
std::string expire_cookie(std::string_view name, bool secure);

}  // namespace convoke::http
