#include "notifications/reminder_rule.hpp"

#include <catch2/catch.hpp>

using namespace convoke::notifications;
using namespace std::chrono;

namespace {

sys_seconds at(year_month_day day, seconds time) { return sys_days{day} + time; }
const std::vector<std::string> usual{"P14D", "P1D", "PT1H"};

}  // namespace

TEST_CASE("a day before keeps the wall time across a clock change, an hour is an hour") {
    // Brussels goes to summer time on 29 March 2026 at 01:00 UTC. The event: 30 March, 09:00 (+02:00).
    const auto start = at(2026y / March / 30, 7h);
    CHECK(reminder_due({1, 0s}, start, "Europe/Brussels") == at(2026y / March / 29, 7h));
    CHECK(reminder_due({2, 0s}, start, "Europe/Brussels") == at(2026y / March / 28, 8h));  // 09:00 (+01:00)
    CHECK(reminder_due({0, 48h}, start, "Europe/Brussels") == at(2026y / March / 28, 7h));
    CHECK(reminder_due({1, 2h}, start, "Europe/Brussels") == at(2026y / March / 29, 5h));
    // 02:30 on the day of the change does not exist: read with the offset before it, 01:30 UTC.
    CHECK(reminder_due({1, 0s}, at(2026y / March / 30, 30min), "Europe/Brussels") == at(2026y / March / 29, 1h + 30min));
}

TEST_CASE("offsets have a range") {
    for (auto text : {"PT0S", "P0D", "", "1 day", "P366D", "-P1D", "P1Y"}) {
        const auto parsed = parse_offset(text);
        CAPTURE(text);
        REQUIRE(parsed.has_error());
        CHECK(parsed.error().code == convoke::errc::reminder_offset);
    }
    CHECK(parse_offset("P365D").has_value());
    CHECK(parse_offset("PT15M")->time == 15min);
}

TEST_CASE("of several missed ones only the latest still makes sense, and none after the start") {
    const auto start = at(2026y / June / 17, 8h);
    const auto long_ago = start - 24h * 60;
    const auto sends = [&](sys_seconds now, sys_seconds since) {
        const auto reminder = reminder_to_send(usual, start, "Europe/Rome", since, now);
        return reminder ? reminder->offset : "";
    };
    CHECK(sends(start - 24h * 15, long_ago).empty());
    CHECK(sends(start - 24h * 14, long_ago) == "P14D");
    CHECK(sends(start - 24h * 2, long_ago) == "P14D");
    CHECK(sends(start - 24h, long_ago) == "P1D");
    CHECK(sends(start - 30min, long_ago) == "PT1H");
    CHECK(sends(start - 1s, long_ago) == "PT1H");
    CHECK(sends(start, long_ago).empty());
    CHECK(sends(start + 1h, long_ago).empty());
    // Registered five days before: the fortnight's reminder is not made up for.
    CHECK(sends(start - 24h * 2, start - 24h * 5).empty());
    CHECK(sends(start - 24h, start - 24h * 5) == "P1D");
}

TEST_CASE("a reminder follows a moved event") {
    const auto start = at(2026y / June / 17, 8h);
    CHECK(next_reminder(usual, start, "Europe/Rome", start - 24h * 20)->due == start - 24h * 14);
    CHECK(next_reminder(usual, start + 2h, "Europe/Rome", start - 24h * 20)->due == start - 24h * 14 + 2h);
    CHECK(next_reminder(usual, start, "Europe/Rome", start - 2h)->offset == "PT1H");
    CHECK_FALSE(next_reminder(usual, start, "Europe/Rome", start - 30min).has_value());
}

TEST_CASE("equal reminders are one") {
    const std::vector<std::string> doubled{"PT24H", "PT1H", "PT1440M", "nonsense"};
    const auto start = at(2026y / June / 17, 8h);
    const auto all = reminders_of(doubled, start, "Europe/Rome");
    REQUIRE(all.size() == 2);
    CHECK(all[0].offset == "PT24H");
    CHECK(all[1].offset == "PT1H");
}
