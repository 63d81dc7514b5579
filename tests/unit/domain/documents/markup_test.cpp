#include "service/domain/documents/markup.hpp"

#include <catch2/catch.hpp>

using namespace convoke::domain::documents;

TEST_CASE("markup is taken off, paragraphs stay apart") {
    CHECK(paragraphs("<p>01 PT 01 One.</p><p>02 PT 02 Two.</p>") == std::vector<std::string>{"01 PT 01 One.", "02 PT 02 Two."});
    CHECK(paragraphs("<p>One</p> <p> Two<br/>Three</p><p></p>") == std::vector<std::string>{"One", "Two", "Three"});
    CHECK(plain("Forum: <i>Stages of moving</i>") == "Forum: Stages of moving");
    CHECK(plain("<a href=\"https://x.example/?a=1\">here</a>") == "here");
    CHECK(plain("a < b and c > d") == "a < b and c > d");
    CHECK(plain("write to <https://x.example/>") == "write to <https://x.example/>");
    CHECK(plain("a <b") == "a <b");
    CHECK(plain("**Bold** and *slanted*, 2 * 3 * 4, [words](https://x.example)") == "Bold and slanted, 2 * 3 * 4, words");
    CHECK(plain("  a\u00a0 \t b\u200b ") == "a b");
}

TEST_CASE("entities are decoded once") {
    CHECK(plain("Caf&eacute; &amp; more &#8211; &#x2013;") == "Café & more – –");
    CHECK(plain("&amp;lt;script&amp;gt;") == "&lt;script&gt;");
    CHECK(plain("&lt;b&gt;") == "<b>");
    CHECK(plain("AT&T; R&D &unknown; &#0; &#xD800; &#7;") == "AT&T; R&D &unknown; &#0; &#xD800; &#7;");
}

TEST_CASE("footnote marks") {
    CHECK(without_footnote_mark("Date ¹") == "Date");
    CHECK(without_footnote_mark("Date *") == "Date");
    CHECK(without_footnote_mark("Date [12]") == "Date");
    CHECK(without_footnote_mark("4 March 2025²³") == "4 March 2025");
    CHECK(without_footnote_mark("Topic [open]") == "Topic [open]");
    CHECK(without_footnote_mark("2025") == "2025");
}

TEST_CASE("titles that differ in case, marks and TBC are one") {
    CHECK(folded_title("SIF 2026 (TBC)") == "sif 2026");
    CHECK(folded_title("Labour-market  PATHS: part\u00a02") == folded_title("labour market paths – Part 2"));
    CHECK(folded_title("Straße") == folded_title("STRASSE"));
    CHECK(folded_title("Cafe\u0301") == folded_title("Café"));
    CHECK(folded_title("TBC") == "tbc");
    CHECK(folded_title("First") != folded_title("Second"));
}

TEST_CASE("words of their own") {
    CHECK(has_words("online event 1", "online"));
    CHECK_FALSE(has_words("preventing", "event"));
    CHECK_FALSE(has_words("events", "event"));
    CHECK(has_words("joint (online) event", "online"));
    CHECK(shortened("Łódź", 1) == "…");
    CHECK(shortened("Łódź", 100) == "Łódź");
}
