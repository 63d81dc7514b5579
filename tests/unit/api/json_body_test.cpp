#include "service/api/json_body.hpp"

#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

#include <cmath>

using namespace convoke;

namespace {

Failure refused(std::string_view text) {
    auto const read = api::parse_json_object(text);
    INFO(std::string(text.substr(0, 60)));
    REQUIRE_FALSE(read.has_value());
    return read.error();
}

http::Request with_body(std::string type, std::string body, http::Method method = http::Method::post) {
    http::Request request(method, "/api/v1/communities");
    if (!type.empty()) request.headers.set("Content-Type", type);
    request.body = std::move(body);
    return request;
}

}  // namespace

TEST_CASE("an object is read whole") {
    auto const read = api::parse_json_object(R"( {"a":"x\u00e9\ud83c\udca1","b":[1,-2,3.5,true,null,{"c":{}}],"d":18446744073709551615} )");
    REQUIRE(read.has_value());
    CHECK(read->at("a").as_string() == "xé🂡");
    CHECK(read->at("b").as_array().size() == 6);
    CHECK(read->at("d").as_uint64() == 18446744073709551615u);
    std::string const long_text(100'000, 'x');
    auto const big = api::parse_json_object("{\"" + long_text.substr(0, 900) + "\":\"" + long_text + "\"}");
    REQUIRE(big.has_value());
    CHECK(big->begin()->value().as_string() == long_text);
}

TEST_CASE("broken JSON is refused with its place") {
    CHECK(refused("{\"name\": ").code == errc::json_syntax);
    CHECK(refused("").code == errc::json_syntax);
    auto const failure = refused("{\n  \"é\": 1,\n  \"b\": nul }");
    CHECK(failure.code == errc::json_syntax);
    CHECK(failure.detail.find("line 3, column 8") != std::string::npos);
    CHECK(refused("{\"a\":1,}").code == errc::json_syntax);
    CHECK(refused("{'a':1}").code == errc::json_syntax);
    CHECK(refused("{\"a\":1} x").code == errc::json_syntax);
    CHECK(refused("{\"a\":1}{}").code == errc::json_syntax);
    CHECK(refused("{\"a\":01}").code == errc::json_syntax);
    CHECK(refused("{\"a\":NaN}").code == errc::json_syntax);
    CHECK(refused("{/*x*/}").code == errc::json_syntax);
    CHECK(refused("{\"a\":\"line\nend\"}").code == errc::json_syntax);
    CHECK(refused("\xEF\xBB\xBF{}").code == errc::json_syntax);
}

TEST_CASE("only an object will do") {
    for (auto const* text : {"[]", "\"x\"", "1", "null", "true"}) CHECK(refused(text).code == errc::wrong_type);
}

TEST_CASE("depth is limited") {
    auto const nested = [](std::size_t depth) {
        return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
    };
    CHECK(api::parse_json_object(nested(api::json_depth_limit)).has_value());
    CHECK(refused(nested(api::json_depth_limit + 1)).code == errc::json_too_deep);
    CHECK(refused(std::string(10'000, '[')).code == errc::json_too_deep);
    CHECK(refused(nested(40)).detail.find("32") != std::string::npos);
}

TEST_CASE("a key twice in one object is refused, in two objects it is not") {
    auto const failure = refused(R"({"email":"a","x":{"y":1},"email":"b"})");
    CHECK(failure.code == errc::json_duplicate_key);
    CHECK(failure.detail.find("\"email\"") != std::string::npos);
    CHECK(refused(R"({"a":{"b":1,"b":2}})").code == errc::json_duplicate_key);
    CHECK(refused(R"({"a":1,"\u0061":2})").code == errc::json_duplicate_key);
    CHECK(refused(R"({"":1,"":2})").code == errc::json_duplicate_key);
    CHECK(api::parse_json_object(R"({"a":{"a":1},"b":[{"a":1},{"a":2}]})").has_value());
}

TEST_CASE("what is not Unicode is refused") {
    CHECK(refused("{\"a\":\"\xff\"}").code == errc::bad_encoding);
    CHECK(refused("{\"a\":\"\xc3\"}").code == errc::bad_encoding);
    CHECK(refused(R"({"a":"\ud800"})").code == errc::bad_encoding);
    CHECK(refused(R"({"a":"\ud800x"})").code == errc::bad_encoding);
    CHECK(refused(R"({"a":"\ud800\n"})").code == errc::bad_encoding);
    CHECK(refused(R"({"a":"\udc00"})").code == errc::bad_encoding);
    CHECK(refused(R"({"a":"\ud800\ud800"})").code == errc::bad_encoding);
}

TEST_CASE("a number nobody can hold is out of range") {
    auto const read = api::parse_json_object(R"({"a":1e400})");
    // Either the parser says so, or the field's reader sees infinity.
    if (!read) CHECK(read.error().code == errc::out_of_range);
    else CHECK_FALSE(std::isfinite(read->at("a").as_double()));
    CHECK(refused(R"({"a":1e99999999999})").code == errc::out_of_range);
}

TEST_CASE("the body says that it is JSON") {
    CHECK(api::json_object(with_body("application/json", "{}")).has_value());
    CHECK(api::json_object(with_body("Application/JSON; charset=utf-8", "{}")).has_value());
    CHECK(api::json_object(with_body("text/plain", "{}")).error().code == errc::unsupported_media_type);
    CHECK(api::json_object(with_body("", "{}")).error().code == errc::unsupported_media_type);
    CHECK(api::json_object(with_body("application/merge-patch+json", "{}")).error().code == errc::unsupported_media_type);
    CHECK(api::json_object(with_body("application/merge-patch+json", "{}", http::Method::patch)).has_value());
    CHECK(api::optional_json_object(with_body("", ""))->empty());
    CHECK(api::optional_json_object(with_body("text/plain", "x")).error().code == errc::unsupported_media_type);
}

TEST_CASE("a merge patch sets, removes and goes into objects") {
    auto const target = api::parse_json_object(R"({"a":"b","c":{"d":"e","f":"g"},"k":1})").value();
    auto const patch = api::parse_json_object(R"({"a":"z","c":{"f":null},"k":null,"n":[1]})").value();
    CHECK(boost::json::value(api::patched(target, patch)) ==
          boost::json::value(api::parse_json_object(R"({"a":"z","c":{"d":"e"},"n":[1]})").value()));
}
