#include "tests/unit/web/samples.hpp"

#include "service/web/views/calendar_month.hpp"

#include <catch2/catch.hpp>

using namespace samples;
using Catch::Matchers::Contains;

namespace {

std::string table(std::vector<domain::Event> const& events, web::year_month month, std::string zone = "Europe/Brussels") {
    static Words const words;
    web::Data data;
    data.set("calendar", web::calendar_month(words.reader(std::move(zone)), events, month, "/c/x"));
    return words.templates.render("parts/calendar.html", "en", data);
}

std::size_t count(std::string const& text, std::string const& what) {
    std::size_t n = 0;
    for (auto at = text.find(what); at != std::string::npos; at = text.find(what, at + what.size())) ++n;
    return n;
}

}  // namespace

TEST_CASE("a month has its days under their weekdays") {
    auto const html = table({}, 2026y / June);
    CHECK(count(html, "<time") == 30);
    CHECK(count(html, "<tr>") == 6);  // the head and five weeks
    CHECK_THAT(html, Contains("datetime=\"2026-06-01\""));
    auto const february = table({}, 2027y / February);  // 28 days from a Monday
    CHECK(count(february, "<tr>") == 5);
    CHECK_THAT(february, !Contains("cv-calendar__out"));
}

TEST_CASE("an event stands on its day, days without an hour on each of them") {
    auto const june = table(year_of_events(), 2026y / June);
    CHECK(count(june, "From service provision to empowerment\"") == 1);
    auto const may = table(year_of_events(), 2026y / May);
    CHECK(count(may, "title=\"Labour market paths\"") == 2);
}

TEST_CASE("an event stands on the reader's date") {
    auto late = online_event();
    late.definition.schedule = {calendar::Fixed{local_days(2026y / June / 30) + 23h + 30min, "Europe/Brussels", {0, 30min}}, {}};
    CHECK(count(table({late}, 2026y / June, "Europe/Brussels"), "title=\"From") == 1);
    CHECK(count(table({late}, 2026y / June, "Europe/Athens"), "title=\"From") == 0);
    CHECK(count(table({late}, 2026y / July, "Europe/Athens"), "title=\"From") == 1);
}

TEST_CASE("a window is named below the month, never on a day") {
    auto const html = table(year_of_events(), 2026y / October);
    CHECK_THAT(html, Contains("date to be confirmed:") && Contains("Preventing exclusion through new activities</a> (October 2026)"));
    CHECK_THAT(html, !Contains("cv-calendar__busy"));
}

TEST_CASE("the calendar opens where something happens next") {
    Words const words;
    CHECK(web::month_to_show(year_of_events(), words.reader()) == 2026y / March);
    CHECK(web::month_to_show({past_event()}, words.reader()) == 2026y / January);
}

TEST_CASE("a month in the address is checked") {
    CHECK(web::parse_month("2026-10") == 2026y / October);
    for (auto const* text : {"", "2026", "2026-13", "1026-10", "2026-10-01", "x", "9999-99"}) CHECK_FALSE(web::parse_month(text));
}

TEST_CASE("a long title is cut between letters") {
    auto event = online_event();
    event.definition.title = "Ἡ κοινὴ πρᾶξις τῶν πολιτῶν";
    CHECK_THAT(table({event}, 2026y / June), Contains("…</span>"));
}
