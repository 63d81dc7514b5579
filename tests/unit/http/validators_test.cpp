#include "service/http/etag.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace convoke::http;

namespace {

Request with(char const* name, std::string const& value, Method method = Method::get) {
    Request request(method, "/");
    request.headers.set(name, value);
    return request;
}

}  // namespace

TEST_CASE("strong ETags follow the bytes", "[http][etag]") {
    CHECK(strong_etag("a") == strong_etag("a"));
    CHECK(strong_etag("a") != strong_etag("b"));
    CHECK(strong_etag("") == "\"e3b0c44298fc1c149afbf4c8996fb924\"");
    CHECK(quoted_etag("7") == "\"7\"");
    CHECK_THROWS_AS(quoted_etag("a\"b"), std::invalid_argument);
    CHECK_THROWS_AS(quoted_etag("a b"), std::invalid_argument);
}

TEST_CASE("If-None-Match compares weakly", "[http][etag]") {
    auto const has = [](std::string const& value) { return if_none_match(with("If-None-Match", value), "\"a\""); };
    for (auto yes : {"\"a\"", "W/\"a\"", "\"b\", \"a\"", "\"b\",\"a\"", "*", " * ", ", \"a\" ,", "W/\"b\", W/\"a\""}) CHECK(has(yes));
    for (auto no : {"", "\"b\"", "a", "\"a", "w/\"a\"", "\"a\" \"b\"", "\"b\", a", "\"a\"x", "**"}) {
        INFO(no);
        CHECK_FALSE(has(no));
    }
    CHECK_FALSE(if_none_match(Request(Method::get, "/"), "\"a\""));
    CHECK(if_none_match(with("If-None-Match", "\"a\""), "W/\"a\""));
    CHECK_FALSE(if_none_match(with("If-None-Match", "*"), ""));
    CHECK(if_none_match(with("If-None-Match", "\"x,y\""), "\"x,y\""));
}

TEST_CASE("If-Match compares strongly", "[http][etag]") {
    auto const match = [](std::string const& value, std::string const& etag = "\"a\"") {
        return if_match(with("If-Match", value, Method::patch), etag);
    };
    CHECK(if_match(Request(Method::patch, "/"), "\"a\"") == IfMatch::absent);
    CHECK(match("\"a\"") == IfMatch::matches);
    CHECK(match("\"b\", \"a\"") == IfMatch::matches);
    CHECK(match("*") == IfMatch::matches);
    CHECK(match("*", "") == IfMatch::stale);
    CHECK(match("\"b\"") == IfMatch::stale);
    CHECK(match("W/\"a\"") == IfMatch::stale);
    CHECK(match("\"a\"", "W/\"a\"") == IfMatch::stale);
    CHECK(match("a") == IfMatch::malformed);
    CHECK(match("") == IfMatch::malformed);
}

TEST_CASE("a client that has it gets 304, with what its cache needs", "[http][etag]") {
    auto full = Response::text("abc").with("Cache-Control", "private").with("Vary", "Accept");
    auto const again = conditional(with("If-None-Match", "\"a\""), full, "\"a\"");
    CHECK(again.status == 304);
    CHECK(again.body().empty());
    CHECK(again.headers.get("ETag") == "\"a\"");
    CHECK(again.headers.get("Cache-Control") == "private");
    CHECK(again.headers.get("Vary") == "Accept");
    CHECK_FALSE(again.headers.has("Content-Type"));
    CHECK(conditional(with("If-None-Match", "\"b\""), full, "\"a\"").status == 200);
    CHECK(conditional(with("If-None-Match", "\"a\"", Method::post), full, "\"a\"").status == 200);
    CHECK(conditional(with("If-None-Match", "\"a\""), Response::text("x", 404), "\"a\"").status == 404);
}
