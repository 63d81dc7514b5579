#include "service/domain/json_fields.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

using namespace convoke;
using domain::Faults;
using domain::JsonFields;

namespace {

boost::json::object object(std::string const& text) { return boost::json::parse(text).as_object(); }

Faults faults_of(std::string_view text, domain::TextRules const& rules = {}) {
    Faults faults;
    domain::check_text(text, "/x", rules, faults);
    return faults;
}

bool refused(std::string_view text, errc code, domain::TextRules const& rules = {}) {
    auto const faults = faults_of(text, rules);
    return faults.size() == 1 && faults[0].code == code && faults[0].pointer == "/x";
}

}  // namespace

TEST_CASE("texts are counted in characters, not bytes") {
    domain::TextRules const three{.max_length = 3};
    CHECK(faults_of("žśč", three).empty());
    CHECK(faults_of("🂡🂡🂡", three).empty());
    CHECK(refused("žśčx", errc::too_long, three));
    CHECK(faults_of("žśčx", three)[0].detail.find("4 characters") != std::string::npos);
}

TEST_CASE("what looks other than it reads is refused") {
    CHECK(refused("a\u202Eb", errc::control_character));
    CHECK(refused("a\u2066b", errc::control_character));
    CHECK(refused(std::string_view("a\0b", 3), errc::control_character));
    CHECK(refused("a\x7f", errc::control_character));
    CHECK(refused("a\u0085", errc::control_character));
    CHECK(refused("a\u2028", errc::control_character));
    CHECK(refused("two\nlines", errc::control_character));
    CHECK(faults_of("two\nlines\tand\r\nmore", {.multiline = true}).empty());
    CHECK(refused("a lone\rreturn", errc::control_character, {.multiline = true}));
    CHECK(faults_of("right-to-left \u200F mark, zero-width\u200Djoiner").empty());
}

TEST_CASE("what is not UTF-8 is refused") {
    for (std::string_view bytes : {"\xff", "\xc0\x80", "\xe0\x80\x80", "\xed\xa0\x80", "\xf4\x90\x80\x80", "\xc3", "\xe2\x82"})
        CHECK(refused(bytes, errc::bad_encoding));
}

TEST_CASE("blank texts are refused where something must be read") {
    domain::TextRules const readable{.blank_allowed = false};
    CHECK(refused("", errc::blank, readable));
    CHECK(refused(" \u00A0\u2003\u200B", errc::blank, readable));
    CHECK(faults_of(" x ", readable).empty());
    CHECK(faults_of("   ").empty());
}

TEST_CASE("all faults of an object are named at once, each with its pointer") {
    auto const json = object(R"({"name": 7, "age": 2.5, "big": 9223372036854775808, "flag": "yes", "kind": "other",
                                 "tags": ["ok", 1, " "], "parts": [{"a": "x"}, "no"], "inner": [], "a/b~c": 1})");
    Faults faults;
    JsonFields fields(json, "/outer", faults);
    CHECK(!fields.text("name"));
    CHECK(!fields.text("title", {.required = true}));
    CHECK(!fields.integer("age", 0, 10));
    CHECK(!fields.integer("big", 0, 10));
    CHECK(!fields.boolean("flag"));
    CHECK(!fields.one_of("kind", {"event", "plenary"}));
    CHECK(fields.texts("tags", 5, {.blank_allowed = false}) == std::vector<std::string>{"ok"});
    int parts = 0;
    fields.objects("parts", 5, [&](boost::json::object const&, std::string const& pointer) {
        ++parts;
        CHECK(pointer == "/outer/parts/0");
    });
    CHECK(parts == 1);
    CHECK(fields.object("inner") == nullptr);
    fields.finish();

    std::vector<std::pair<std::string, errc>> seen;
    for (auto const& fault : faults) seen.emplace_back(fault.pointer, fault.code);
    CHECK(seen == std::vector<std::pair<std::string, errc>>{{"/outer/name", errc::wrong_type},
                                                           {"/outer/title", errc::required},
                                                           {"/outer/age", errc::out_of_range},
                                                           {"/outer/big", errc::out_of_range},
                                                           {"/outer/flag", errc::wrong_type},
                                                           {"/outer/kind", errc::invalid_value},
                                                           {"/outer/tags/1", errc::wrong_type},
                                                           {"/outer/tags/2", errc::blank},
                                                           {"/outer/parts/1", errc::wrong_type},
                                                           {"/outer/inner", errc::wrong_type},
                                                           {"/outer/a~1b~0c", errc::unknown_field}});
}

TEST_CASE("null counts as absent, whole numbers may be written with a point") {
    auto const json = object(R"({"name": null, "seats": 4e1, "more": 40.0, "list": null, "none": null})");
    Faults faults;
    JsonFields fields(json, "", faults);
    CHECK(!fields.text("name"));
    CHECK(!fields.has("none"));
    CHECK(fields.integer("seats", 0, 100) == 40);
    CHECK(fields.integer("more", 0, 100) == 40);
    CHECK(fields.texts("list", 3).empty());
    fields.finish();
    CHECK(faults.empty());
}

TEST_CASE("limits on counts are kept") {
    auto const json = object(R"({"tags": ["a", "b", "c"], "parts": [{}, {}, {}]})");
    Faults faults;
    JsonFields fields(json, "", faults);
    CHECK(fields.texts("tags", 2).empty());
    fields.objects("parts", 2, [](auto const&, auto const&) { FAIL("called for a list that is too long"); });
    REQUIRE(faults.size() == 2);
    CHECK(faults[0].code == errc::too_long);
    CHECK(faults[1].code == errc::too_long);
}
