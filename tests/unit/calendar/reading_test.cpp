#include "calendar/reading.hpp"

#include "calendar/embedded_zone.hpp"
#include "support.hpp"

#include <rapidcheck.h>

#include <ctime>

using namespace convoke;
using namespace convoke::calendar;
using Kind = ReadTime::Kind;

namespace {

std::string reply(std::string const& lines) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:k3m9x2@events.example\r\n" + lines +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
}
ReadComponent only(std::string const& text) {
    auto const read = read_calendar(text);
    REQUIRE(read);
    REQUIRE(read->components.size() == 1);
    return read->components[0];
}

std::string const windows_zone =
    "BEGIN:VTIMEZONE\r\nTZID:Customized Time Zone\r\n"
    "BEGIN:STANDARD\r\nDTSTART:16010101T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n"
    "BEGIN:DAYLIGHT\r\nDTSTART:16010101T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n"
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\n";

}  // namespace

TEST_CASE("an answer is read") {
    auto const c = only(reply("DTSTAMP:20260202T101112Z\r\nSEQUENCE:3\r\nORGANIZER;CN=CoP:MAILTO:rsvp+7f3a@events.example\r\n"
                              "ATTENDEE;PARTSTAT=accepted;CN=\"Ní Bhriain, Aoife\":mailto:Aoife@Org.example\r\n"
                              "COMMENT:Late\\, by ten\\nminutes\r\nSUMMARY:x\r\n"));
    CHECK(c.uid == "k3m9x2@events.example");
    CHECK(c.sequence == 3);
    CHECK(c.dtstamp == utc("2026-02-02T10:11:12"));
    REQUIRE(c.attendees.size() == 1);
    CHECK(c.attendees[0].partstat == "ACCEPTED");
    CHECK(c.attendees[0].name == "Ní Bhriain, Aoife");
    CHECK(c.attendees[0].address == "Aoife@org.example");
    CHECK(c.organizer->address == "rsvp+7f3a@events.example");
    CHECK(c.comment == "Late, by ten\nminutes");
}

TEST_CASE("what mail programs break is read all the same") {
    auto const text = reply("SEQUENCE:1\r\nATTENDEE:mailto:a@b.example\r\n");
    for (std::string variant : {std::string("\xEF\xBB\xBF") + text, replaced(text, "\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n", ""),
                                replaced(text, "BEGIN:VEVENT", "begin:vevent"), "\r\n\r\n" + text, text + "\r\n-- \r\nlist footer\r\n",
                                replaced(text, "METHOD:REPLY", "METHOD:REPLY\r\nMETHOD:REPLY"), replaced(text, "VERSION:2.0\r\n", "")}) {
        INFO(variant);
        auto const read = read_calendar(variant);
        REQUIRE(read);
        CHECK(read->method == "REPLY");
        REQUIRE(read->components.size() == 1);
        CHECK(read->components[0].attendees.size() == 1);
    }
    std::string bare;
    for (char c : text)
        if (c != '\r') bare += c;
    CHECK(only(bare).sequence == 1);
    std::string old;
    for (char c : text)
        if (c != '\n') old += c;
    CHECK(only(old).sequence == 1);
    // A fold inside a character, and a text in Windows-1252.
    CHECK(only(reply("SUMMARY:Gr\xC3\r\n \xB6\xC3\x9F" "e\r\n")).summary == "Größe");
    CHECK(only(reply("SUMMARY:Gr\xF6\xDF" "e \x96 x\r\n")).summary == "Größe – x");
    CHECK(only(reply("ATTENDEE;CN=\"never closed:mailto:a@b.example\r\n")).attendees.at(0).address == "a@b.example");
    CHECK(read_calendar("BEGIN:VCALENDAR\r\nstray words\r\nMETHOD:REPLY\r\n")->method == "REPLY");
    CHECK(only(reply("DESCRIPTION:raw\r\nlines go on\r\n\r\nhere\r\n")).description == "raw\nlines go on\nhere");
}

TEST_CASE("times are placed by what came with them, then by name, and never by guess") {
    auto const start_of = [](std::string const& line, std::string const& zones = "") {
        return only(replaced(reply(line + "\r\n"), "BEGIN:VEVENT", zones + "BEGIN:VEVENT")).start.value();
    };
    CHECK(start_of("DTSTART:20260617T080000Z").instant == utc("2026-06-17T08:00:00"));
    CHECK(start_of("DTSTART;TZID=Europe/Brussels:20260617T100000").instant == utc("2026-06-17T08:00:00"));
    CHECK(start_of("DTSTART;TZID=/freeassociation.sourceforge.net/Europe/Brussels:20260617T100000").instant ==
          utc("2026-06-17T08:00:00"));
    CHECK(start_of("DTSTART;TZID=\"Romance Standard Time\":20260617T100000").instant == utc("2026-06-17T08:00:00"));
    auto const date = start_of("DTSTART;VALUE=DATE:20260617");
    CHECK((date.kind == Kind::date));
    CHECK(date.local == at("2026-06-17T00:00:00"));
    CHECK((start_of("DTSTART:20260617T100000").kind == Kind::floating));
    auto const unknown = start_of("DTSTART;TZID=Mars/Olympus:20260617T100000");
    CHECK((unknown.kind == Kind::unknown_zone));
    CHECK(!unknown.instant);
    for (std::string path : {"../../../etc/passwd", "/etc/passwd", "Europe/../Europe/Brussels", "|id", "%n%n"})
        CHECK((start_of("DTSTART;TZID=\"" + path + "\":20260617T100000").kind == Kind::unknown_zone));
    CHECK(start_of("DTSTART;TZID=Customized Time Zone:20260617T100000", windows_zone).instant == utc("2026-06-17T08:00:00"));
    CHECK(start_of("DTSTART;TZID=Customized Time Zone:20261217T100000", windows_zone).instant == utc("2026-12-17T09:00:00"));
}

TEST_CASE("an embedded zone gives gap and fold as RFC 5545 says") {
    auto const start_of = [](std::string const& local) {
        return *only(replaced(reply("DTSTART;TZID=Customized Time Zone:" + local + "\r\n"), "BEGIN:VEVENT", windows_zone + "BEGIN:VEVENT"))
                    .start->instant;
    };
    CHECK(start_of("20260329T023000") == utc("2026-03-29T01:30:00"));
    CHECK(start_of("20261025T023000") == utc("2026-10-25T00:30:00"));
    CHECK(start_of("20260329T030000") == utc("2026-03-29T01:00:00"));
    CHECK(start_of("20261025T030000") == utc("2026-10-25T02:00:00"));
}

TEST_CASE("a rule that cannot be bounded leaves the zone to its name") {
    auto const hostile = replaced(windows_zone, "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30");
    auto const c = only(replaced(reply("DTSTART;TZID=Customized Time Zone:20260617T100000\r\n"), "BEGIN:VEVENT", hostile + "BEGIN:VEVENT"));
    CHECK((c.start->kind == Kind::unknown_zone));
}

TEST_CASE("SEQUENCE beyond 32 bits is capped, not wrapped") {
    CHECK(only(reply("SEQUENCE:99999999999\r\n")).sequence == 2147483647);
    CHECK(only(reply("SEQUENCE:99999999999999999999999999999999999\r\n")).sequence == 2147483647);
    CHECK(only(reply("SEQUENCE:-5\r\n")).sequence == 0);
    CHECK(only(reply("SEQUENCE:x\r\n")).sequence == 0);
}

TEST_CASE("recurrence ids and rules are noted, rules not expanded") {
    auto const c = only(reply("RECURRENCE-ID;RANGE=THISANDFUTURE;TZID=Europe/Brussels:20260617T100000\r\n"
                              "RRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n"));
    CHECK(c.recurring);
    CHECK(c.this_and_future);
    CHECK(c.recurrence_id->instant == utc("2026-06-17T08:00:00"));
}

TEST_CASE("what is no calendar is refused, what is too large is refused early") {
    CHECK(read_calendar("").error().code == errc::invalid_value);
    CHECK(read_calendar("Hello\r\nworld: yes\r\n").error().code == errc::invalid_value);
    CHECK(read_calendar(std::string(2 << 20, 'x')).error().code == errc::payload_too_large);
    CHECK(read_calendar(reply("SUMMARY:" + std::string(70000, 'x') + "\r\n")).error().code == errc::payload_too_large);
    std::string folded = "SUMMARY:";
    for (int i = 0; i < 1200; ++i) folded += std::string(70, 'x') + "\r\n ";
    CHECK(read_calendar(reply(folded + "\r\n")).error().code == errc::payload_too_large);
    std::string nested;
    for (int i = 0; i < 40000; ++i) nested += "BEGIN:VEVENT\r\n";
    CHECK(read_calendar(nested).error().code == errc::payload_too_large);
    std::string many = "BEGIN:VCALENDAR\r\n";
    for (int i = 0; i < 2500; ++i) many += "BEGIN:VEVENT\r\nEND:VEVENT\r\n";
    CHECK(read_calendar(many).error().code == errc::payload_too_large);
    std::string lines = "BEGIN:VCALENDAR\r\n";
    for (int i = 0; i < 30000; ++i) lines += "X:y\r\n";
    CHECK(read_calendar(lines).error().code == errc::payload_too_large);
    std::string people;
    for (int i = 0; i < 900; ++i) people += "ATTENDEE:mailto:a@b.example\r\n";
    CHECK(only(reply(people)).attendees.size() == 500);
}

TEST_CASE("no bytes crash the reader") {
    CHECK(rc::check("fragments in any order", [] {
        static std::vector<std::string> const pieces = {
            "BEGIN:VCALENDAR", "END:VCALENDAR", "BEGIN:VEVENT", "END:VEVENT", "BEGIN:VTIMEZONE", "TZID:X", "BEGIN:STANDARD", "\r\n", "\n",
            "\r\n ", ":", ";", "\"", "=", "DTSTART", "DTSTART;TZID=X:20260617T100000", "DTSTART:16010101T000000", "TZOFFSETFROM:+0100",
            "TZOFFSETTO:-9999", "RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10", "RRULE:FREQ=YEARLY;UNTIL=00010101T000000Z", "RDATE:20260101",
            "END:STANDARD", "END:VTIMEZONE", "ATTENDEE", "mailto:%", "%0", "\xC3", "\xFF", "\\", "^", std::string(1, '\0'), "99999999999999"};
        std::string text = "BEGIN:VCALENDAR\r\n";
        for (auto const& piece : *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces))) text += piece;
        (void)read_calendar(text + "\r\nEND:VCALENDAR\r\n");
    }));
    CHECK(rc::check("random bytes", [](std::string const& bytes) { (void)read_calendar(bytes); }));
}

TEST_CASE("a calendar made to cost time costs little") {
    std::string hostile = "BEGIN:VCALENDAR\r\nBEGIN:VTIMEZONE\r\nTZID:Slow\r\n";
    auto const every_day = replaced(windows_zone, "INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "BYDAY=MO,TU,WE,TH,FR,SA,SU");
    auto const c = only(replaced(reply("DTSTART;TZID=Customized Time Zone:20260617T100000\r\n"), "BEGIN:VEVENT", every_day + "BEGIN:VEVENT"));
    CHECK((c.start->kind == Kind::unknown_zone));
    for (int i = 0; i < 90; ++i) {
        char offset[8];
        snprintf(offset, sizeof offset, "+%02d00", i % 14);
        hostile += std::string("BEGIN:STANDARD\r\nDTSTART:00010101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:") + offset +
                   "\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n";
    }
    hostile += "END:VTIMEZONE\r\n";
    for (int i = 0; i < 1500; ++i) {
        std::string const year = std::to_string(2000 + i % 50);
        hostile += "BEGIN:VEVENT\r\nDTSTART;TZID=Slow:" + year + "0617T100000\r\nDTEND;TZID=Mars" + std::to_string(i) + ":" + year +
                   "0617T100000\r\nEND:VEVENT\r\n";
    }
    // Time of this process, not of the wall: other tests may run beside this one.
    auto const begun = std::clock();
    (void)read_calendar(hostile);
    CHECK(static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC < 20);
}
