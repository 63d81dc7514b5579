#include "service/http/cookie.hpp"
#include "service/http/csrf.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace convoke::http;

TEST_CASE("cookies are read leniently and never misread", "[http][cookie]") {
    auto const all = parse_cookies("a=1; b=\"2\";c=3 ; bad; =x; d=a b; e=1=2; a=9");
    REQUIRE(all.size() == 5);
    CHECK(all[0] == std::pair<std::string, std::string>("a", "1"));
    CHECK(all[1].second == "2");
    CHECK(all[2].second == "3");
    CHECK(all[3].second == "1=2");
    Request request(Method::get, "/");
    request.headers.add("Cookie", "a=1; b=2");
    CHECK(request.cookie("b") == "2");
    CHECK_FALSE(request.cookie("A"));
    CHECK(parse_cookies(std::string(100000, ';')).empty());
}

TEST_CASE("cookies are set for this host only", "[http][cookie]") {
    CHECK(set_cookie("session", "abc", {}) == "__Host-session=abc; Path=/; HttpOnly; SameSite=Lax; Secure");
    CookieOptions plain;
    plain.secure = false;
    plain.strict = true;
    plain.max_age = std::chrono::hours(1);
    CHECK(set_cookie("session", "abc", plain) == "session=abc; Path=/; HttpOnly; SameSite=Strict; Max-Age=3600");
    CHECK(expire_cookie("session", true).find("Max-Age=0") != std::string::npos);
    CHECK_THROWS_AS(set_cookie("session", "a;b", {}), std::invalid_argument);
    CHECK_THROWS_AS(set_cookie("session", "a\r\nb", {}), std::invalid_argument);
    CHECK_THROWS_AS(set_cookie("a b", "x", {}), std::invalid_argument);
}

TEST_CASE("a token is good for its session alone", "[http][csrf]") {
    auto const token = csrf_token("secret");
    CHECK(csrf_token_valid("secret", token));
    CHECK(csrf_token("secret") != token);
    CHECK_FALSE(csrf_token_valid("other", token));
    CHECK_FALSE(csrf_token_valid("", token));
    CHECK_FALSE(csrf_token_valid("secret", ""));
    CHECK_FALSE(csrf_token_valid("secret", token.substr(1)));
    CHECK_FALSE(csrf_token_valid("secret", token + "A"));
    for (std::size_t i = 0; i < token.size(); ++i) {
        auto changed = token;
        changed[i] = changed[i] == 'A' ? 'B' : 'A';
        CHECK_FALSE(csrf_token_valid("secret", changed));
    }
}

TEST_CASE("where a request comes from", "[http][csrf]") {
    std::string const own = "https://events.example";
    auto const passes = [&](char const* name, char const* value, Method method = Method::post) {
        Request request(method, "/");
        request.headers.set("Host", "events.example");
        if (name) request.headers.set(name, value);
        return !check_origin(request, own);
    };
    CHECK(passes(nullptr, nullptr));
    CHECK(passes("Origin", "https://events.example"));
    CHECK(passes("Sec-Fetch-Site", "same-origin"));
    CHECK(passes("Sec-Fetch-Site", "none"));
    CHECK(passes("Origin", "https://evil.example", Method::get));
    CHECK_FALSE(passes("Origin", "https://evil.example"));
    CHECK_FALSE(passes("Origin", "http://events.example"));
    CHECK_FALSE(passes("Origin", "null"));
    CHECK_FALSE(passes("Origin", ""));
    CHECK_FALSE(passes("Origin", "https://events.example.evil.example"));
    CHECK_FALSE(passes("Sec-Fetch-Site", "cross-site"));
    CHECK_FALSE(passes("Sec-Fetch-Site", "same-site"));

    Request local(Method::post, "/");
    local.headers.set("Host", "127.0.0.1:8080");
    local.headers.set("Origin", "http://127.0.0.1:8080");
    CHECK_FALSE(check_origin(local, ""));
    local.secure = true;
    CHECK(check_origin(local, ""));
}

TEST_CASE("a form passes with both locks open", "[http][csrf]") {
    Request request(Method::post, "/");
    request.headers.set("Host", "x");
    request.headers.set("Content-Type", "application/x-www-form-urlencoded");
    CHECK(check_csrf(request, "secret", "")->status == 403);
    request.body = "a=b&_csrf=" + csrf_token("secret");
    CHECK_FALSE(check_csrf(request, "secret", ""));
    CHECK(check_csrf(request, "other", "")->code == "csrf");
    request.headers.set("Origin", "https://evil.example");
    CHECK(check_csrf(request, "secret", ""));

    Request script(Method::del, "/");
    script.headers.set("X-CSRF-Token", csrf_token("secret"));
    CHECK_FALSE(check_csrf(script, "secret", ""));
    CHECK_FALSE(check_csrf(Request(Method::get, "/"), "secret", ""));
}
