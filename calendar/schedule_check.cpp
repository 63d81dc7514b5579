// What must hold before a schedule is stored.
#include "calendar/recurrence.hpp"
#include "calendar/schedule.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;

constexpr local_days first_day = local_days{year{1970} / 1 / 2};
constexpr local_days last_day = local_days{year{2037} / 12 / 31};

struct Faults {
    std::vector<Fault> list;
    std::map<std::string, std::string> arguments;

    void add(std::string pointer, errc code, std::string detail) {
        list.push_back({std::move(pointer), code, std::move(detail)});
    }
    void add(std::string pointer, Failure failure) {
        arguments.merge(failure.arguments);
        list.push_back({std::move(pointer), failure.code, std::move(failure.detail)});
    }
};

bool known_zone(std::string const& zone, Faults& faults) {
    auto checked = check_zone(zone);
    if (!checked) faults.add("/timeZone", std::move(checked).error());
    return checked.has_value();
}

bool in_years(local_seconds start, local_seconds end, Faults& faults, std::string const& pointer) {
    if (start >= local_seconds{first_day} && end <= local_seconds{last_day} + days{1}) return true;
    faults.add(pointer, errc::out_of_range, "an event lies between 1970 and the end of 2037");
    return false;
}

bool good_duration(Duration const& duration, Faults& faults, std::string const& pointer, bool whole_days) {
    seconds const length = approximate_length(duration);
    if (duration.days < 0 || duration.time < seconds{0} || length <= seconds{0}) {
        faults.add(pointer, errc::invalid_duration, "an event lasts longer than nothing; for example PT2H");
        return false;
    }
    if (length > days{366}) {
        faults.add(pointer, errc::invalid_duration, "an event lasts at most 366 days");
        return false;
    }
    if (whole_days && duration.time != seconds{0}) {
        faults.add(pointer, errc::invalid_duration, "an event of whole days lasts whole days; for example P2D");
        return false;
    }
    return true;
}

void check_rule_values(RecurrenceRule const& rule, Faults& faults, std::string const& at) {
    auto const bad = [&](std::string const& where, std::string detail) {
        faults.add(at + where, errc::recurrence_invalid, std::move(detail));
    };
    if (rule.interval < 1 || rule.interval > 1000) bad("/interval", "interval is between 1 and 1000");
    if (rule.count && rule.until) bad("/until", "a rule ends by count or by until, not by both");
    if (rule.count && *rule.count < 1) bad("/count", "count is at least 1");
    if (rule.count && *rule.count > static_cast<int>(most_occurrences))
        faults.add(at + "/count", errc::too_many_occurrences, "a series has at most 1000 occurrences");
    for (auto const& day : rule.by_day) {
        if (day.weekday < 1 || day.weekday > 7 || day.nth < -53 || day.nth > 53)
            bad("/byDay", "byDay holds mo, tu, we, th, fr, sa, su, with nthOfPeriod between -5 and 5 if any");
        else if (day.nth != 0 && rule.frequency != RecurrenceRule::Frequency::monthly &&
                 rule.frequency != RecurrenceRule::Frequency::yearly)
            bad("/byDay", "nthOfPeriod has a meaning in monthly and yearly rules only");
    }
    auto const within = [](std::vector<int> const& values, int most, bool negative) {
        return std::all_of(values.begin(), values.end(),
                           [&](int v) { return (v >= 1 && v <= most) || (negative && v <= -1 && v >= -most); });
    };
    if (!within(rule.by_month_day, 31, true)) bad("/byMonthDay", "byMonthDay holds 1 to 31 or -1 to -31");
    if (!rule.by_month_day.empty() && rule.frequency == RecurrenceRule::Frequency::weekly)
        bad("/byMonthDay", "a weekly rule takes no byMonthDay");
    if (!within(rule.by_month, 12, false)) bad("/byMonth", "byMonth holds 1 to 12");
    if (!within(rule.by_set_position, 366, true)) bad("/bySetPosition", "bySetPosition holds 1 to 366 or -1 to -366");
    if (!rule.by_set_position.empty() && rule.by_day.empty() && rule.by_month_day.empty() && rule.by_month.empty())
        bad("/bySetPosition", "bySetPosition chooses among what another part of the rule selects; there is none");
    for (auto const* values : {&rule.by_month_day, &rule.by_month, &rule.by_set_position})
        if (values->size() > 62) bad("", "the rule lists too many values");
    if (rule.by_day.size() > 62) bad("/byDay", "the rule lists too many values");
}

void check_start(Schedule const& schedule, local_seconds start, Faults& faults, std::string const& at) {
    if (!in_years(start, start, faults, at)) return;
    if (schedule.fixed()) {
        auto read = unambiguous_instant(start, zone_of(schedule));
        if (!read) faults.add(at, std::move(read).error());
    } else if (start != local_seconds{floor<days>(start)}) {
        faults.add(at, errc::invalid_date, "an event of whole days begins at 00:00:00");
    }
}

void check_overrides(Schedule const& schedule, std::vector<local_seconds> const& starts, Faults& faults) {
    std::size_t excluded = 0, added = 0;
    for (auto const& [id, change] : schedule.recurrence->overrides) {
        std::string const at = "/recurrenceOverrides/" + format_local(id);
        if (!std::binary_search(starts.begin(), starts.end(), id)) {
            if (change.excluded) {
                faults.add(at, errc::recurrence_invalid, format_local(id) + " is not a time that the rule gives");
                continue;
            }
            // An additional date is a start of its own and held to what a start is held to.
            ++added;
            if (id < starts.front()) faults.add(at, errc::recurrence_invalid, "an added date lies after the first of the series");
            check_start(schedule, id, faults, at);
        }
        excluded += change.excluded;
        if (change.duration) good_duration(*change.duration, faults, at + "/duration", schedule.all_day());
        if (!change.start) continue;
        check_start(schedule, *change.start, faults, at + "/start");
    }
    if (starts.size() + added > most_occurrences)
        faults.add("/recurrenceOverrides", errc::too_many_occurrences, "a series has at most 1000 occurrences");
    if (faults.list.empty() && excluded == starts.size() + added)
        faults.add("/recurrenceOverrides", errc::recurrence_never_happens, "every occurrence is excluded");
}

void check_recurrence(Schedule const& schedule, local_seconds start, seconds length, Faults& faults) {
    Recurrence const& recurrence = *schedule.recurrence;
    if (recurrence.rules.size() != 1) {
        faults.add("/recurrenceRules", errc::recurrence_not_supported, "a series has exactly one rule");
        return;
    }
    RecurrenceRule const& rule = recurrence.rules.front();
    std::string const at = "/recurrenceRules/0";
    std::size_t const before = faults.list.size();
    check_rule_values(rule, faults, at);
    if (faults.list.size() != before) return;
    if (recurrence.overrides.size() > most_occurrences) {
        faults.add("/recurrenceOverrides", errc::too_many_occurrences, "a series has at most 1000 overrides");
        return;
    }
    Expansion const found = expand(rule, start);
    if (found.starts.empty()) {
        faults.add(at, errc::recurrence_never_happens, "the rule gives no date at all");
        return;
    }
    if (!rule.count && !rule.until) {
        faults.add(at + "/count", errc::too_many_occurrences, "a series without an end is not taken; give count or until");
        return;
    }
    if (!found.complete) {
        bool const many = found.starts.size() >= most_occurrences;
        faults.add(at + (rule.count ? "/count" : "/until"), errc::too_many_occurrences,
                   many ? "the rule gives more than 1000 occurrences" : "the series runs for more than ten years");
        return;
    }
    // Calendars disagree on a first event that its own rule would not give: some show it, some do not.
    if (found.starts.front() != start) {
        faults.add(at, errc::recurrence_invalid, "the rule does not give the start itself; its first date is " +
                                                     format_local(found.starts.front()));
        return;
    }
    if (!in_years(start, found.starts.back() + length, faults, at)) return;
    check_overrides(schedule, found.starts, faults);
}

void check(Provisional const& window, Faults& faults) {
    if (window.earliest < first_day || window.latest > last_day)
        faults.add(window.earliest < first_day ? "/provisional/earliest" : "/provisional/latest", errc::out_of_range,
                   "a window lies between 1970 and the end of 2037");
    if (window.latest < window.earliest)
        faults.add("/provisional/latest", errc::end_before_start, "the window ends before it begins");
    else if (window.latest - window.earliest >= days{731})
        faults.add("/provisional/latest", errc::out_of_range, "a window spans at most two years");
}

}  // namespace

result<void> check_schedule(Schedule const& schedule) {
    Faults faults;
    if (auto const* window = std::get_if<Provisional>(&schedule.when)) {
        check(*window, faults);
        if (schedule.recurrence)
            faults.add("/recurrenceRules", errc::recurrence_not_supported, "a provisional event has no recurrence");
    } else if (auto const* whole = std::get_if<AllDay>(&schedule.when)) {
        known_zone(whole->zone, faults);
        bool const lasts = good_duration({whole->days, seconds{0}}, faults, "/duration", true);
        local_seconds const start{whole->first};
        if (lasts && in_years(start, start + days{whole->days}, faults, "/start") && schedule.recurrence)
            check_recurrence(schedule, start, days{whole->days}, faults);
    } else {
        Fixed const& fixed = std::get<Fixed>(schedule.when);
        bool const zone = known_zone(fixed.zone, faults);
        bool const lasts = good_duration(fixed.duration, faults, "/duration", false);
        seconds const length = lasts ? approximate_length(fixed.duration) : seconds{0};
        bool const placed = in_years(fixed.start, fixed.start + length, faults, "/start");
        if (zone && placed) {
            auto read = unambiguous_instant(fixed.start, fixed.zone);
            if (!read) faults.add("/start", std::move(read).error());
        }
        if (zone && lasts && placed && schedule.recurrence) check_recurrence(schedule, fixed.start, length, faults);
    }
    if (faults.list.empty()) return {};
    Failure failure(std::move(faults.list));
    failure.arguments = std::move(faults.arguments);
    return failure;
}

}  // namespace convoke::calendar
