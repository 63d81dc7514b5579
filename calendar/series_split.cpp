#include "calendar/series_split.hpp"

#include "calendar/recurrence.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;
using Frequency = RecurrenceRule::Frequency;

void set_start(Schedule& schedule, local_seconds start) {
    if (auto* whole = std::get_if<AllDay>(&schedule.when)) whole->first = floor<days>(start);
    else std::get<Fixed>(schedule.when).start = start;
}

unsigned weekday_of(local_days day) { return weekday{day}.iso_encoding(); }

bool is_nth_weekday(local_days day, int nth) {
    year_month_day const ymd{day};
    unsigned const number = unsigned{ymd.day()}, length = unsigned{(ymd.year() / ymd.month() / last).day()};
    if (nth > 0) return static_cast<int>((number - 1) / 7) + 1 == nth;
    return -static_cast<int>((length - number) / 7) - 1 == nth;
}

Failure contradicts(std::string detail) {
    return Failure(errc::recurrence_invalid, std::move(detail) + "; give recurrenceRules as they are from then on");
}

// The rule's parts that name the day of `from`, changed to that of `to`.
result<void> follow_day(RecurrenceRule& rule, local_days from, local_days to) {
    if (!rule.by_set_position.empty()) return contradicts("the rule chooses by position (bySetPosition) and cannot follow to another day");
    unsigned const month = unsigned{year_month_day{to}.month()};
    if (rule.frequency != Frequency::yearly && !rule.by_month.empty())
        return contradicts("the rule keeps to certain months (byMonth) and cannot follow to another day");
    switch (rule.frequency) {
        case Frequency::daily:
            if (!rule.by_day.empty() || !rule.by_month_day.empty())
                return contradicts("the rule leaves days out (byDay, byMonthDay) and cannot follow to another day");
            return {};
        case Frequency::weekly:
            if (rule.by_day.size() > 1) return contradicts("the rule has several weekdays (byDay) and cannot follow one of them to another day");
            if (!rule.by_day.empty()) rule.by_day.front().weekday = weekday_of(to);
            return {};
        case Frequency::yearly:
            if (rule.by_month.size() > 1) return contradicts("the rule has several months (byMonth) and cannot follow one of them to another day");
            if (!rule.by_month.empty()) rule.by_month.front() = static_cast<int>(month);
            else if (!rule.by_day.empty() || !rule.by_month_day.empty())
                return contradicts("the rule counts within the year and cannot follow to another day");
            break;
        case Frequency::monthly: break;
    }
    if (rule.by_day.empty() && rule.by_month_day.empty()) return {};
    if (rule.by_day.empty() && rule.by_month_day.size() == 1 && rule.by_month_day.front() == static_cast<int>(unsigned{year_month_day{from}.day()})) {
        rule.by_month_day.front() = static_cast<int>(unsigned{year_month_day{to}.day()});
        return {};
    }
    bool const one_weekday = rule.by_month_day.empty() && rule.by_day.size() == 1 && rule.by_day.front().nth != 0;
    if (!one_weekday) return contradicts("the rule's days of the month (byDay, byMonthDay) cannot follow to another day");
    if (!is_nth_weekday(to, rule.by_day.front().nth))
        return contradicts("the rule is for the " + std::to_string(rule.by_day.front().nth) +
                           ". of a weekday in its month (nthOfPeriod), and the new start is none");
    rule.by_day.front().weekday = weekday_of(to);
    return {};
}

// In which day, week, month or year a date is, numbered.
std::int64_t period_of(Frequency frequency, local_seconds date) {
    local_days const day = floor<days>(date);
    year_month_day const ymd{day};
    switch (frequency) {
        case Frequency::daily: return day.time_since_epoch().count();
        case Frequency::weekly: return floor<weeks>(day - days{weekday_of(day) - 1} - local_days{}).count();
        case Frequency::monthly: return std::int64_t{int{ymd.year()}} * 12 + unsigned{ymd.month()};
        case Frequency::yearly: break;
    }
    return int{ymd.year()};
}

std::string part_naming_the_day(RecurrenceRule const& rule) {
    if (!rule.by_day.empty()) return "byDay";
    return rule.by_month_day.empty() ? "frequency" : "byMonthDay";
}

// A month without a 31st or a fifth Friday, a year without a 29 February, would push every later date on by one period.
result<void> check_periods(RecurrenceRule const& rule, std::vector<local_seconds> const& before, std::vector<local_seconds> const& after) {
    for (std::size_t n = 0; n < before.size(); ++n) {
        auto const steps = [&](std::vector<local_seconds> const& dates) { return period_of(rule.frequency, dates[n]) - period_of(rule.frequency, dates[0]); };
        bool const there = n < after.size();
        if (there && steps(before) == steps(after)) continue;
        return contradicts("the rule (" + part_naming_the_day(rule) + ") does not give one date for each as it is, since not every " +
                           std::string(rule.frequency == Frequency::yearly ? "year" : "month") + " has such a day: the date " + format_local(before[n]) +
                           (there ? " would go to " + format_local(after[n]) : std::string(" would be lost")));
    }
    return {};
}

seconds hour_of(local_seconds at) { return at - floor<days>(at); }

// The first date that takes place, by the key it has.
std::optional<local_seconds> first_date(Recurrence const& recurrence, std::vector<local_seconds> const& given) {
    std::optional<local_seconds> first;
    for (local_seconds one : given) {
        auto const change = recurrence.overrides.find(one);
        if (change != recurrence.overrides.end() && change->second.excluded) continue;
        first = one;
        break;
    }
    for (auto const& [id, change] : recurrence.overrides)
        if (!change.excluded) return first ? std::min(*first, id) : id;
    return first;
}

}  // namespace

std::vector<local_seconds> dates_to_split_at(Schedule const& schedule) {
    if (!schedule.recurrence || schedule.recurrence->rules.size() != 1) return {};
    auto dates = expand(schedule.recurrence->rules.front(), start_of(schedule)).starts;
    auto const first = first_date(*schedule.recurrence, dates);
    auto const& overrides = schedule.recurrence->overrides;
    std::erase_if(dates, [&](local_seconds one) {
        auto const change = overrides.find(one);
        return !first || one <= *first || (change != overrides.end() && change->second.excluded);
    });
    return dates;
}

result<SeriesParts> split_series(Schedule const& schedule, local_seconds from) {
    if (!schedule.recurrence || schedule.recurrence->rules.size() != 1)
        return Failure(errc::recurrence_invalid, "the event does not recur: it has no following dates");
    RecurrenceRule const& rule = schedule.recurrence->rules.front();
    auto const dates = expand(rule, start_of(schedule)).starts;
    auto const at = std::lower_bound(dates.begin(), dates.end(), from);
    auto const& overrides = schedule.recurrence->overrides;
    auto const change = overrides.find(from);
    if (at == dates.end() || *at != from) {
        if (change != overrides.end() && !change->second.excluded)
            return Failure(errc::invalid_value, format_local(from) + " was added to the series and is not given by its rule: choose the date of the rule " +
                                                    (at == dates.end() ? "before it" : "after it, " + format_local(*at)));
        return Failure(errc::invalid_value, format_local(from) + " is no date of the series: give the start that its rule gives the date, such as " +
                                                format_local(at == dates.end() ? dates.back() : *at));
    }
    if (change != overrides.end() && change->second.excluded)
        return Failure(errc::invalid_value, format_local(from) + " does not take place: choose the next date that does");

    SeriesParts parts{schedule, schedule};
    Recurrence& before = *parts.before.recurrence;
    Recurrence& after = *parts.after.recurrence;
    std::erase_if(before.overrides, [&](auto const& one) { return one.first >= from; });
    std::erase_if(after.overrides, [&](auto const& one) { return one.first < from; });
    auto const earlier = static_cast<std::size_t>(at - dates.begin());
    if (auto const first = first_date(*schedule.recurrence, dates); !first || *first >= from)
        return Failure(errc::out_of_range, "no date of the series takes place before " + format_local(from) + ": change the event itself (PATCH)");
    if (rule.count) {
        before.rules.front().count = static_cast<int>(earlier);
        after.rules.front().count = static_cast<int>(dates.size() - earlier);
    } else {
        before.rules.front().until = *(at - 1);
    }
    set_start(parts.after, from);
    return parts;
}

result<Schedule> move_series(Schedule const& schedule, local_seconds start) {
    Schedule moved = schedule;
    local_seconds const from = start_of(schedule);
    set_start(moved, start);
    if (!schedule.recurrence || schedule.recurrence->rules.empty() || start == from) return moved;
    RecurrenceRule& rule = moved.recurrence->rules.front();
    auto const dates = expand(rule, from).starts;
    local_days const day = floor<days>(start);
    if (day != floor<days>(from)) CONVOKE_CHECK(follow_day(rule, floor<days>(from), day));
    rule.count = static_cast<int>(dates.size());
    rule.until.reset();
    auto const moved_dates = expand(rule, start).starts;
    CONVOKE_CHECK(check_periods(rule, dates, moved_dates));
    if (schedule.recurrence->rules.front().until) {
        rule.until = moved_dates.back();
        rule.count.reset();
    }
    moved.recurrence->overrides.clear();
    for (auto [id, change] : schedule.recurrence->overrides) {
        if (change.start && hour_of(*change.start) == hour_of(from)) change.start = floor<days>(*change.start) + hour_of(start);
        auto const at = std::lower_bound(dates.begin(), dates.end(), id);
        bool const given = at != dates.end() && *at == id;
        moved.recurrence->overrides.emplace(given ? moved_dates[static_cast<std::size_t>(at - dates.begin())] : id + (start - from), std::move(change));
    }
    return moved;
}

std::size_t dates_with_own_hour(Schedule const& schedule, local_seconds from) {
    if (!schedule.recurrence) return 0;
    auto const& overrides = schedule.recurrence->overrides;
    return static_cast<std::size_t>(std::count_if(overrides.lower_bound(from), overrides.end(), [&](auto const& one) {
        return !one.second.excluded && one.second.start && hour_of(*one.second.start) != hour_of(start_of(schedule));
    }));
}

}  // namespace convoke::calendar
