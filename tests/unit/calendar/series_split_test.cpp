// Dividing a series: no date lost, none twice, whatever the rule; and the rest moved to another hour or day.
#include "calendar/series_split.hpp"

#include "calendar/embedded_zone.hpp"
#include "calendar/recurrence.hpp"
#include "random_entry.hpp"

#include <set>
#include <tuple>

using namespace convoke;
using namespace convoke::calendar;

namespace {

using Dates = std::vector<local_seconds>;

Schedule series(std::string_view rule, std::string_view start = "2027-03-01T10:00:00") {
    return {Fixed{at(start), "Europe/Brussels", {0, seconds{7200}}}, Recurrence{{parse_rule(rule).value()}, {}}};
}

// The date as the rule gives it and when it really is.
using Date = std::tuple<local_seconds, sys_seconds, sys_seconds, std::optional<std::string>, std::optional<std::string>>;
std::set<Date> dates_of(Schedule const& schedule) {
    std::set<Date> out;
    for (auto const& one : occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 2000))
        out.emplace(one.id, one.span.start, one.span.end, one.title, one.place);
    return out;
}

bool once_each(Schedule const& whole, SeriesParts const& parts) {
    auto const before = dates_of(parts.before), after = dates_of(parts.after);
    auto both = before;
    both.insert(after.begin(), after.end());
    return both.size() == before.size() + after.size() && both == dates_of(whole);
}

RecurrenceRule const& rule_of(Schedule const& schedule) { return schedule.recurrence->rules.front(); }

std::string detail_of(result<SeriesParts> const& parts) { return parts ? "" : parts.error().detail; }
std::string refused(result<Schedule> const& moved) { return moved ? "" : moved.error().detail; }

}  // namespace

TEST_CASE("a divided series has every date once") {
    RandomEntries random(20270301);
    std::mt19937 pick(7);
    std::size_t const wanted = scaled(400, 2000, 20000);
    std::size_t divided = 0, counted = 0, seen_when_not_reduced = 0;
    while (divided < wanted) {
        Schedule const whole = random.next().schedule;
        if (!whole.recurrence) continue;
        auto const dates = expand(rule_of(whole), start_of(whole)).starts;
        if (dates.size() < 2) continue;
        local_seconds const from = dates[1 + pick() % (dates.size() - 1)];
        auto const parts = split_series(whole, from);
        auto const offered = dates_to_split_at(whole);
        REQUIRE(std::binary_search(offered.begin(), offered.end(), from) == parts.has_value());
        if (!parts) {
            // Refused only where it is excluded or nothing takes place before it.
            auto const change = whole.recurrence->overrides.find(from);
            bool const off = change != whole.recurrence->overrides.end() && change->second.excluded;
            auto const all = dates_of(whole);
            bool const first = std::none_of(all.begin(), all.end(), [&](Date const& one) { return std::get<0>(one) < from; });
            INFO(parts.error().detail);
            REQUIRE((off || first));
            continue;
        }
        ++divided;
        INFO(format_local(start_of(whole)) << " divided at " << format_local(from));
        REQUIRE(once_each(whole, *parts));
        REQUIRE(check_schedule(parts->before));
        REQUIRE(check_schedule(parts->after));
        REQUIRE(rule_of(parts->before).count.has_value() == rule_of(whole).count.has_value());
        if (!rule_of(whole).count) continue;
        REQUIRE(*rule_of(parts->before).count + *rule_of(parts->after).count == *rule_of(whole).count);
        // The control: with COUNT as it was, the same look finds dates twice.
        ++counted;
        SeriesParts not_reduced = *parts;
        not_reduced.before.recurrence->rules.front().count = rule_of(whole).count;
        seen_when_not_reduced += !once_each(whole, not_reduced);
    }
    CHECK(counted > wanted / 10);
    CHECK(seen_when_not_reduced == counted);
    WARN(divided << " random series divided, " << counted << " of them by COUNT; every control was noticed");
}

TEST_CASE("overrides, exclusions and added dates stay with their part") {
    Schedule whole = series("FREQ=WEEKLY;COUNT=6");
    auto& overrides = whole.recurrence->overrides;
    overrides[at("2027-03-08T10:00:00")].excluded = true;
    overrides[at("2027-03-22T10:00:00")].start = at("2027-03-10T09:00:00");  // moved to before the division: still of the rest
    overrides[at("2027-03-10T10:00:00")].title = "Added early";
    overrides[at("2027-03-31T10:00:00")].title = "Added late";
    auto const parts = split_series(whole, at("2027-03-22T10:00:00"));
    REQUIRE(parts);
    CHECK(once_each(whole, *parts));
    CHECK(parts->before.recurrence->overrides.size() == 2);
    CHECK(parts->after.recurrence->overrides.size() == 2);
    CHECK(rule_of(parts->before).count == 3);
    CHECK(rule_of(parts->after).count == 3);
    CHECK(start_of(parts->after) == at("2027-03-22T10:00:00"));

    auto const until = split_series(series("FREQ=DAILY;INTERVAL=2;UNTIL=20270320T100000"), at("2027-03-05T10:00:00"));
    REQUIRE(until);
    CHECK(rule_of(until->before).until == at("2027-03-03T10:00:00"));
    CHECK(rule_of(until->after).until == at("2027-03-20T10:00:00"));

    auto const one_each = split_series(series("FREQ=WEEKLY;COUNT=2"), at("2027-03-08T10:00:00"));
    REQUIRE(one_each);
    CHECK(rule_of(one_each->before).count == 1);
    CHECK(rule_of(one_each->after).count == 1);
}

TEST_CASE("where a series cannot be divided") {
    Schedule whole = series("FREQ=WEEKLY;COUNT=4");
    CHECK(detail_of(split_series(whole, at("2027-03-01T10:00:00"))).find("PATCH") != std::string::npos);
    CHECK(detail_of(split_series(whole, at("2027-03-08T11:00:00"))).find("2027-03-15T10:00:00") != std::string::npos);
    CHECK(detail_of(split_series(whole, at("2027-12-06T10:00:00"))).find("2027-03-22T10:00:00") != std::string::npos);
    whole.recurrence->overrides[at("2027-03-01T10:00:00")].excluded = true;
    CHECK(split_series(whole, at("2027-03-08T10:00:00")).error().code == errc::out_of_range);
    whole.recurrence->overrides[at("2027-03-15T10:00:00")].excluded = true;
    CHECK(detail_of(split_series(whole, at("2027-03-15T10:00:00"))).find("does not take place") != std::string::npos);
    whole.recurrence->overrides[at("2027-03-18T10:00:00")].title = "Added";
    CHECK(detail_of(split_series(whole, at("2027-03-18T10:00:00"))).find("was added") != std::string::npos);
    whole.recurrence.reset();
    CHECK(split_series(whole, at("2027-03-08T10:00:00")).error().code == errc::recurrence_invalid);
}

TEST_CASE("where a series can be divided") {
    Schedule whole = series("FREQ=WEEKLY;COUNT=4");
    CHECK(dates_to_split_at(whole) == Dates{at("2027-03-08T10:00:00"), at("2027-03-15T10:00:00"), at("2027-03-22T10:00:00")});
    auto& overrides = whole.recurrence->overrides;
    overrides[at("2027-03-01T10:00:00")].excluded = true;
    overrides[at("2027-02-01T10:00:00")].excluded = true;  // of nothing: the rule does not give it
    overrides[at("2027-03-15T10:00:00")].excluded = true;
    CHECK(dates_to_split_at(whole) == Dates{at("2027-03-22T10:00:00")});
    overrides[at("2027-03-02T10:00:00")].title = "Added";
    CHECK(dates_to_split_at(whole) == Dates{at("2027-03-08T10:00:00"), at("2027-03-22T10:00:00")});
    whole.recurrence.reset();
    CHECK(dates_to_split_at(whole).empty());
}

TEST_CASE("a date stays in its month or year, or the move is refused") {
    auto const detail = [](std::string_view rule, std::string_view start, std::string_view to) { return refused(move_series(series(rule, start), at(to))); };
    using Catch::Matchers::Contains;
    // No 31 February: the dates after it would be two months apart.
    CHECK_THAT(detail("FREQ=MONTHLY;COUNT=4", "2027-01-15T10:00:00", "2027-01-31T10:00:00"),
               Contains("(frequency)") && Contains("2027-02-15T10:00:00 would go to 2027-03-31T10:00:00"));
    CHECK_THAT(detail("FREQ=MONTHLY;BYMONTHDAY=15;COUNT=4", "2027-01-15T10:00:00", "2027-01-30T10:00:00"), Contains("(byMonthDay)"));
    CHECK_THAT(detail("FREQ=MONTHLY;BYMONTHDAY=15;UNTIL=20271231T000000", "2027-01-15T10:00:00", "2027-01-29T10:00:00"), Contains("2027-02-15"));
    CHECK_THAT(detail("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", "2027-01-31T10:00:00", "2027-01-15T10:00:00"), Contains("(byMonthDay)"));
    CHECK_THAT(detail("FREQ=MONTHLY;BYDAY=5FR;COUNT=3", "2027-01-29T10:00:00", "2027-01-30T10:00:00"), Contains("(byDay)"));
    CHECK_THAT(detail("FREQ=YEARLY;COUNT=3", "2028-03-01T10:00:00", "2028-02-29T10:00:00"),
               Contains("not every year") && Contains("2029-03-01T10:00:00 would go to 2032-02-29T10:00:00"));
    CHECK_THAT(detail("FREQ=YEARLY;BYMONTH=3;BYMONTHDAY=1;COUNT=2", "2028-03-01T10:00:00", "2028-02-29T10:00:00"), Contains("(byMonthDay)"));
    // Where every month in question has the day, and where the hour alone moves, nothing stands in the way.
    CHECK(move_series(series("FREQ=MONTHLY;COUNT=2", "2027-07-15T10:00:00"), at("2027-07-31T10:00:00")));
    CHECK(move_series(series("FREQ=MONTHLY;INTERVAL=2;COUNT=3", "2027-03-15T10:00:00"), at("2027-03-31T10:00:00")));
    CHECK(move_series(series("FREQ=YEARLY;INTERVAL=4;COUNT=2", "2028-03-01T10:00:00"), at("2028-02-29T10:00:00")));
    CHECK(move_series(series("FREQ=MONTHLY;BYMONTHDAY=31;COUNT=4", "2027-01-31T10:00:00"), at("2027-01-31T14:00:00")));
    CHECK(move_series(series("FREQ=MONTHLY;BYDAY=5FR;COUNT=3", "2027-01-29T10:00:00"), at("2027-01-29T14:00:00")));
    CHECK(move_series(series("FREQ=MONTHLY;BYDAY=-1FR;COUNT=12", "2027-01-29T10:00:00"), at("2027-01-28T10:00:00")));
    CHECK(move_series(series("FREQ=WEEKLY;INTERVAL=2;COUNT=5", "2027-03-01T10:00:00"), at("2027-03-07T10:00:00")));
    CHECK(move_series(series("FREQ=MONTHLY;COUNT=3", "2027-01-28T10:00:00"), at("2027-02-01T10:00:00")));
}

TEST_CASE("what was chosen by hand stays") {
    Schedule weekly = series("FREQ=WEEKLY;COUNT=5");
    auto& overrides = weekly.recurrence->overrides;
    overrides[at("2027-03-08T10:00:00")].start = at("2027-03-09T10:00:00");   // another day, the series' hour
    overrides[at("2027-03-15T10:00:00")].start = at("2027-03-15T18:00:00");   // another hour
    overrides[at("2027-03-22T10:00:00")].start = at("2027-03-24T18:30:00");   // both
    auto const starts = [](Schedule const& schedule) {
        Dates out;
        for (auto const& one : occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 2000)) out.push_back(to_local(one.span.start, "Europe/Brussels").local);
        return out;
    };
    auto const later = move_series(weekly, at("2027-03-01T14:00:00"));
    REQUIRE(later);
    CHECK(starts(*later) == Dates{at("2027-03-01T14:00:00"), at("2027-03-09T14:00:00"), at("2027-03-15T18:00:00"), at("2027-03-24T18:30:00"),
                                  at("2027-03-29T14:00:00")});
    auto const thursday = move_series(weekly, at("2027-03-04T14:00:00"));
    REQUIRE(thursday);
    CHECK(starts(*thursday) == Dates{at("2027-03-04T14:00:00"), at("2027-03-09T14:00:00"), at("2027-03-15T18:00:00"), at("2027-03-24T18:30:00"),
                                     at("2027-04-01T14:00:00")});
    CHECK(check_schedule(*thursday));
    CHECK(dates_with_own_hour(weekly, at("2027-03-01T10:00:00")) == 2);
    CHECK(dates_with_own_hour(weekly, at("2027-03-22T10:00:00")) == 1);
    CHECK(dates_with_own_hour(weekly, at("2027-03-29T10:00:00")) == 0);
}

TEST_CASE("the rest moves to another hour or day") {
    auto const ids = [](Schedule const& schedule) {
        Dates out;
        for (auto const& one : dates_of(schedule)) out.push_back(std::get<0>(one));
        return out;
    };
    Schedule weekly = series("FREQ=WEEKLY;BYDAY=MO;UNTIL=20270322T100000");
    weekly.recurrence->overrides[at("2027-03-08T10:00:00")].excluded = true;
    weekly.recurrence->overrides[at("2027-03-15T10:00:00")].title = "Special";
    auto const wednesday = move_series(weekly, at("2027-03-03T14:00:00"));
    REQUIRE(wednesday);
    CHECK(ids(*wednesday) == Dates{at("2027-03-03T14:00:00"), at("2027-03-17T14:00:00"), at("2027-03-24T14:00:00")});
    CHECK(rule_of(*wednesday).until == at("2027-03-24T14:00:00"));
    CHECK(wednesday->recurrence->overrides.at(at("2027-03-17T14:00:00")).title == "Special");
    CHECK(check_schedule(*wednesday));

    CHECK(move_series(series("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4"), at("2027-03-01T11:30:00")));
    CHECK(refused(move_series(series("FREQ=WEEKLY;BYDAY=MO,WE;COUNT=4"), at("2027-03-02T10:00:00"))).find("several weekdays") != std::string::npos);
    auto const second = move_series(series("FREQ=MONTHLY;BYDAY=1MO;COUNT=3"), at("2027-03-02T10:00:00"));
    REQUIRE(second);
    CHECK(ids(*second) == Dates{at("2027-03-02T10:00:00"), at("2027-04-06T10:00:00"), at("2027-05-04T10:00:00")});
    CHECK(refused(move_series(series("FREQ=MONTHLY;BYDAY=1MO;COUNT=3"), at("2027-03-09T10:00:00"))).find("nthOfPeriod") != std::string::npos);
    auto const day = move_series(series("FREQ=MONTHLY;BYMONTHDAY=1;COUNT=2"), at("2027-03-05T10:00:00"));
    REQUIRE(day);
    CHECK(ids(*day) == Dates{at("2027-03-05T10:00:00"), at("2027-04-05T10:00:00")});
    CHECK_FALSE(move_series(series("FREQ=DAILY;BYDAY=MO,TU;COUNT=3"), at("2027-03-02T10:00:00")));
    CHECK_FALSE(move_series(series("FREQ=MONTHLY;BYDAY=MO,TU;BYSETPOS=1;COUNT=3"), at("2027-03-02T10:00:00")));
    CHECK(ids(*move_series(series("FREQ=YEARLY;COUNT=2"), at("2027-04-02T10:00:00"))) == Dates{at("2027-04-02T10:00:00"), at("2028-04-02T10:00:00")});
    CHECK(ids(*move_series(series("FREQ=DAILY;INTERVAL=3;COUNT=2"), at("2027-03-02T10:00:00"))) == Dates{at("2027-03-02T10:00:00"), at("2027-03-05T10:00:00")});
}
