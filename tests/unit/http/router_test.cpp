#include "service/http/router.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace convoke::http;

namespace {

Router table(std::vector<std::pair<Method, std::string>> rows) {
    Router router;
    for (auto const& [method, pattern] : rows) {
        router.add(method, pattern, immediate([](Request& request) { return Response::text(request.route); }));
    }
    return router;
}

// The pattern that serves it, or the status of the refusal.
std::string where(Router const& router, std::string const& path, Method method = Method::get) {
    Request request(method, path);
    auto const found = router.match(request);
    return found.refused ? std::to_string(found.refused->status) : found.route->pattern;
}

Response run(Router const& router, Request& request) {
    boost::asio::io_context io;
    std::optional<Response> got;
    auto work = [](Router const& r, Request& q, std::optional<Response>& out) -> boost::asio::awaitable<void> {
        out = co_await r.dispatch(q);
    };
    boost::asio::co_spawn(io, work(router, request, got), boost::asio::detached);
    io.run();
    return std::move(got).value();
}

}  // namespace

TEST_CASE("the most specific pattern wins, whatever the order of the table", "[http][router]") {
    std::vector<std::pair<Method, std::string>> rows{
        {Method::get, "/e/{id}"},          {Method::get, "/e/{id}.ics"},   {Method::get, "/e/new"},
        {Method::get, "/feeds/{token}.ics"}, {Method::get, "/e/{id}/register"}, {Method::get, "/static/{file...}"},
        {Method::get, "/"},                {Method::get, "/c/{slug}/calendar.ics"}, {Method::get, "/static/special"}};
    for (int turn = 0; turn < 2; ++turn) {
        auto const router = table(rows);
        CHECK(where(router, "/") == "/");
        CHECK(where(router, "/e/7") == "/e/{id}");
        CHECK(where(router, "/e/7.ics") == "/e/{id}.ics");
        CHECK(where(router, "/e/.ics") == "404");
        CHECK(where(router, "/e/new") == "/e/new");
        CHECK(where(router, "/e/new/register") == "/e/{id}/register");
        CHECK(where(router, "/e/7/register") == "/e/{id}/register");
        CHECK(where(router, "/feeds/abc.ics") == "/feeds/{token}.ics");
        CHECK(where(router, "/feeds/abc") == "404");
        CHECK(where(router, "/c/cop/calendar.ics") == "/c/{slug}/calendar.ics");
        CHECK(where(router, "/static/a/b.css") == "/static/{file...}");
        CHECK(where(router, "/static/special") == "/static/special");
        CHECK(where(router, "/static") == "404");
        CHECK(where(router, "/e/7/") == "308");
        CHECK(where(router, "/e/7//") == "400");
        CHECK(where(router, "/nowhere/") == "404");
        CHECK(where(router, "/nowhere") == "404");
        std::reverse(rows.begin(), rows.end());
    }
}

TEST_CASE("an event's page does not take its calendar's address, even for another method", "[http][router]") {
    auto const router = table({{Method::get, "/e/{id}.ics"}, {Method::get, "/e/{id}"}, {Method::post, "/e/{id}"}});
    CHECK(where(router, "/e/x.ics", Method::post) == "405");
    CHECK(where(router, "/e/x", Method::post) == "/e/{id}");
}

TEST_CASE("parameters are decoded, segment by segment", "[http][router]") {
    auto const router = table({{Method::get, "/c/{slug}/m/{id}.txt"}, {Method::get, "/s/{rest...}"}});
    Request request(Method::get, "/c/caf%C3%A9/m/a%2Eb.txt?x=1");
    REQUIRE(router.match(request).route);
    CHECK(request.param("slug") == "caf\xc3\xa9");
    CHECK(request.param("id") == "a.b");
    CHECK_THROWS_AS(request.param("other"), std::out_of_range);
    Request rest(Method::get, "/s/a/b%20c");
    REQUIRE(router.match(rest).route);
    CHECK(rest.param("rest") == "a/b c");
}

TEST_CASE("paths that try to be clever are refused", "[http][router]") {
    auto const router = table({{Method::get, "/s/{rest...}"}, {Method::get, "/{a}"}});
    for (auto path : {"/..", "/s/../x", "/s/%2e%2e/x", "/s/.%2E", "/s/.", "/s/a%2Fb", "/s/a%2fb", "/s/a%00", "/s/a%0d%0ab",
                      "/s/a%5Cb", "/s//b", "//x", "/s/%", "/s/%4", "/s/%zz", "/s/%ff", "/s/%ed%a0%80"}) {
        INFO(path);
        CHECK(where(router, path) == "400");
    }
    CHECK(where(router, "/s/...") == "/s/{rest...}");
    CHECK(where(router, "/s/..a") == "/s/{rest...}");
}

TEST_CASE("methods", "[http][router]") {
    auto const router = table({{Method::get, "/a"}, {Method::post, "/a"}, {Method::post, "/b"}});
    CHECK(where(router, "/a", Method::head) == "/a");
    CHECK(where(router, "/a", Method::del) == "405");
    CHECK(where(router, "/b", Method::head) == "405");
    CHECK(where(router, "/nowhere", Method::options) == "404");
    Request wrong(Method::del, "/a");
    CHECK(router.match(wrong).refused->headers.get("Allow") == "GET, HEAD, POST, OPTIONS");
    CHECK(wrong.route == "/a");
    Request options(Method::options, "/b");
    auto const found = router.match(options);
    CHECK(found.refused->status == 204);
    CHECK(found.refused->headers.get("Allow") == "POST, OPTIONS");
}

TEST_CASE("a table with a mistake is refused when it is made", "[http][router]") {
    for (auto pattern : {"", "a", "//", "/a//b", "/{}", "/{a", "/x{a}", "/{a...}/b", "/{a...}.x"}) {
        INFO(pattern);
        CHECK_THROWS_AS(table({{Method::get, pattern}}), std::invalid_argument);
    }
    CHECK_THROWS_AS(table({{Method::get, "/a"}, {Method::get, "/a"}}), std::invalid_argument);
    CHECK_THROWS_AS(table({{Method::get, "/{a}"}, {Method::get, "/{b}/c"}}), std::invalid_argument);
}

TEST_CASE("hooks run around the handler", "[http][router]") {
    Router router = table({{Method::get, "/a"}});
    router.before([](Request& request) -> std::optional<Response> {
        if (request.query("stop")) return Response::text("stopped", 403);
        return std::nullopt;
    });
    router.after([](Request const&, Response& response) { response.headers.set("X-After", "1"); });
    Request request(Method::get, "/a");
    auto const response = run(router, request);
    CHECK(response.body() == "/a");
    CHECK(response.headers.get("X-After") == "1");
    Request stopped(Method::get, "/a?stop=1");
    CHECK(run(router, stopped).status == 403);
}

TEST_CASE("what a handler throws stays inside", "[http][router]") {
    Router router;
    router.add(Method::get, "/api/boom", immediate([](Request&) -> Response { throw std::runtime_error("password"); }));
    router.add(Method::get, "/boom", immediate([](Request&) -> Response { throw 7; }));
    router.error_page([](Request const&, Problem const& problem) { return Response::html("<p>" + problem.code, problem.status); });
    Request api(Method::get, "/api/boom");
    api.request_id = "id-1";
    auto const document = run(router, api);
    CHECK(document.status == 500);
    CHECK(document.body().find("password") == std::string::npos);
    CHECK(document.body().find("id-1") != std::string::npos);
    Request page(Method::get, "/boom");
    CHECK(run(router, page).body() == "<p>internal");
    router.error_page([](Request const&, Problem const&) -> Response { throw std::runtime_error("template"); });
    Request again(Method::get, "/boom");
    auto const plain = run(router, again);
    CHECK(plain.status == 500);
    CHECK(plain.body().find("template") == std::string::npos);
}
