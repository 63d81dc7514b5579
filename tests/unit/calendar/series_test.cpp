// How a series is said, what its versions differ in, and the one date that a mail holds.
#include "calendar/series.hpp"

#include "calendar/embedded_zone.hpp"
#include "calendar/entry.hpp"
#include "calendar/lint.hpp"
#include "calendar/words.hpp"
#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;

namespace {

Schedule series(std::string_view rule, std::string_view start = "2027-05-05T10:00:00", std::string zone = "Europe/Brussels",
                Duration duration = {0, seconds{7200}}) {
    return {Fixed{at(start), std::move(zone), duration}, Recurrence{{parse_rule(rule).value()}, {}}};
}

bool as_rule(Schedule const& schedule) { return series_form(schedule) == SeriesForm::rule; }

}  // namespace

TEST_CASE("a rule goes as a rule where every reader places it alike") {
    CHECK(as_rule(series("FREQ=DAILY;COUNT=4")));
    CHECK(as_rule(series("FREQ=WEEKLY;INTERVAL=2;BYDAY=WE;COUNT=40")));
    CHECK(as_rule(series("FREQ=MONTHLY;BYDAY=1WE;COUNT=9")));
    CHECK(as_rule(series("FREQ=MONTHLY;BYMONTHDAY=5;COUNT=9")));
    CHECK(as_rule(series("FREQ=YEARLY;BYMONTH=5;BYDAY=1WE;COUNT=3")));
    // What Outlook takes otherwise or not at all.
    CHECK_FALSE(as_rule(series("FREQ=DAILY;BYDAY=WE,TH;COUNT=4")));
    CHECK_FALSE(as_rule(series("FREQ=MONTHLY;BYDAY=MO,TU,WE;BYSETPOS=-1;COUNT=4")));
    CHECK_FALSE(as_rule(series("FREQ=MONTHLY;BYMONTHDAY=5,12;COUNT=4")));
    CHECK_FALSE(as_rule(series("FREQ=MONTHLY;COUNT=4", "2027-05-31T10:00:00")));
    CHECK_FALSE(as_rule(series("FREQ=YEARLY;COUNT=2", "2028-02-29T10:00:00")));
    // Where the clocks make readers differ.
    CHECK_FALSE(as_rule(series("FREQ=WEEKLY;COUNT=4", "2027-05-05T10:00:00", "Africa/Cairo")));
    CHECK_FALSE(as_rule(series("FREQ=DAILY;COUNT=3", "2027-03-27T02:30:00")));
    CHECK_FALSE(as_rule(series("FREQ=WEEKLY;COUNT=3", "2027-03-13T22:00:00", "Europe/Brussels", {0, seconds{6 * 3600}})));
    CHECK(as_rule(series("FREQ=WEEKLY;COUNT=2", "2027-03-13T22:00:00", "Europe/Brussels", {0, seconds{6 * 3600}})));
    Schedule added = series("FREQ=WEEKLY;COUNT=4");
    added.recurrence->overrides[at("2027-05-07T10:00:00")].title = "Extra";
    CHECK_FALSE(as_rule(added));
    CHECK(check_schedule(added));
    CHECK(occurrences(added, sys_seconds::min(), sys_seconds::max(), 100).size() == 5);
}

TEST_CASE("what differs between two versions of a series") {
    Schedule const before = series("FREQ=WEEKLY;COUNT=4");
    Schedule after = before;
    after.recurrence->overrides[at("2027-05-12T10:00:00")].start = at("2027-05-12T14:00:00");
    after.recurrence->overrides[at("2027-05-19T10:00:00")].excluded = true;
    after.recurrence->overrides[at("2027-05-20T10:00:00")].title = "Extra";
    after.recurrence->overrides[at("2027-05-26T10:00:00")].title = "The last";
    using Changes = std::vector<DateChange>;
    CHECK(date_changes(before, before) == Changes{});
    CHECK((date_changes(before, after) == Changes{{at("2027-05-12T10:00:00"), false, true},
                                                  {at("2027-05-19T10:00:00"), true, false},
                                                  {at("2027-05-26T10:00:00"), false, false},
                                                  {at("2027-05-20T10:00:00"), false, true}}));
    CHECK_FALSE(date_changes(before, series("FREQ=WEEKLY;COUNT=5")));
    CHECK(dates_lost(before, after).empty());
    CHECK(dates_lost(before, series("FREQ=WEEKLY;COUNT=3")) == std::vector{at("2027-05-26T10:00:00")});
    CHECK(takes_place(after, at("2027-05-20T10:00:00")));
    CHECK_FALSE(takes_place(after, at("2027-05-19T10:00:00")));
    CHECK(start_of(schedule_of_date(after, at("2027-05-12T10:00:00"))) == at("2027-05-12T14:00:00"));
}

TEST_CASE("a mail about one date holds that date alone") {
    Entry entry = an_entry();
    entry.schedule = series("FREQ=WEEKLY;COUNT=4");
    entry.sequence = 3;
    auto& moved = entry.schedule.recurrence->overrides[at("2027-05-12T10:00:00")];
    moved.start = at("2027-05-13T14:00:00");
    moved.title = "On Thursday";
    moved.place = "Salerno";
    entry.schedule.recurrence->overrides[at("2027-05-19T10:00:00")].excluded = true;
    auto const now = utc("2027-03-01T08:00:00");
    check_golden("request-date.ics", request_date_text(entry, at("2027-05-12T10:00:00"), an_organizer(), an_attendee(), now));
    check_golden("cancel-date.ics", cancel_date_text(entry, at("2027-05-19T10:00:00"), an_organizer(), an_attendee(), now));
    Entry single = an_entry();
    CHECK_THROWS_AS(request_date_text(single, at("2026-06-17T10:00:00"), an_organizer(), an_attendee(), now), std::logic_error);
}

TEST_CASE("dates that the clocks skip or repeat are named") {
    auto const spring = touched_dates(series("FREQ=DAILY;COUNT=3", "2027-03-27T02:30:00"));
    REQUIRE(spring.size() == 1);
    CHECK(spring[0].kind == LocalReading::Kind::gap);
    CHECK(spring[0].happens.local == at("2027-03-28T03:30:00"));
    auto const autumn = touched_dates(series("FREQ=DAILY;COUNT=3", "2027-10-30T02:30:00"));
    REQUIRE(autumn.size() == 1);
    CHECK(autumn[0].kind == LocalReading::Kind::fold);
    CHECK(autumn[0].happens.offset == seconds{7200});
    CHECK(touched_dates(series("FREQ=DAILY;COUNT=3")).empty());
}

TEST_CASE("a series says the clock changes between its dates, in every language") {
    auto const schedule = series("FREQ=WEEKLY;COUNT=40", "2027-01-06T10:00:00");
    auto const now = utc("2027-01-02T08:00:00");
    auto const notes = [&](char const* language) { return say_when(schedule, "Asia/Tokyo", language, now).notes; };
    auto const has = [](std::vector<std::string> const& all, std::string_view text) {
        return std::any_of(all.begin(), all.end(), [&](auto const& one) { return one.find(text) != std::string::npos; });
    };
    CHECK(has(notes("en"), "In Brussels the clocks go forward one hour on 28 March 2027"));
    CHECK(has(notes("fr"), "le 28 mars 2027"));
    CHECK(has(notes("de"), "am 28. März 2027"));
    CHECK_FALSE(has(notes("en"), "31 October 2027"));
    // Whose clocks change together with the event's sees the same hour all along.
    CHECK_FALSE(has(say_when(schedule, "Europe/Dublin", "en", now).notes, "In Brussels the clocks"));}

TEST_CASE("another tz database has another mark") {
    CHECK(zone_mark("Europe/Brussels").size() == 16);
    CHECK(zone_mark("Europe/Brussels") == zone_mark("Europe/Amsterdam"));
    CHECK(zone_mark("Europe/Brussels") != zone_mark("Europe/London"));
}

TEST_CASE("changed dates are mails of their own while they are few") {
    Schedule some = series("FREQ=WEEKLY;COUNT=10");
    CHECK(dates_apart(some).empty());
    auto& overrides = some.recurrence->overrides;
    overrides[at("2027-05-12T10:00:00")].start = at("2027-05-12T14:00:00");
    overrides[at("2027-05-19T10:00:00")].excluded = true;
    overrides[at("2027-05-26T10:00:00")].title = "The last";
    CHECK((dates_apart(some) == std::vector{at("2027-05-12T10:00:00"), at("2027-05-26T10:00:00")}));

    Entry entry;
    entry.uid = "u@events.example";
    entry.summary = "Meeting";
    entry.schedule = some;
    Organizer const organizer{"rsvp@events.example", "CoP"};
    Attendee const attendee{"a@x.example", "Aoife"};
    auto const findings = [&](std::string const& text) { return lint(text, {LintContext::Profile::invitation, "REQUEST", "a@x.example", "rsvp@events.example"}); };
    auto const whole = request_text(entry, organizer, attendee, sys_seconds{});
    CHECK(whole.find("RRULE:") != std::string::npos);
    CHECK(whole.find("EXDATE") != std::string::npos);
    CHECK(whole.find("RECURRENCE-ID") == std::string::npos);
    for (auto const& one : findings(whole)) CHECK(one.rule != "S10");
    // A feed holds all in one text.
    CHECK(feed_text({}, std::vector{entry}).find("RECURRENCE-ID") != std::string::npos);

    // Too many for mails: in the one text again, and the linter says what that means.
    for (int day = 2; day <= 16; day += 7)
        overrides[at("2027-06-" + std::string(day < 10 ? "0" : "") + std::to_string(day) + "T10:00:00")].title = "June";
    CHECK(dates_apart(some).size() == most_dates_apart);
    CHECK_FALSE(too_many_dates_apart(some));
    overrides[at("2027-06-23T10:00:00")].title = "June";
    CHECK(dates_apart(some).empty());
    CHECK(too_many_dates_apart(some));
    entry.schedule = some;
    bool warned = false;
    for (auto const& one : findings(request_text(entry, organizer, attendee, sys_seconds{}))) warned = warned || one.rule == "S10";
    CHECK(warned);

    // What goes date by date holds every date in one text already.
    Schedule added = series("FREQ=WEEKLY;COUNT=4");
    added.recurrence->overrides[at("2027-05-07T10:00:00")].title = "Extra";
    CHECK(dates_apart(added).empty());
}
