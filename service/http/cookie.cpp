#include "service/http/cookie.hpp"

#include "service/http/token.hpp"

#include <stdexcept>

namespace convoke::http {
namespace {

// cookie-octet of RFC 6265 §4.1.1.
bool is_cookie_value(std::string_view text) {
    for (unsigned char c : text) {
        bool const fine = c == 0x21 || (c >= 0x23 && c <= 0x2b) || (c >= 0x2d && c <= 0x3a) ||
                          (c >= 0x3c && c <= 0x5b) || (c >= 0x5d && c <= 0x7e);
        if (!fine) return false;
    }
    return true;
}

}  // namespace

std::vector<std::pair<std::string, std::string>> parse_cookies(std::string_view header) {
    std::vector<std::pair<std::string, std::string>> cookies;
    while (!header.empty()) {
        auto const end = std::min(header.find(';'), header.size());
        auto const pair = trim(header.substr(0, end));
        header.remove_prefix(std::min(end + 1, header.size()));
        auto const equals = pair.find('=');
        if (equals == std::string_view::npos) continue;
        auto const name = trim(pair.substr(0, equals));
        auto value = trim(pair.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"') value = value.substr(1, value.size() - 2);
        if (is_token(name) && is_cookie_value(value)) cookies.emplace_back(name, value);
    }
    return cookies;
}

std::string cookie_name(std::string_view name, bool secure) {
    return secure ? "__Host-" + std::string(name) : std::string(name);
}

std::string set_cookie(std::string_view name, std::string_view value, CookieOptions options) {
    if (!is_token(name) || !is_cookie_value(value)) throw std::invalid_argument("a cookie cannot hold this text");
    auto text = cookie_name(name, options.secure) + '=' + std::string(value) + "; Path=/; HttpOnly";
    text += options.strict ? "; SameSite=Strict" : "; SameSite=Lax";
    if (options.secure) text += "; Secure";
    if (options.max_age) text += "; Max-Age=" + std::to_string(options.max_age->count());
    return text;
}

std::string expire_cookie(std::string_view name, bool secure) {
    CookieOptions options;
    options.secure = secure;
    options.max_age = std::chrono::seconds(0);
    return set_cookie(name, "", options);
}

}  // namespace convoke::http
