// The API's description: it fits together, and what it and the table of routes have not in common is seen.
#include "service/api/openapi_document.hpp"
#include "service/api/openapi_operations.hpp"
#include "service/api/openapi_schemas.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace convoke;
namespace json = boost::json;

namespace {

json::object parsed(std::string_view text) { return json::parse(text).as_object(); }

http::Handler nothing() {
    return http::immediate([](http::Request&) { return http::Response(); });
}

}  // namespace

TEST_CASE("the pieces of the description fit together") {
    json::object const document = api::openapi_document("https://convoke.example");
    CHECK(document.at("servers").at(0).at("url") == "https://convoke.example/api/v1");
    CHECK(document.at("paths").as_object().size() > 20);
    std::string const text = json::serialize(document);
    for (char const* shorthand : {"x-json", "x-problems", "x-extends", "x-patch-of", "x-page-of"})
        CHECK(text.find(shorthand) == std::string::npos);
}

TEST_CASE("routes that are not described and operations that are not served are seen") {
    json::object const document = parsed(R"({"paths":{"/a":{"get":{},"post":{}},"/b/{id}":{"patch":{}}}})");
    http::Router router;
    router.add(http::Method::get, "/api/v1/a", nothing());
    router.add(http::Method::get, "/elsewhere", nothing());
    router.add(http::Method::del, "/api/v1/b/{id}", nothing());
    auto const found = api::differences(document, router);
    CHECK(found.undescribed == std::vector<std::string>{"DELETE /api/v1/b/{id}"});
    CHECK(found.unserved == std::vector<std::string>{"PATCH /api/v1/b/{id}", "POST /api/v1/a"});
}

TEST_CASE("a merge patch asks for nothing and takes away what is optional, also inside") {
    json::object components = parsed(R"({"examples":{},"schemas":{
        "Inner":{"type":"object","required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"string"}}},
        "New":{"type":"object","required":["x"],"properties":{"x":{"type":"string"},"y":{"$ref":"#/components/schemas/Inner"}}},
        "Patch":{"x-patch-of":"New"}}})");
    api::derive_schemas(components);
    json::value const& patch = components.at("schemas").at("Patch");
    CHECK_FALSE(patch.as_object().contains("required"));
    CHECK(patch.at("properties").at("x") == parsed(R"({"type":"string"})"));
    json::value const& inner = patch.at("properties").at("y").at("anyOf");
    CHECK(inner.at(1) == parsed(R"({"type":"null"})"));
    CHECK_FALSE(inner.at(0).as_object().contains("required"));
    CHECK(inner.at(0).at("properties").at("b") == parsed(R"({"anyOf":[{"type":"string"},{"type":"null"}]})"));
}

TEST_CASE("what is named and not there stops the description") {
    auto const with = [](std::string_view operation) {
        json::object document = parsed(R"({"x-problems":{},"components":{"schemas":{},"examples":{}},"paths":{"/a":{"get":)" +
                                       std::string(operation) + "}}}");
        api::complete_operations(document);
        return document;
    };
    CHECK_NOTHROW(with(R"({"responses":{},"x-problems":["not_found"]})"));
    CHECK_THROWS_AS(with(R"({"responses":{},"x-problems":["no_such_code"]})"), std::logic_error);
    CHECK_THROWS_AS(with(R"({"responses":{},"x-problems":["@nobody"]})"), std::logic_error);
    CHECK_THROWS_AS(with(R"({"responses":{"200":{"x-json":"Nobody"}}})"), std::logic_error);
    json::object components = parsed(R"({"examples":{},"schemas":{"A":{"x-page-of":"Nobody"}}})");
    CHECK_THROWS_AS(api::derive_schemas(components), std::logic_error);
}
