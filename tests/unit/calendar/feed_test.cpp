#include "calendar/entry.hpp"

#include "calendar/reading.hpp"
#include "ical_reading.hpp"

using namespace convoke;
using namespace convoke::calendar;

namespace {

FeedHead a_head() {
    return {"cal-cop-mi@events.example", "CoP MI – Aoife", "Events of the community", "Europe/Dublin",
            "https://events.example/c/cop-mi", "en", "", utc("2026-02-01T12:30:00")};
}

std::vector<Entry> entries() {
    std::vector<Entry> out(4, an_entry());
    out[0].uid = "d@events.example";
    out[1].uid = "b@events.example";
    out[1].schedule.when = Provisional{on("2026-10-01"), on("2026-10-31")};
    out[1].summary = "TBC (October 2026): Social Innovation Forum";
    out[1].alarm_before = seconds{3600};
    out[2].uid = "a@events.example";
    out[2].status = EntryStatus::cancelled;
    out[2].summary = "CANCELLED: Panel debate";
    out[2].alarm_before = seconds{3600};
    out[3].uid = "c@events.example";
    out[3].schedule.when = Fixed{at("2026-12-11T10:00:00"), "Europe/Dublin", {0, seconds{3600}}};
    out[3].status = EntryStatus::tentative;
    out[3].alarm_before = seconds{86400};
    return out;
}

}  // namespace

TEST_CASE("a feed holds every entry, sorted, without a method or people") {
    auto const text = feed_text(a_head(), entries());
    check_golden("feed.ics", text);
    CHECK(faults_of(text) == std::vector<std::string>{});
    IcalText const read(text);
    CHECK(read.errors() == 0);
    REQUIRE(read.events() == 4);
    CHECK(read.event(0).text(ICAL_UID_PROPERTY) == "a@events.example");
    CHECK(read.event(3).text(ICAL_UID_PROPERTY) == "d@events.example");
    CHECK(text.find("METHOD") == std::string::npos);
    CHECK(text.find("ATTENDEE") == std::string::npos);
}

TEST_CASE("the same input gives the same bytes, in any order") {
    auto list = entries();
    auto const text = feed_text(a_head(), list);
    std::reverse(list.begin(), list.end());
    CHECK(feed_text(a_head(), list) == text);
    list[0].last_modified += seconds{1};
    CHECK(feed_text(a_head(), list) != text);
}

TEST_CASE("a provisional entry is one tentative, transparent span over its window") {
    auto const text = feed_text(a_head(), std::vector<Entry>{entries()[1]});
    CHECK(text.find("DTSTART;VALUE=DATE:20261001\r\nDTEND;VALUE=DATE:20261101\r\n") != std::string::npos);
    CHECK(text.find("STATUS:TENTATIVE\r\nTRANSP:TRANSPARENT\r\n") != std::string::npos);
    CHECK(text.find("X-MICROSOFT-CDO-BUSYSTATUS:FREE") != std::string::npos);
    CHECK(text.find(",PROVISIONAL\r\n") != std::string::npos);
    CHECK(text.find("VALARM") == std::string::npos);
    CHECK(text.find("VTIMEZONE") == std::string::npos);
}

TEST_CASE("DTSTAMP moves only with the entry") {
    auto const text = feed_text(a_head(), entries());
    CHECK(text.find("DTSTAMP:20260201T123000Z") != std::string::npos);
}

TEST_CASE("a cancelled entry stays, takes no time and rings no bell") {
    auto const text = feed_text(a_head(), std::vector<Entry>{entries()[2]});
    CHECK(text.find("STATUS:CANCELLED\r\nTRANSP:TRANSPARENT\r\n") != std::string::npos);
    CHECK(text.find("VALARM") == std::string::npos);
    CHECK(feed_text(a_head(), std::vector<Entry>{entries()[3]}).find("TRIGGER:-P1D\r\n") != std::string::npos);
}

TEST_CASE("single events in a zone with irregular changes go in UTC, and instants stay right") {
    // Cairo changes its clocks at 24:00 on a Thursday: no simple VTIMEZONE says that.
    std::vector<Entry> list(2, an_entry());
    list[0].uid = "a@x";
    list[0].schedule.when = Fixed{at("2026-02-10T10:00:00"), "Africa/Cairo", {0, seconds{3600}}};
    list[1].uid = "b@x";
    list[1].schedule.when = Fixed{at("2026-07-10T10:00:00"), "Africa/Cairo", {0, seconds{3600}}};
    auto const text = feed_text(a_head(), list);
    CHECK(faults_of(text) == std::vector<std::string>{});
    IcalText const read(text);
    CHECK(read.event(0).instant(ICAL_DTSTART_PROPERTY) == to_instant(at("2026-02-10T10:00:00"), "Africa/Cairo"));
    CHECK(read.event(1).instant(ICAL_DTSTART_PROPERTY) == to_instant(at("2026-07-10T10:00:00"), "Africa/Cairo"));

    RecurrenceRule rule;
    rule.frequency = RecurrenceRule::Frequency::monthly;
    rule.count = 6;
    list[0].schedule.recurrence = Recurrence{{rule}, {}};
    auto const series = feed_text(a_head(), list);
    CHECK(faults_of(series) == std::vector<std::string>{});
    auto const again = read_calendar(series);
    REQUIRE(again);
    CHECK(again->components[0].start->instant == to_instant(at("2026-02-10T10:00:00"), "Africa/Cairo"));
    // Date by date, in UTC: no simple VTIMEZONE says Cairo's changes.
    CHECK(series.find("TZID:Africa/Cairo") == std::string::npos);
    CHECK(series.find("RRULE") == std::string::npos);
    REQUIRE(again->components.size() == 7);
    CHECK(again->components[5].start->instant == to_instant(at("2026-07-10T10:00:00"), "Africa/Cairo"));
    CHECK(again->components[5].recurrence_id->instant == to_instant(at("2026-07-10T10:00:00"), "Africa/Cairo"));
}

TEST_CASE("an empty feed is a calendar") {
    auto const text = feed_text(a_head(), {});
    CHECK(faults_of(text) == std::vector<std::string>{});
}

TEST_CASE("our own reader and the writer agree") {
    auto const read = read_calendar(feed_text(a_head(), entries()));
    REQUIRE(read);
    REQUIRE(read->components.size() == 4);
    CHECK(read->method.empty());
    CHECK(read->components[3].start->instant == utc("2026-06-17T08:00:00"));
    CHECK(read->components[2].start->instant == utc("2026-12-11T10:00:00"));
    CHECK((read->components[1].start->kind == ReadTime::Kind::date));
    CHECK(read->components[3].summary == an_entry().summary);
}
