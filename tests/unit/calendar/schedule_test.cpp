#include "calendar/schedule.hpp"

#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;

namespace {

Schedule fixed(std::string_view start, std::string zone, Duration duration) {
    return {Fixed{at(start), std::move(zone), duration}, {}};
}
Schedule days_of(std::string_view first, int days) { return {AllDay{on(first), days, "Europe/Rome"}, {}}; }
Schedule window(std::string_view first, std::string_view last) { return {Provisional{on(first), on(last)}, {}}; }

Schedule weekly(int count) {
    Schedule s = fixed("2026-03-11T10:00:00", "Europe/Brussels", {0, seconds{3600}});
    RecurrenceRule rule;
    rule.count = count;
    s.recurrence = Recurrence{{rule}, {}};
    return s;
}

// The one fault: its pointer and code.
void check_fault(Schedule const& schedule, std::string_view pointer, errc code) {
    INFO(pointer);
    auto const checked = check_schedule(schedule);
    REQUIRE(!checked);
    REQUIRE(checked.error().faults.size() == 1);
    CHECK(checked.error().faults[0].pointer == pointer);
    CHECK(slug(checked.error().faults[0].code) == slug(code));
    CHECK(checked.error().code == code);
}

}  // namespace

TEST_CASE("schedules that can be held are accepted") {
    CHECK(check_schedule(fixed("2026-06-17T10:00:00", "Europe/Brussels", {0, seconds{9000}})));
    CHECK(check_schedule(fixed("2027-05-20T09:00:00", "Europe/Rome", {1, seconds{28800}})));
    CHECK(check_schedule(fixed("2027-05-20T09:00:00", "Europe/Amsterdam", {366, seconds{0}})));
    CHECK(check_schedule(days_of("2026-05-21", 2)));
    CHECK(check_schedule(window("2026-10-01", "2026-10-31")));
    CHECK(check_schedule(window("2026-10-01", "2026-10-01")));
    CHECK(check_schedule(window("2026-01-01", "2027-12-31")));
    CHECK(check_schedule(weekly(10)));
}

TEST_CASE("each fault of a schedule has its pointer") {
    check_fault(fixed("2026-06-17T10:00:00", "Europe/Brusels", {0, seconds{9000}}), "/timeZone", errc::unknown_time_zone);
    check_fault(fixed("2026-03-29T02:30:00", "Europe/Brussels", {0, seconds{9000}}), "/start", errc::local_time_does_not_exist);
    check_fault(fixed("2026-10-25T02:30:00", "Europe/Brussels", {0, seconds{9000}}), "/start", errc::local_time_ambiguous);
    check_fault(fixed("2026-06-17T10:00:00", "Europe/Brussels", {0, seconds{0}}), "/duration", errc::invalid_duration);
    check_fault(fixed("2026-06-17T10:00:00", "Europe/Brussels", {367, seconds{0}}), "/duration", errc::invalid_duration);
    check_fault(fixed("2037-12-31T23:00:00", "Europe/Brussels", {0, seconds{7200}}), "/start", errc::out_of_range);
    check_fault(fixed("2038-01-01T10:00:00", "Europe/Brussels", {0, seconds{7200}}), "/start", errc::out_of_range);
    check_fault(days_of("2026-05-21", 0), "/duration", errc::invalid_duration);
    check_fault(days_of("2026-05-21", 400), "/duration", errc::invalid_duration);
    check_fault(window("2026-10-31", "2026-10-01"), "/provisional/latest", errc::end_before_start);
    check_fault(window("2026-01-01", "2028-01-02"), "/provisional/latest", errc::out_of_range);
}

TEST_CASE("a refused start carries both readings") {
    auto const checked = check_schedule(fixed("2026-10-25T02:30:00", "Europe/Brussels", {0, seconds{9000}}));
    REQUIRE(!checked);
    CHECK(checked.error().arguments.at("earlier") == "2026-10-25T02:30:00+02:00");
    CHECK(checked.error().arguments.at("later") == "2026-10-25T02:30:00+01:00");
}

TEST_CASE("all faults are told at once") {
    auto const checked = check_schedule(fixed("2039-06-17T10:00:00", "Nowhere", {0, seconds{0}}));
    REQUIRE(!checked);
    CHECK(checked.error().faults.size() == 3);
    CHECK(checked.error().code == errc::validation_failed);
}

TEST_CASE("a rule without bounds, without dates or beside its start is refused") {
    Schedule s = weekly(10);
    RecurrenceRule& rule = s.recurrence->rules[0];
    rule.count.reset();
    check_fault(s, "/recurrenceRules/0/count", errc::too_many_occurrences);
    rule.count = 1001;
    check_fault(s, "/recurrenceRules/0/count", errc::too_many_occurrences);
    rule.count = 600;  // eleven and a half years of weeks
    check_fault(s, "/recurrenceRules/0/count", errc::too_many_occurrences);
    rule.count.reset();
    rule.until = at("2037-01-01T00:00:00");
    check_fault(s, "/recurrenceRules/0/until", errc::too_many_occurrences);
    rule.until = at("2026-03-01T00:00:00");
    check_fault(s, "/recurrenceRules/0", errc::recurrence_never_happens);
    rule.until.reset();
    rule.count = 5;
    rule.by_day = {{0, 1}};  // Mondays, but it starts on a Wednesday
    check_fault(s, "/recurrenceRules/0", errc::recurrence_invalid);
    rule = {};
    rule.frequency = RecurrenceRule::Frequency::daily;
    rule.count = 3;
    rule.by_month = {2};
    rule.by_month_day = {30};
    check_fault(s, "/recurrenceRules/0", errc::recurrence_never_happens);
    rule = {};
    rule.count = 3;
    rule.interval = 0;
    check_fault(s, "/recurrenceRules/0/interval", errc::recurrence_invalid);
    s.recurrence->rules.push_back({});
    check_fault(s, "/recurrenceRules", errc::recurrence_not_supported);
    Schedule p = window("2026-10-01", "2026-10-31");
    p.recurrence = weekly(2).recurrence;
    check_fault(p, "/recurrenceRules", errc::recurrence_not_supported);
}

TEST_CASE("an override names a time that the rule gives and moves it to one that exists") {
    Schedule s = weekly(4);
    s.recurrence->overrides[at("2026-03-18T10:00:00")].excluded = true;
    CHECK(check_schedule(s));
    s.recurrence->overrides[at("2026-03-19T10:00:00")].excluded = true;
    check_fault(s, "/recurrenceOverrides/2026-03-19T10:00:00", errc::recurrence_invalid);
    s.recurrence->overrides.clear();
    s.recurrence->overrides[at("2026-03-25T10:00:00")].start = at("2026-03-29T02:30:00");
    check_fault(s, "/recurrenceOverrides/2026-03-25T10:00:00/start", errc::local_time_does_not_exist);
    s.recurrence->overrides.clear();
    for (auto id : {"2026-03-11T10:00:00", "2026-03-18T10:00:00", "2026-03-25T10:00:00", "2026-04-01T10:00:00"})
        s.recurrence->overrides[at(id)].excluded = true;
    check_fault(s, "/recurrenceOverrides", errc::recurrence_never_happens);
}

TEST_CASE("the time part of a duration is elapsed time, days keep the wall time") {
    // Brussels loses the hour from 02:00 on 29 March 2026.
    auto const elapsed = first_span(fixed("2026-03-28T20:00:00", "Europe/Brussels", {0, seconds{86400}}), "");
    CHECK(elapsed.end - elapsed.start == std::chrono::hours{24});
    auto const nominal = first_span(fixed("2026-03-28T20:00:00", "Europe/Brussels", {1, seconds{0}}), "");
    CHECK(nominal.end - nominal.start == std::chrono::hours{23});
    auto const visit = first_span(fixed("2027-05-20T09:00:00", "Europe/Rome", {1, seconds{28800}}), "");
    CHECK(visit.end == utc("2027-05-21T15:00:00"));
}

TEST_CASE("whole days and windows span local midnights") {
    auto const whole = first_span(days_of("2026-03-28", 2), "");
    CHECK(whole.start == utc("2026-03-27T23:00:00"));
    CHECK(whole.end == utc("2026-03-29T22:00:00"));
    auto const month = first_span(window("2026-10-01", "2026-10-31"), "Europe/Dublin");
    CHECK(month.start == utc("2026-09-30T23:00:00"));
    CHECK(month.end == utc("2026-11-01T00:00:00"));
    CHECK(zone_of(window("2026-10-01", "2026-10-31")).empty());
}

TEST_CASE("occurrences keep their wall time across a clock change") {
    auto const found = occurrences(weekly(4), utc("2026-01-01T00:00:00"), utc("2027-01-01T00:00:00"), 100);
    REQUIRE(found.size() == 4);
    CHECK(found[2].span.start == utc("2026-03-25T09:00:00"));
    CHECK(found[3].span.start == utc("2026-04-01T08:00:00"));
    CHECK(found[3].id == at("2026-04-01T10:00:00"));
}

TEST_CASE("occurrences are cut to the window asked for") {
    Schedule const s = weekly(10);
    CHECK(occurrences(s, utc("2026-03-18T10:00:00"), utc("2026-04-01T08:00:00"), 100).size() == 1);
    CHECK(occurrences(s, utc("2026-03-18T09:59:59"), utc("2026-04-01T08:00:01"), 100).size() == 3);
    CHECK(occurrences(s, utc("2026-01-01T00:00:00"), utc("2027-01-01T00:00:00"), 3).size() == 3);
    CHECK(occurrences(window("2026-10-01", "2026-10-31"), utc("2026-01-01T00:00:00"), utc("2027-01-01T00:00:00"), 3).empty());
    CHECK(occurrences(days_of("2026-05-21", 2), utc("2026-05-22T12:00:00"), utc("2026-05-23T12:00:00"), 3).size() == 1);
}

TEST_CASE("overrides move, rename and exclude") {
    Schedule s = weekly(3);
    s.recurrence->overrides[at("2026-03-11T10:00:00")].start = at("2026-03-19T15:00:00");
    s.recurrence->overrides[at("2026-03-11T10:00:00")].title = "Moved";
    s.recurrence->overrides[at("2026-03-25T10:00:00")].excluded = true;
    auto const found = occurrences(s, utc("2026-01-01T00:00:00"), utc("2027-01-01T00:00:00"), 100);
    REQUIRE(found.size() == 2);
    CHECK(found[0].id == at("2026-03-18T10:00:00"));
    CHECK(found[1].id == at("2026-03-11T10:00:00"));
    CHECK(found[1].span.start == utc("2026-03-19T14:00:00"));
    CHECK(found[1].title == "Moved");
    CHECK(first_span(s, "").start == utc("2026-03-18T09:00:00"));
}
