#include "calendar/recurrence.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;
using Frequency = RecurrenceRule::Frequency;

unsigned iso(local_days day) { return weekday{day}.iso_encoding(); }

bool month_fits(RecurrenceRule const& rule, local_days day) {
    if (rule.by_month.empty()) return true;
    auto const month = static_cast<int>(static_cast<unsigned>(year_month_day{day}.month()));
    return std::find(rule.by_month.begin(), rule.by_month.end(), month) != rule.by_month.end();
}

bool month_day_fits(RecurrenceRule const& rule, local_days day) {
    if (rule.by_month_day.empty()) return true;
    year_month_day const ymd{day};
    int const from_start = static_cast<int>(static_cast<unsigned>(ymd.day()));
    int const length = static_cast<int>(static_cast<unsigned>((ymd.year() / ymd.month() / last).day()));
    for (int wanted : rule.by_month_day)
        if (wanted == from_start || wanted == from_start - length - 1) return true;
    return false;
}

// `first` and `last` bound what "the second Monday" counts within.
bool day_fits(RecurrenceRule const& rule, local_days day, local_days first, local_days last, bool count_nth) {
    if (rule.by_day.empty()) return true;
    for (auto const& wanted : rule.by_day) {
        if (wanted.weekday != iso(day)) continue;
        if (wanted.nth == 0 || !count_nth) return true;
        int const from_start = static_cast<int>((day - first).count() / 7) + 1;
        int const from_end = -static_cast<int>((last - day).count() / 7) - 1;
        if (wanted.nth == from_start || wanted.nth == from_end) return true;
    }
    return false;
}

struct Period {
    local_days first, last;
};

Period period_at(Frequency frequency, local_days start, int steps) {
    year_month_day const ymd{start};
    switch (frequency) {
        case Frequency::daily: return {start + days{steps}, start + days{steps}};
        case Frequency::weekly: {
            local_days const monday = start - days{iso(start) - 1} + days{std::int64_t{7} * steps};
            return {monday, monday + days{6}};
        }
        case Frequency::monthly: {
            year_month const month = ymd.year() / ymd.month() + months{steps};
            return {local_days{month / 1}, local_days{month / last}};
        }
        case Frequency::yearly: break;
    }
    year const y = ymd.year() + years{steps};
    return {local_days{y / 1 / 1}, local_days{y / 12 / 31}};
}

// RFC 5545 §3.3.10, the table of BYxxx rules: what limits and what expands, and what stands in for a missing part.
bool selected(RecurrenceRule const& rule, local_days start, local_days day, Period const& period) {
    if (!month_fits(rule, day)) return false;
    year_month_day const ymd{day}, origin{start};
    switch (rule.frequency) {
        case Frequency::daily: return month_day_fits(rule, day) && day_fits(rule, day, day, day, false);
        case Frequency::weekly: return rule.by_day.empty() ? iso(day) == iso(start) : day_fits(rule, day, day, day, false);
        case Frequency::monthly:
            if (rule.by_day.empty() && rule.by_month_day.empty()) return ymd.day() == origin.day();
            return month_day_fits(rule, day) && day_fits(rule, day, period.first, period.last, true);
        case Frequency::yearly: break;
    }
    if (rule.by_day.empty() && rule.by_month_day.empty())
        return ymd.day() == origin.day() && (!rule.by_month.empty() || ymd.month() == origin.month());
    if (!month_day_fits(rule, day)) return false;
    bool const within_month = !rule.by_month.empty();
    local_days const first = within_month ? local_days{ymd.year() / ymd.month() / 1} : period.first;
    local_days const end = within_month ? local_days{ymd.year() / ymd.month() / last} : period.last;
    return day_fits(rule, day, first, end, true);
}

}  // namespace

std::vector<local_days> days_of_period(RecurrenceRule const& rule, local_days start, int steps) {
    Period const period = period_at(rule.frequency, start, steps);
    std::vector<local_days> out;
    for (local_days day = period.first; day <= period.last; day += days{1})
        if (selected(rule, start, day, period)) out.push_back(day);
    if (rule.by_set_position.empty()) return out;
    std::vector<local_days> positioned;
    int const count = static_cast<int>(out.size());
    for (int i = 0; i < count; ++i)
        for (int wanted : rule.by_set_position)
            if (wanted == i + 1 || wanted == i - count) {
                positioned.push_back(out[static_cast<std::size_t>(i)]);
                break;
            }
    return positioned;
}

Expansion expand(RecurrenceRule const& rule, local_seconds start, std::size_t limit) {
    Expansion out;
    if (rule.interval < 1) return out;
    local_days const first = floor<days>(start);
    seconds const time_of_day = start - first;
    local_days const horizon = first + longest_series;
    std::size_t given = 0;
    for (int period = 0;; ++period) {
        // 32-bit periods times a wild interval would overflow; ten years hold 3,653 days.
        std::int64_t const steps = std::int64_t{period} * rule.interval;
        if (steps > longest_series.count()) return out;
        if (period_at(rule.frequency, first, static_cast<int>(steps)).first > horizon) return out;
        for (local_days day : days_of_period(rule, first, static_cast<int>(steps))) {
            local_seconds const at = local_seconds{day} + time_of_day;
            if (at < start) continue;
            if (rule.until && at > *rule.until) {
                out.complete = true;
                return out;
            }
            if (day > horizon) return out;
            if (out.starts.size() == limit) return out;
            out.starts.push_back(at);
            if (rule.count && ++given == static_cast<std::size_t>(*rule.count)) {
                out.complete = true;
                return out;
            }
        }
        if (rule.until && local_seconds{period_at(rule.frequency, first, static_cast<int>(steps)).last} > *rule.until) {
            out.complete = true;
            return out;
        }
    }
}

}  // namespace convoke::calendar
