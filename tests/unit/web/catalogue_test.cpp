// The templates are whole, and the pages' words are there in every language.
#include "tests/unit/web/samples.hpp"

#include <catch2/catch.hpp>

using namespace samples;

TEST_CASE("every template parses in every language") {
    Words const words;
    CHECK(words.catalogue.languages() == std::vector<std::string>{"en", "de", "fr"});
    CHECK_NOTHROW(words.templates.check());
    CHECK(words.templates.has("pages/event.html"));
}

TEST_CASE("every message of the templates is translated") {
    Words const words;
    for (std::string const language : {"fr", "de"})
        for (auto const& message : words.templates.messages()) {
            INFO(language << ": " << message);
            CHECK(words.catalogue.has(language, message));
        }
}
