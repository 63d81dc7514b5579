// Invitations and cancellations: golden texts, what libical reads in them, and what must never be written.
#include "calendar/entry.hpp"

#include "ical_reading.hpp"
#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;

namespace {

sys_seconds const now = utc("2026-02-01T12:31:00");

std::string request(Entry const& entry) { return request_text(entry, an_organizer(), an_attendee(), now); }

// What leaves must pass the gate and be read by libical with the instants we mean.
void check_read_back(std::string const& text, Entry const& entry, sys_seconds start, sys_seconds end) {
    CHECK(faults_of(text) == std::vector<std::string>{});
    IcalText const read(text);
    auto const event = read.event(0);
    CHECK(event.text(ICAL_UID_PROPERTY) == entry.uid);
    CHECK(event.text(ICAL_SUMMARY_PROPERTY) == entry.summary);
    CHECK(event.text(ICAL_DESCRIPTION_PROPERTY) == entry.description);
    CHECK(event.instant(ICAL_DTSTART_PROPERTY) == start);
    CHECK(event.instant(ICAL_DTEND_PROPERTY) == end);
    CHECK(read.errors() == 0);
}

}  // namespace

TEST_CASE("an invitation has the text that RFC 5546 asks for") {
    auto const text = request(an_entry());
    check_golden("request.ics", text);
    check_read_back(text, an_entry(), utc("2026-06-17T08:00:00"), utc("2026-06-17T10:30:00"));
    CHECK(IcalText(text).method() == "REQUEST");
}

TEST_CASE("an invitation names its recipient alone") {
    auto const text = request(an_entry());
    std::size_t people = 0;
    for (auto found = text.find("\r\nATTENDEE"); found != std::string::npos; found = text.find("\r\nATTENDEE", found + 1)) ++people;
    CHECK(people == 1);
}

TEST_CASE("an updated invitation keeps the answer that is known") {
    auto const text = request_text(an_entry(), an_organizer(), {"aoife@org.example", "", "ACCEPTED", false}, now);
    CHECK(IcalText(text).event(0).parameter(ICAL_ATTENDEE_PROPERTY, "PARTSTAT") == "ACCEPTED");
    CHECK(IcalText(text).event(0).parameter(ICAL_ATTENDEE_PROPERTY, "RSVP") == "FALSE");
    // A PARTSTAT that nobody knows would be a way to write anything there.
    auto const odd = request_text(an_entry(), an_organizer(), {"aoife@org.example", "", "X:\r\nY", false}, now);
    CHECK(odd.find("PARTSTAT") == std::string::npos);
    CHECK(faults_of(odd).empty());
}

TEST_CASE("a cancellation of the event and of one person's part differ in STATUS") {
    auto const whole = cancel_text(an_entry(), an_organizer(), an_attendee(), true, now);
    check_golden("cancel.ics", whole);
    CHECK(faults_of(whole).empty());
    CHECK(IcalText(whole).event(0).text(ICAL_STATUS_PROPERTY) == "CANCELLED");
    auto const one = cancel_text(an_entry(), an_organizer(), an_attendee(), false, now);
    CHECK(faults_of(one).empty());
    CHECK(IcalText(one).method() == "CANCEL");
    CHECK(IcalText(one).event(0).count(ICAL_STATUS_PROPERTY) == 0);
}

TEST_CASE("a provisional event is never sent as an invitation") {
    Entry entry = an_entry();
    entry.schedule.when = Provisional{on("2026-10-01"), on("2026-10-31")};
    CHECK_THROWS_AS(request(entry), std::logic_error);
}

TEST_CASE("whole days end exclusively and have no zone") {
    Entry entry = an_entry();
    entry.schedule.when = AllDay{on("2026-05-21"), 2, "Europe/Rome"};
    entry.geo = {40.6806, 14.7597};
    auto const text = request(entry);
    check_golden("request-all-day.ics", text);
    CHECK(faults_of(text).empty());
    CHECK(text.find("DTSTART;VALUE=DATE:20260521\r\nDTEND;VALUE=DATE:20260523\r\n") != std::string::npos);
    CHECK(text.find("TZID") == std::string::npos);
}

TEST_CASE("UTC is written with Z and described by no VTIMEZONE") {
    Entry entry = an_entry();
    entry.schedule.when = Fixed{at("2026-06-17T10:00:00"), "UTC", {0, seconds{3600}}};
    auto const text = request(entry);
    CHECK(text.find("DTSTART:20260617T100000Z\r\nDTEND:20260617T110000Z\r\n") != std::string::npos);
    CHECK(text.find("TZID") == std::string::npos);
    CHECK(faults_of(text).empty());
}

TEST_CASE("an end that exists twice on the wall is written in UTC") {
    // Brussels shows 02:30 twice on 25 October 2026; this event ends the second time.
    Entry entry = an_entry();
    entry.schedule.when = Fixed{at("2026-10-25T00:30:00"), "Europe/Brussels", {0, seconds{3 * 3600}}};
    auto const text = request(entry);
    CHECK(text.find("DTEND:20261025T013000Z\r\n") != std::string::npos);
    CHECK(faults_of(text).empty());
    // The control: an hour's difference is an ordinary end.
    entry.schedule.when = Fixed{at("2026-10-25T00:30:00"), "Europe/Brussels", {0, seconds{4 * 3600}}};
    CHECK(request(entry).find("DTEND;TZID=Europe/Brussels:20261025T033000\r\n") != std::string::npos);
}

TEST_CASE("every zone of the Union is read back with the right instants all year") {
    for (std::string zone : {"Europe/Brussels", "Europe/Dublin", "Europe/Athens", "Atlantic/Azores", "Europe/Amsterdam"})
        for (int month = 1; month <= 12; ++month) {
            INFO(zone << " " << month);
            Entry entry = an_entry();
            local_seconds const start = local_days{std::chrono::year{2027} / month / 15} + std::chrono::hours{9};
            entry.schedule.when = Fixed{start, zone, {1, seconds{28800}}};
            check_read_back(request(entry), entry, to_instant(start, zone),
                            to_instant(start + std::chrono::hours{24}, zone) + seconds{28800});
        }
}

TEST_CASE("a yearly rule names the year of its last date in UTC as well") {
    Entry entry = an_entry();
    RecurrenceRule rule;
    rule.frequency = RecurrenceRule::Frequency::yearly;
    rule.until = at("2031-01-01T03:25:00");
    entry.schedule.when = Fixed{at("2029-01-01T03:25:00"), "Asia/Kabul", {0, seconds{3600}}};
    entry.schedule.recurrence = Recurrence{{rule}, {}};
    CHECK(request(entry).find("RRULE:FREQ=YEARLY;UNTIL=20310101T000000Z\r\n") != std::string::npos);
    rule.until = at("2031-01-01T13:25:00");
    entry.schedule.recurrence = Recurrence{{rule}, {}};
    CHECK(request(entry).find("RRULE:FREQ=YEARLY;UNTIL=20310101T085500Z\r\n") != std::string::npos);
}

TEST_CASE("a series keeps rule, exclusions and changed occurrences") {
    Entry entry = an_entry();
    RecurrenceRule rule;
    rule.until = at("2026-07-22T23:00:00");
    rule.by_day = {{0, 3}};
    entry.schedule.recurrence = Recurrence{{rule}, {}};
    entry.schedule.recurrence->overrides[at("2026-06-24T10:00:00")].excluded = true;
    auto& moved = entry.schedule.recurrence->overrides[at("2026-07-01T10:00:00")];
    moved.start = at("2026-07-02T14:00:00");
    moved.title = "Moved to Thursday";
    auto const text = request(entry);
    check_golden("request-series.ics", text);
    CHECK(faults_of(text).empty());
    IcalText const read(text);
    CHECK(read.event(0).text(ICAL_RRULE_PROPERTY) == "FREQ=WEEKLY;UNTIL=20260722T210000Z;BYDAY=WE");
    // The changed date is a mail of its own; a feed has both.
    CHECK(text.find("RECURRENCE-ID") == std::string::npos);
    for (auto const& [whole, index] : {std::pair(request_date_text(entry, at("2026-07-01T10:00:00"), {"rsvp@events.example", "CoP"},
                                                                   {"a@x.example", "Aoife"}, sys_seconds{}), 0),
                                       std::pair(feed_text({}, std::vector{entry}), 1)}) {
        IcalText const changed(whole);
        CHECK(changed.event(index).instant(ICAL_RECURRENCEID_PROPERTY) == utc("2026-07-01T08:00:00"));
        CHECK(changed.event(index).instant(ICAL_DTSTART_PROPERTY) == utc("2026-07-02T12:00:00"));
    }
}

TEST_CASE("in a series whole days of a duration stay nominal") {
    Entry entry = an_entry();
    RecurrenceRule rule;
    rule.count = 3;
    entry.schedule.when = Fixed{at("2026-06-17T10:00:00"), "Europe/Brussels", {1, seconds{3600}}};
    entry.schedule.recurrence = Recurrence{{rule}, {}};
    auto const text = request(entry);
    CHECK(text.find("DURATION:P1DT1H\r\n") != std::string::npos);
    CHECK(text.find("DTEND") == std::string::npos);
}

TEST_CASE("nothing in an entry can begin a property of its own") {
    std::string const attack = "x\r\nATTENDEE:mailto:evil@x.example\r\nX:";
    Entry entry = an_entry();
    entry.summary = entry.description = entry.location = entry.conference_label = entry.uid = attack;
    entry.categories = {attack};
    entry.language = attack;
    Organizer organizer = an_organizer();
    organizer.name = attack;
    Attendee attendee = an_attendee();
    attendee.name = attack;
    auto const text = request_text(entry, organizer, attendee, now);
    CHECK(text.find("\r\nATTENDEE:mailto:evil") == std::string::npos);
    // Such a UID is refused before it is sent, and the link is not where it should be: nothing else is wrong.
    for (auto const& fault : faults_of(text)) CHECK((fault.starts_with("S1,") || fault.starts_with("S13,")));
    for (auto break_it : {+[](Entry& e, std::string const& a) { e.url = "https://x.example/" + a; },
                          +[](Entry& e, std::string const& a) { e.conference_uri = "https://x.example/" + a; }}) {
        Entry bad = an_entry();
        break_it(bad, attack);
        CHECK_THROWS_AS(request(bad), std::invalid_argument);
    }
    attendee = an_attendee();
    attendee.address = "a@x.example\r\nX:y";
    CHECK_THROWS_AS(request_text(an_entry(), organizer, attendee, now), std::invalid_argument);
    organizer.address = "o@x.example\nX:y";
    CHECK_THROWS_AS(request_text(an_entry(), organizer, an_attendee(), now), std::invalid_argument);
}
