#include "service/web/session_guard.hpp"

#include "service/core/crypto.hpp"
#include "service/http/cookie.hpp"
#include "service/http/csrf.hpp"
#include "service/http/url.hpp"
#include "service/web/layout.hpp"
#include "service/web/pages/sign_in_page.hpp"

namespace convoke::web {

namespace {

constexpr std::chrono::days renew_below{29};

// Both go with a page whoever signs in from it; the names are the browser's, without the prefix cookie.hpp gives them.
constexpr std::string_view form_cookie = "convoke_form";
constexpr std::string_view next_cookie = "convoke_next";

std::optional<std::string> cookie_of(WebServices const& services, Request const& request, std::string_view name) {
    return request.cookie(http::cookie_name(name, secure_cookies(services)));
}

std::string origin_of(std::string const& base_url) {
    auto const host = base_url.find("://");
    return host == std::string::npos ? base_url : base_url.substr(0, base_url.find('/', host + 3));
}

awaitable<Visitor> visitor_of(WebServices const& services, Request const& request) {
    Visitor visitor = stranger(services, request);
    if (auto const token = cookie_of(services, request, session_cookie); token && !token->empty()) {
        auto const found = co_await services.db.read([&](Transaction& tx) -> result<std::optional<usecases::Session>> {
            return usecases::find_session(tx, services.clock.now(), *token);
        });
        if (found && *found) {
            visitor.session = **found;
            visitor.session_token = visitor.form_secret = *token;
            visitor.fresh_form_secret = false;
            auto const& person = visitor.session->person;
            if (!person.language.empty()) visitor.language = services.templates.catalogue().match(person.language);
            if (visitor.zone.empty()) visitor.zone = person.time_zone;
        }
    }
    co_return visitor;
}

std::optional<http::Problem> forged(WebServices const& services, Visitor const& visitor, Request const& request) {
    if (http::is_safe(request.method)) return std::nullopt;
    // A page that sends no referrer (its address holds a token) makes the browser say "Origin: null" too. Then
    // Sec-Fetch-Site, which no page can set, and the token decide.
    auto const site = request.header("Sec-Fetch-Site").value_or("same-origin");
    if (request.header("Origin").value_or("") == "null" && (site == "same-origin" || site == "none")) {
        auto const form = request.form();
        if (form && http::csrf_token_valid(visitor.form_secret, form->get(http::csrf_field).value_or(""))) return std::nullopt;
    }
    // Behind a proxy that keeps Host but is not trusted with X-Forwarded-Proto, base_url is the origin; on a machine
    // reached by another name than base_url's, Host is. A foreign site is neither.
    auto problem = http::check_csrf(request, visitor.form_secret, origin_of(services.instance.base_url));
    if (problem) problem = http::check_csrf(request, visitor.form_secret, "");
    return problem;
}

awaitable<void> renew(WebServices const& services, Visitor const& visitor) {
    if (!visitor.session || visitor.session->expires > services.clock.now() + renew_below) co_return;
    auto const context = context_of(services, visitor);
    co_await services.db.write([&](Transaction& tx) -> result<void> {
        usecases::renew_session(tx, context, visitor.session->id);
        return {};
    });
}

awaitable<Response> run(WebServices const& services, PageHandler const& handler, Request& request, bool personal) {
    Visitor visitor = co_await visitor_of(services, request);
    if (personal && !visitor.session) {
        if (http::is_safe(request.method)) co_return sign_in_instead(services, visitor, request);
        co_return Response::redirect("/sign-in");
    }
    if (auto const problem = forged(services, visitor, request)) co_return problem_page(services, visitor, request, *problem);
    if (!http::is_safe(request.method)) co_await renew(services, visitor);
    co_return co_await handler(services, std::move(visitor), request);
}

}  // namespace

bool secure_cookies(WebServices const& services) { return services.instance.base_url.starts_with("https:"); }

Visitor stranger(WebServices const& services, Request const& request) {
    Visitor visitor;
    visitor.request_id = request.request_id;
    visitor.language = services.templates.catalogue().negotiate(request.header("Accept-Language").value_or(""));
    if (auto const zone = request.query("zone"); zone && calendar::zone_exists(*zone)) visitor.zone = *zone;
    visitor.form_secret = cookie_of(services, request, form_cookie).value_or("");
    if (visitor.form_secret.size() < 22) {
        visitor.form_secret = core::base64url_encode(core::random_bytes(24));
        visitor.fresh_form_secret = true;
    }
    return visitor;
}

std::string form_secret_cookie(WebServices const& services, Visitor const& visitor) {
    return http::set_cookie(form_cookie, visitor.form_secret, {.secure = secure_cookies(services)});
}

Context context_of(WebServices const& services, Visitor const& visitor) {
    return Context{services.instance, services.clock.now(), visitor.actor(), visitor.request_id};
}

Reader reader_of(WebServices const& services, Visitor const& visitor) {
    return Reader{Phrases(services.templates.catalogue(), visitor.language), visitor.zone, services.clock.now()};
}

http::Handler page(WebServices const& services, PageHandler handler) {
    return [&services, handler = std::move(handler)](Request& request) { return run(services, handler, request, false); };
}

http::Handler personal_page(WebServices const& services, PageHandler handler) {
    return [&services, handler = std::move(handler)](Request& request) { return run(services, handler, request, true); };
}

std::string remember_next(WebServices const& services, std::string_view path) {
    return http::set_cookie(next_cookie, core::base64url_encode(path),
                            {.secure = secure_cookies(services), .max_age = usecases::login_link_life});
}

std::string remembered_next(WebServices const& services, Request const& request) {
    auto const value = cookie_of(services, request, next_cookie);
    if (!value) return {};
    auto const path = core::base64url_decode(*value);
    return path ? http::safe_local_path(*path) : std::string();
}

std::string forget_next(WebServices const& services) { return http::expire_cookie(next_cookie, secure_cookies(services)); }

}  // namespace convoke::web
