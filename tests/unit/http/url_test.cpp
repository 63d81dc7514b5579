#include "service/http/url.hpp"

#include <catch2/catch.hpp>

using namespace convoke::http;

TEST_CASE("percent-encoding goes there and back", "[http][url]") {
    std::string all;
    for (int c = 0; c < 256; ++c) all.push_back(static_cast<char>(c));
    CHECK(percent_decode(percent_encode(all)) == all);
    CHECK(percent_encode("a b/c?~") == "a%20b%2Fc%3F~");
    CHECK(percent_decode("a+b") == "a+b");
    CHECK(percent_decode("a+b", true) == "a b");
    CHECK_FALSE(percent_decode("%"));
    CHECK_FALSE(percent_decode("%1"));
    CHECK_FALSE(percent_decode("%g1"));
}

TEST_CASE("UTF-8", "[http][url]") {
    for (auto good : {"", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80", "\xf4\x8f\xbf\xbf"}) CHECK(is_utf8(good));
    for (auto bad : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xff", "\xe2\x82"}) {
        CHECK_FALSE(is_utf8(bad));
    }
}

TEST_CASE("a place to return to is on this site", "[http][url]") {
    CHECK(safe_local_path("/e/7?a=b#c") == "/e/7?a=b#c");
    for (auto bad : {"", "//evil", "/\\evil", "https:evil", "https://evil", "\\evil", "/%2f%2fevil", "/%5cevil", "/a\r\nb",
                     "/a\tb", "javascript:alert(1)", " /a", "/a b", "/\xc3\xa9"}) {
        INFO(bad);
        CHECK(safe_local_path(bad) == "/");
    }
}

TEST_CASE("query strings", "[http][url]") {
    CHECK(parse_urlencoded("")->empty());
    CHECK(parse_urlencoded("&&")->empty());
    CHECK(parse_urlencoded("a=b=c")->get("a") == "b=c");
    CHECK(parse_urlencoded("=b")->get("") == "b");
    CHECK_FALSE(parse_urlencoded("a&b&c", 2));
    CHECK_FALSE(parse_urlencoded("a=%C3"));
}
