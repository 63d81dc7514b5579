#include "service/http/message.hpp"
#include "service/http/observer.hpp"
#include "service/http/problem.hpp"
#include "service/http/response_head.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include <catch2/catch.hpp>

using namespace convoke::http;

TEST_CASE("no text can start a header of its own", "[http][message]") {
    Headers headers;
    for (std::string const& value : {std::string("a\r\nSet-Cookie: b"), std::string("a\nb"), std::string("a\rb"), std::string("a\0b", 3), std::string("a\x7f")}) {
        CHECK_THROWS_AS(headers.set("X", value), std::invalid_argument);
        CHECK_THROWS_AS(headers.add("X", value), std::invalid_argument);
        CHECK_THROWS_AS(Response::redirect(value), std::invalid_argument);
    }
    for (auto name : {"", "A B", "A:", "A\r\n", "\xc3\xa9"}) CHECK_THROWS_AS(headers.set(name, "x"), std::invalid_argument);
    CHECK(headers.size() == 0);
    headers.set("Content-Disposition", "attachment; filename*=UTF-8''caf%C3%A9");
    CHECK(headers.has("content-disposition"));
}

TEST_CASE("headers ignore the case of names and keep duplicates", "[http][message]") {
    Headers headers;
    headers.add("Accept", "a");
    headers.add("ACCEPT", "b");
    CHECK(headers.get("accept") == "a");
    CHECK(headers.joined("accept") == "a, b");
    headers.set("aCCept", "c");
    CHECK(headers.size() == 1);
    headers.erase("ACCEPT");
    CHECK_FALSE(headers.has("accept"));
}

TEST_CASE("a request splits its target", "[http][message]") {
    Request const request(Method::get, "/a/b?limit=2&cursor=a%20b&limit=3&empty");
    CHECK(request.path == "/a/b");
    CHECK(request.query("limit") == "2");
    CHECK(request.query().all("limit").size() == 2);
    CHECK(request.query("cursor") == "a b");
    CHECK(request.query("empty") == "");
    CHECK_FALSE(request.query("none"));
}

TEST_CASE("forms", "[http][message]") {
    Request request(Method::post, "/");
    request.body = "name=Zo%C3%AB+M&tick=a&tick=b&&x";
    CHECK_FALSE(request.form());
    request.headers.set("Content-Type", "Application/X-WWW-Form-Urlencoded; charset=UTF-8");
    auto const form = request.form();
    REQUIRE(form);
    CHECK(form->get("name") == "Zo\xc3\xab M");
    CHECK(form->all("tick") == std::vector<std::string_view>{"a", "b"});
    CHECK(form->get("x") == "");
    for (auto bad : {"a=%", "a=%4", "a=%zz", "a=%ff", "a=%00", "%00=a"}) {
        request.body = bad;
        CHECK_FALSE(request.form());
    }
    request.body = "a=1";
    for (int i = 1; i < 1000; ++i) request.body += "&a=1";
    CHECK(request.form());
    request.body += "&a=1";
    CHECK_FALSE(request.form());
}

TEST_CASE("a problem becomes its document", "[http][message]") {
    Problem problem(422, "validation_failed", "Two things are wrong: \"a\"\n");
    problem.errors = {{"/start", "local_time_ambiguous", "twice"}, {"", "required", "missing"}};
    problem.headers["Retry-After"] = "3";
    problem.members["currentEtag"] = "\"7\"";
    problem.members["status"] = "may not replace ours";
    auto const response = to_response(problem, "id-1");
    CHECK(response.status == 422);
    CHECK(response.headers.get("content-type") == "application/problem+json");
    CHECK(response.headers.get("retry-after") == "3");
    auto const document = boost::json::parse(response.body()).as_object();
    CHECK(document.at("status").as_int64() == 422);
    CHECK(document.at("title").as_string() == "Unprocessable Content");
    CHECK(document.at("code").as_string() == "validation_failed");
    CHECK(document.at("detail").as_string() == "Two things are wrong: \"a\"\n");
    CHECK(document.at("requestId").as_string() == "id-1");
    CHECK(document.at("currentEtag").as_string() == "\"7\"");
    CHECK(document.at("errors").as_array().at(0).as_object().at("pointer").as_string() == "/start");
    CHECK_FALSE(boost::json::parse(to_json(Problem(404, "not_found", ""), "x")).as_object().contains("errors"));
}

TEST_CASE("the head of a response is ours", "[http][message]") {
    auto response = Response::html("abc");
    response.headers.set("Content-Length", "999");
    response.headers.set("Transfer-Encoding", "chunked");
    response.headers.set("Referrer-Policy", "no-referrer");
    WireOptions options;
    options.secure = true;
    options.close = true;
    options.request_id = "id-1";
    auto const head = response_head(response, options);
    CHECK(head.starts_with("HTTP/1.1 200 OK\r\n"));
    CHECK(head.ends_with("\r\n\r\n"));
    CHECK(head.find("Content-Length: 3\r\n") != std::string::npos);
    CHECK(head.find("999") == std::string::npos);
    CHECK(head.find("Transfer-Encoding") == std::string::npos);
    CHECK(head.find("Referrer-Policy: no-referrer\r\n") != std::string::npos);
    CHECK(head.find("same-origin\r\nReferrer") == std::string::npos);
    CHECK(head.find("Strict-Transport-Security: max-age=63072000\r\n") != std::string::npos);
    CHECK(head.find("Connection: close\r\n") != std::string::npos);
    CHECK(response_head(Response::not_modified("\"a\""), {}).find("Content-Length") == std::string::npos);
    CHECK(response_head(Response::no_content(), {}).find("Content-Length") == std::string::npos);
    CHECK(response_head(Response::text("x"), {}).find("Content-Security-Policy") == std::string::npos);
}

TEST_CASE("dates", "[http][message]") {
    using namespace std::chrono;
    CHECK(http_date(sys_days(1994y / November / 6) + 8h + 49min + 37s) == "Sun, 06 Nov 1994 08:49:37 GMT");
    CHECK(http_date(sys_days(2024y / February / 29)) == "Thu, 29 Feb 2024 00:00:00 GMT");
}

TEST_CASE("metrics count by route and status", "[http][message]") {
    RequestMetrics metrics;
    Exchange exchange;
    exchange.method = "GET";
    exchange.route = "/e/{id}";
    exchange.status = 200;
    exchange.took = std::chrono::microseconds(1500);
    metrics.observe(exchange);
    metrics.observe(exchange);
    exchange.method = "BREW";
    exchange.route = "";
    exchange.status = 404;
    metrics.observe(exchange);
    convoke::core::MetricsText written;
    metrics.write(written);
    auto const& text = written.text();
    CHECK(text.find("convoke_http_requests_total{route=\"/e/{id}\",method=\"GET\",status=\"200\"} 2\n") != std::string::npos);
    CHECK(text.find("convoke_http_requests_total{route=\"none\",method=\"other\",status=\"404\"} 1\n") != std::string::npos);
    CHECK(text.find("convoke_http_request_seconds_sum{route=\"/e/{id}\"} 0.003\n") != std::string::npos);
    CHECK(text.find("convoke_http_request_seconds_bucket{route=\"/e/{id}\",le=\"0.0025\"} 2\n") != std::string::npos);
}
