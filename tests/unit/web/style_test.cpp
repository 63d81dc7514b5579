// What the pages promise of their form: no foreign hosts, no inline styles or scripts, one main heading, named tables.
#include "tests/unit/web/samples.hpp"

#include <catch2/catch.hpp>

#include "embedded/web_files.hpp"
#include "embedded/web_templates.hpp"

using namespace samples;
using Catch::Matchers::Contains;

TEST_CASE("the style sheet asks for nothing and names its licence") {
    for (auto const& file : embedded::web_files()) {
        std::string const text(file.bytes);
        if (file.name != "convoke.css") continue;
        CHECK_THAT(text, !Contains("url(") && !Contains("@import") && !Contains("@font-face"));
        CHECK_THAT(text, Contains("EUPL-1.2") && Contains(".ecl-button--primary") && Contains(".cv-calendar"));
        CHECK(text.size() < 120'000);
    }
}

TEST_CASE("templates hold no inline styles, scripts or unescaped values") {
    std::size_t pages = 0;
    for (auto const& file : embedded::web_templates()) {
        INFO(file.name);
        std::string const text(file.bytes);
        CHECK_THAT(text, !Contains("style=") && !Contains("<style") && !Contains("<script") && !Contains("{{{") && !Contains("{{&"));
        CHECK_THAT(text, !Contains(" onclick") && !Contains("http://") && !Contains("https://"));
        if (!file.name.starts_with("pages/")) continue;
        ++pages;
        CHECK_THAT(text, Contains("{{! layout: layout.html }}") && Contains("{{> parts/head.html}}"));
        CHECK_THAT(text, !Contains("<h1"));
    }
    CHECK(pages > 10);
}
