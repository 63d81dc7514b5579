// Texts made to crash, hang or lead astray are dealt with in less than a tenth of a second each, by this process's clock.
#include "calendar/answer.hpp"
#include "calendar/lint.hpp"

#include "support.hpp"

#include <ctime>

using namespace convoke;
using namespace convoke::calendar;

namespace {

#if defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr double allowance = 30;
#else
constexpr double allowance = 1;
#endif
#endif

double const limit = 0.1 * allowance
#ifndef NDEBUG
                     * 5  // unoptimised
#endif
    ;

std::string repeated(std::string const& text, std::size_t times) {
    std::string out;
    out.reserve(text.size() * times);
    while (times-- > 0) out += text;
    return out;
}
std::string calendar_of(std::string const& inside) { return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\n" + inside + "END:VCALENDAR\r\n"; }
std::string event_of(std::string const& lines) { return calendar_of("BEGIN:VEVENT\r\nUID:a@b\r\n" + lines + "END:VEVENT\r\n"); }

std::string slow_zones() {
    std::string out = "BEGIN:VTIMEZONE\r\nTZID:Slow\r\n";
    for (int i = 0; i < 90; ++i)
        out += "BEGIN:STANDARD\r\nDTSTART:00010101T000000\r\nTZOFFSETFROM:+0000\r\nTZOFFSETTO:+" + std::to_string(10 + i % 9) +
               "00\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n";
    out += "END:VTIMEZONE\r\n";
    for (int i = 0; i < 1500; ++i) {
        std::string const year = std::to_string(1900 + i % 1000);
        out += "BEGIN:VEVENT\r\nDTSTART;TZID=Slow:" + year + "0617T100000\r\nDTEND;TZID=Mars" + std::to_string(i) + ":" + year + "0617T100000\r\nEND:VEVENT\r\n";
    }
    return calendar_of(out);
}

std::vector<std::pair<std::string, std::string>> hostile() {
    return {
        {"components nested 400,000 deep", repeated("BEGIN:VEVENT\r\n", 400'000)},
        {"components nested in a small text", calendar_of(repeated("BEGIN:X\n", 100'000))},
        {"a million lines", "BEGIN:VCALENDAR\r\n" + repeated("X:y\n", 1'000'000)},
        {"lines in a megabyte", "BEGIN:VCALENDAR\r\n" + repeated("X:\n", 300'000)},
        {"one line of 16 MB", event_of("SUMMARY:" + std::string(16 << 20, 'x') + "\r\n")},
        {"one line of a megabyte in folds", event_of("SUMMARY:" + repeated("xxxxxxxxx\r\n ", 80'000))},
        {"a megabyte of folds", "BEGIN:VCALENDAR\r\nX:" + repeated("\n ", 500'000)},
        {"a line of parameters", event_of("ATTENDEE" + repeated(";A=b", 15'000) + ":mailto:a@b\r\n")},
        {"quotes without end", event_of(repeated("ATTENDEE;CN=\"" + std::string(60'000, '"') + "\r\n", 10))},
        {"escapes", event_of("COMMENT:" + std::string(60'000, '\\') + "\r\n")},
        {"an endless rule", event_of("DTSTART:20260101T000000Z\r\nRRULE:FREQ=SECONDLY;BYMONTH=2;BYMONTHDAY=30\r\n")},
        {"a rule of many values", event_of("RRULE:FREQ=YEARLY;BYDAY=" + repeated("MO,", 15'000) + "MO\r\nDTSTART:20260101T000000Z\r\n")},
        {"a rule that rarely gives", event_of("DTSTART;VALUE=DATE:20260101\r\nRRULE:FREQ=DAILY;INTERVAL=100000;BYMONTH=2;BYMONTHDAY=30\r\n")},
        {"zones made to cost time", slow_zones()},
        {"addresses made to cost time", event_of(repeated("ATTENDEE:mailto:a@" + repeated("ü.", 100) + "example\r\n", 499))},
        {"octets that are nothing", std::string(1 << 20, '\xFF')},
        {"NULs", std::string(1 << 20, '\0')},
        {"NULs in a calendar", event_of("COMMENT:" + std::string(60'000, '\0') + "\r\n")},
        {"a path as a zone", event_of("DTSTART;TZID=../../../../dev/zero:20260101T000000\r\nRECURRENCE-ID;TZID=/dev/random:20260101T000000\r\n")},
        {"a line end in an address", event_of("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a%0D%0AX-EVIL:1@b.example\r\n")},
    };
}

template <class Function>
double seconds_of(Function function) {
    auto const begun = std::clock();
    function();
    return static_cast<double>(std::clock() - begun) / CLOCKS_PER_SEC;
}

}  // namespace

TEST_CASE("hostile texts cost less than a tenth of a second") {
    zone_exists("Europe/Brussels");  // what is loaded once for all is not the text's doing
    (void)read_calendar(event_of("DTSTART;TZID=Romance Standard Time:20260101T000000\r\n"));
    for (auto const& [name, text] : hostile()) {
        INFO(name);
        CHECK(seconds_of([&, &bytes = text] { (void)read_calendar(bytes); }) < limit);
        CHECK(seconds_of([&, &bytes = text] { (void)read_answer(bytes); }) < limit);
    }
    CHECK(read_calendar(hostile()[0].second).error().code == errc::payload_too_large);
}

TEST_CASE("the linter survives hostile texts") {
    for (auto const& [name, text] : hostile()) {
        INFO(name);
        CHECK(seconds_of([&, &bytes = text] { (void)lint(bytes.substr(0, 256 << 10)); }) < 10 * limit);
    }
}

TEST_CASE("what hostile texts say does not travel on") {
    auto const path = read_calendar(event_of("DTSTART;TZID=../../../../etc/localtime:20260101T000000\r\n"));
    CHECK((path->components.at(0).start->kind == ReadTime::Kind::unknown_zone));
    auto const injected = read_answer(event_of("ATTENDEE;PARTSTAT=ACCEPTED:mailto:a%0D%0AX-EVIL:1@b.example\r\n"));
    CHECK(injected->parts.at(0).attendees.at(0).address.empty());
    auto const nul = read_calendar(event_of(std::string("COMMENT:a\0b\r\n", 13)));
    CHECK(nul->components.at(0).comment == "ab");
    auto const broken = read_calendar(event_of("COMMENT:\xC3\x28\r\n"));
    CHECK(broken->components.at(0).comment == "Ã(");
}
