// Idempotency-Key: what is a key, what is stored, and what of it comes back.
#include "service/api/idempotency.hpp"

#include <catch2/catch.hpp>

using namespace convoke;

namespace {

http::Request post(std::vector<std::string> const& keys, http::Method method = http::Method::post) {
    http::Request request(method, "/api/v1/events?x=1");
    for (auto const& key : keys) request.headers.add("Idempotency-Key", key);
    return request;
}

}  // namespace

TEST_CASE("a key is a quoted string or a bare word") {
    std::string const uuid = "8e03978e-40d5-43e8-bc93-6894a57f9324";
    CHECK(api::idempotency_key(post({uuid})).value() == uuid);
    CHECK(api::idempotency_key(post({"\"" + uuid + "\""})).value() == uuid);
    CHECK(api::idempotency_key(post({R"("a\"b\\c")"})).value() == R"(a"b\c)");
    CHECK(api::idempotency_key(post({"\"a,b;c\""})).value() == "a,b;c");
    CHECK(api::idempotency_key(post({std::string(255, 'k')})).value() == std::string(255, 'k'));
    CHECK_FALSE(api::idempotency_key(post({})).value().has_value());
}

TEST_CASE("what is no key is refused") {
    for (std::string const& text : {std::string(), std::string("\"\""), std::string("\""), std::string("\"a"), std::string("a\"b"),
                                    std::string("\"a\"b\""), std::string("\"a\\\""), std::string("\"a\\b\""), std::string("a b"),
                                    std::string("\"a b\""), std::string("a,b"), std::string("\"a\";p=1"), std::string("\xc3\xa9"),
                                    std::string(256, 'k')}) {
        INFO(text);
        REQUIRE_FALSE(api::idempotency_key(post({text})).has_value());
        CHECK(api::idempotency_key(post({text})).error().code == errc::bad_request);
    }
    CHECK_FALSE(api::idempotency_key(post({"one", "two"})).has_value());
    CHECK_FALSE(api::idempotency_key(post({"\"one\"", "\"two\""})).has_value());
}

TEST_CASE("methods that are idempotent have no key") {
    for (auto const method : {http::Method::get, http::Method::put, http::Method::patch, http::Method::del})
        CHECK_FALSE(api::idempotency_key(post({"a b"}, method)).value().has_value());
}

TEST_CASE("a request is its method, address and body") {
    usecases::Instance instance;
    instance.secret = std::string(32, 's');
    auto request = post({});
    request.body = "{}";
    auto const first = api::idempotent_request(instance, request, "k");
    CHECK(api::idempotent_request(instance, request, "k").fingerprint == first.fingerprint);
    CHECK(api::idempotent_request(instance, request, "l").key != first.key);
    request.body = "{ }";
    CHECK(api::idempotent_request(instance, request, "k").fingerprint != first.fingerprint);
    request.body = "{}";
    request.target += "2";
    CHECK(api::idempotent_request(instance, request, "k").fingerprint != first.fingerprint);
    CHECK(api::idempotent_request(instance, request, "k").key == first.key);
}

TEST_CASE("a reply comes back to the byte") {
    auto const response = http::Response::json("{\"a\":\"x\\n\\ny: z\"}\n\n\x01", 201).with("ETag", "\"r1\"").with("Location", "/api/v1/x: y");
    auto const again = api::replayed(api::stored_text(response));
    CHECK(again.status == 201);
    CHECK(again.body() == response.body());
    for (auto const& [name, value] : response.headers) CHECK(again.headers.get(name).value_or("") == value);
    CHECK(again.headers.get("Idempotent-Replayed").value_or("") == "true");
    CHECK(api::replayed(api::stored_text(http::Response::no_content())).status == 204);
    CHECK_THROWS(api::replayed("201"));
}

TEST_CASE("what passes by itself is no answer to keep") {
    for (errc code : {errc::unauthenticated, errc::rate_limited, errc::overloaded, errc::database_unavailable, errc::storage_full, errc::internal})
        CHECK_FALSE(api::is_final(Failure(code, "x")));
    for (errc code : {errc::event_full, errc::not_found, errc::forbidden, errc::already_registered, errc::event_cancelled})
        CHECK(api::is_final(Failure(code, "x")));
}

TEST_CASE("of whom a reply speaks") {
    auto request = post({});
    request.body = R"({"email":"Asked@example.org"})";
    CHECK(api::email_in(request, http::Response::json(R"({"id":"1","email":"said@example.org"})")) == "said@example.org");
    CHECK(api::email_in(request, http::Response::json(R"({"code":"event_full"})")) == "Asked@example.org");
    request.body = "{";
    CHECK(api::email_in(request, http::Response::json("[]")).empty());
    request.body = R"({"email":7})";
    CHECK(api::email_in(request, http::Response::json("{}")).empty());
}
