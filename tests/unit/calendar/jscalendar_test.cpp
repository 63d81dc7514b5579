#include "calendar/jscalendar.hpp"

#include "support.hpp"

#include <boost/json.hpp>

using namespace convoke;
using namespace convoke::calendar;
namespace json = boost::json;

namespace {

json::object event(Entry const& entry) { return json::parse(jscalendar_text(entry)).as_object(); }
std::string text(json::value const& value) { return json::value_to<std::string>(value); }

}  // namespace

TEST_CASE("an entry becomes a JSCalendar Event") {
    Entry entry = an_entry();
    entry.geo = {40.68, 14.76};
    entry.location = "Palazzo di Città";
    entry.language = "en";
    auto const e = event(entry);
    CHECK(text(e.at("@type")) == "Event");
    CHECK(text(e.at("uid")) == entry.uid);
    CHECK(text(e.at("updated")) == "2026-02-01T12:30:00Z");
    CHECK(e.at("sequence").as_int64() == 0);
    CHECK(text(e.at("start")) == "2026-06-17T10:00:00");
    CHECK(text(e.at("timeZone")) == "Europe/Brussels");
    CHECK(text(e.at("duration")) == "PT2H30M");
    CHECK(!e.contains("showWithoutTime"));
    CHECK(text(e.at("status")) == "confirmed");
    CHECK(text(e.at("locations").at("1").at("coordinates")) == "geo:40.68,14.76");
    CHECK(text(e.at("virtualLocations").at("1").at("uri")) == "https://meet.example/abc");
    CHECK(text(e.at("virtualLocations").at("1").at("@type")) == "VirtualLocation");
}

TEST_CASE("whole days and windows are shown without time") {
    Entry entry = an_entry();
    entry.schedule.when = AllDay{on("2026-05-21"), 2, "Europe/Rome"};
    CHECK(text(event(entry).at("duration")) == "P2D");
    CHECK(event(entry).at("showWithoutTime").as_bool());
    entry.schedule.when = Provisional{on("2026-10-01"), on("2026-10-31")};
    auto const e = event(entry);
    CHECK(text(e.at("start")) == "2026-10-01T00:00:00");
    CHECK(text(e.at("duration")) == "P31D");
    CHECK(text(e.at("status")) == "tentative");
    CHECK(text(e.at("freeBusyStatus")) == "free");
}

TEST_CASE("rules and overrides keep RFC 8984's names") {
    Entry entry = an_entry();
    RecurrenceRule rule;
    rule.frequency = RecurrenceRule::Frequency::yearly;
    rule.count = 4;
    rule.by_day = {{-1, 3}};
    rule.by_month = {6};
    entry.schedule.recurrence = Recurrence{{rule}, {}};
    entry.schedule.recurrence->overrides[at("2027-06-30T10:00:00")].excluded = true;
    entry.schedule.recurrence->overrides[at("2028-06-28T10:00:00")].start = at("2028-06-29T10:00:00");
    auto const e = event(entry);
    auto const& first = e.at("recurrenceRules").as_array().at(0).as_object();
    CHECK(text(first.at("frequency")) == "yearly");
    CHECK(first.at("byDay").as_array().at(0).at("nthOfPeriod").as_int64() == -1);
    CHECK(text(first.at("byDay").as_array().at(0).at("day")) == "we");
    CHECK(text(first.at("byMonth").as_array().at(0)) == "6");
    CHECK(e.at("recurrenceOverrides").at("2027-06-30T10:00:00").at("excluded").as_bool());
    CHECK(text(e.at("recurrenceOverrides").at("2028-06-28T10:00:00").at("start")) == "2028-06-29T10:00:00");
}
