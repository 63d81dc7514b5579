// Countries, languages, and the years in headings.
#include "service/domain/country.hpp"
#include "service/domain/documents/years.hpp"
#include "service/domain/language.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace convoke;
using namespace convoke::domain;
using documents::years_in;
using documents::YearSpan;

TEST_CASE("countries: 249 codes, 27 Member States, each once") {
    std::set<std::string_view> codes, names;
    int members = 0;
    for (Country const& country : countries()) {
        codes.insert(country.code);
        names.insert(country.name);
        members += country.belongs == Union::eu;
    }
    CHECK(codes.size() == 249);
    CHECK(names.size() == 249);
    CHECK(members == 27);
    CHECK(country_name("GR") == "Greece");
    CHECK(country_name("XX").empty());
    CHECK(is_member_state("HR"));
    CHECK_FALSE(is_member_state("NO"));
}

TEST_CASE("countries as people write them") {
    CHECK(*parse_country("ie") == "IE");
    CHECK(*parse_country("Ireland") == "IE");
    CHECK(*parse_country("EL") == "GR");
    CHECK(*parse_country("uk") == "GB");
    for (char const* text : {"", "XX", "EU", "Irland", "I", "IEE"}) CHECK(parse_country(text).has_error());
}

TEST_CASE("languages: well-formed tags in their usual spelling") {
    CHECK(official_languages().size() == 24);
    CHECK(*parse_language("EN") == "en");
    CHECK(*parse_language("pt-pt") == "pt-PT");
    CHECK(*parse_language("SR-latn-rs") == "sr-Latn-RS");
    CHECK(*parse_language("Greek") == "el");
    CHECK(*parse_language("de-1996") == "de-1996");
    for (char const* text : {"", "x", "xx", "qqq", "en_GB", "en-", "-en", "en--GB", "englisch", "en-GB-GB-GB", "e n", "en-a", "\xc3\xa9n"})
        CHECK(parse_language(text).has_error());
    CHECK(is_language_tag("zh-cmn-Hans-CN"));
    CHECK(is_language_tag("en-x-private"));
    CHECK_FALSE(is_language_tag("en-a-bbb-a-ccc"));
    CHECK(language_name("ga") == "Irish");
    CHECK(language_name("uk") == "Ukrainian");
    CHECK(language_name("xx").empty());
}

TEST_CASE("years in headings") {
    CHECK(years_in("Events Calendar 2025") == YearSpan{2025, 2025});
    CHECK(years_in("WP 2023–2024") == YearSpan{2023, 2024});
    CHECK(years_in("WP 2023-24") == YearSpan{2023, 2024});
    CHECK(years_in("2027/28")->text() == "2027–2028");
    CHECK_FALSE(years_in("Room 12345, floor 20"));
    CHECK_FALSE(years_in("Horizon 1492"));
    CHECK_FALSE(years_in(""));
    CHECK(years_in("2026-06-17") == YearSpan{2026, 2026});
}
