#include "service/http/csrf.hpp"

#include "service/core/crypto.hpp"
#include "service/http/framing_gate.hpp"

namespace convoke::http {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t salt_chars = 22;  // of 16 bytes in base64url

std::string mac(std::string_view session_secret, std::string_view salt) {
    return core::hmac_sha256(session_secret, "csrf\n" + std::string(salt));
}

Problem refused(std::string detail) { return Problem(403, "csrf", std::move(detail)); }

}  // namespace

std::string csrf_token(std::string_view session_secret) {
    auto const salt = core::base64url_encode(core::random_bytes(salt_bytes));
    return salt + core::base64url_encode(mac(session_secret, salt));
}

bool csrf_token_valid(std::string_view session_secret, std::string_view token) {
    if (session_secret.empty() || token.size() <= salt_chars || token.size() > 200) return false;
    auto const given = core::base64url_decode(token.substr(salt_chars));
    return given && core::constant_time_equal(*given, mac(session_secret, token.substr(0, salt_chars)));
}

std::optional<Problem> check_origin(Request const& request, std::string_view own_origin) {
    if (is_safe(request.method)) return std::nullopt;
    if (auto const site = request.header("Sec-Fetch-Site"); site && *site != "same-origin" && *site != "none") {
        return refused("This request comes from another site. Open the page here and send the form from it.");
    }
    auto const origin = request.header("Origin");
    if (!origin) return std::nullopt;  // old browsers and scripts: the token decides
    std::string own(own_origin);
    if (own.empty()) {
        own = request.secure ? "https://" : "http://";
        own += request.header("Host").value_or("");
    }
    if (iequals(*origin, own)) return std::nullopt;
    return refused("This request comes from another origin. Open the page here and send the form from it.");
}

std::optional<Problem> check_csrf(Request const& request, std::string_view session_secret,
                                  std::string_view own_origin) {
    if (is_safe(request.method)) return std::nullopt;
    if (auto problem = check_origin(request, own_origin)) return problem;
    std::string token(request.header("X-CSRF-Token").value_or(""));
    if (token.empty()) {
        if (auto const form = request.form()) token = form->get(csrf_field).value_or("");
    }
    if (csrf_token_valid(session_secret, token)) return std::nullopt;
    return refused("This form has expired. Go back, reload the page and send it again.");
}

}  // namespace convoke::http
