#include "tests/unit/web/samples.hpp"

#include "service/web/views/community_view.hpp"

#include <catch2/catch.hpp>

using namespace samples;
using Catch::Matchers::Contains;

namespace {

std::string page(std::vector<domain::Event> events) {
    static Words const words;
    return words.templates.render("pages/community.html", "en", web::community_view(words.reader(""), {community(), {programme()}, std::move(events), {}, "https://events.example"}));
}

}  // namespace

TEST_CASE("a year stands in order of time, windows in their month, what is over apart") {
    auto const html = page(year_of_events());
    auto const at = [&](std::string const& text) {
        auto const found = html.find(text);
        REQUIRE(found != std::string::npos);
        return found;
    };
    CHECK(at("<h3>March 2026</h3>") < at("<h3>April 2026</h3>"));
    CHECK(at("<h3>May 2026</h3>") < at("<h3>June 2026</h3>"));
    CHECK(at("<h3>June 2026</h3>") < at("<h3>October 2026</h3>"));
    CHECK(at("October 2026 (TBC)") > at("<h3>October 2026</h3>"));
    CHECK(at("Working group: taking stock") > at("Past events"));
    CHECK_THAT(html, Contains("<summary>2025 (1)</summary>"));
}

TEST_CASE("a window stands after what is fixed in its first month") {
    auto fixed = online_event();
    fixed.definition.schedule = {calendar::Fixed{local_days(2026y / October / 20) + 10h, "Europe/Brussels", {0, 1h}}, {}};
    auto const html = page({provisional_event(), fixed});
    CHECK(html.find(fixed.definition.title) < html.find(provisional_event().definition.title));
}

TEST_CASE("a community's page shows no link to join and offers the subscription") {
    auto const html = page(year_of_events());
    CHECK_THAT(html, !Contains("meet.example"));
    CHECK_THAT(html, Contains("webcal://events.example/c/cop-demo/calendar.ics") && Contains("href=\"/c/cop-demo/calendar.ics\""));
    CHECK_THAT(html, Contains("01 PT 02") && Contains("November/December"));
}

TEST_CASE("the front page shows what comes next of each community") {
    static Words const words;
    auto const html = words.templates.render("pages/home.html", "en", web::home_view(words.reader(""), {{community(), {online_event()}}, {community(), {}}}));
    CHECK_THAT(html, Contains("17 June 2026, 10:00 (Brussels)") && Contains("Nothing is planned at the moment."));
}
