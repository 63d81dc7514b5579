// Protection of forms against requests that another site makes a browser send. Pure but for the token's salt.
//
// Two locks, both must open: where the request comes from (Sec-Fetch-Site, Origin), and a token in the form that is
// bound to the session's secret.
#pragma once

#include "service/http/message.hpp"
#include "service/http/problem.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace convoke::http {

// The hidden field's name. Scripts may send the token as header X-CSRF-Token instead.
inline constexpr std::string_view csrf_field = "_csrf";

// A new token for the session: salted, so that it differs on every page (BREACH), and valid as long as the secret is.
std::string csrf_token(std::string_view session_secret);
// Constant time in the token's bytes.
bool csrf_token_valid(std::string_view session_secret, std::string_view token);

// Where it comes from. Safe methods pass. `own_origin` is the scheme and host of base_url
// ("https://events.example"); "" takes it from the request's Host.
std::optional<Problem> check_origin(Request const& request, std::string_view own_origin);

// Both locks for an unsafe request of a session; 403 `csrf` otherwise.
std::optional<Problem> check_csrf(Request const& request, std::string_view session_secret, std::string_view own_origin);

}  // namespace convoke::http
