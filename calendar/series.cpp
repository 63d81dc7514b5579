#include "calendar/series.hpp"

#include "calendar/recurrence.hpp"
#include "calendar/vtimezone_form.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;
using Frequency = RecurrenceRule::Frequency;

bool unique(local_seconds local, std::string_view zone) {
    auto const read = read_local(local, zone);
    return read && read->kind == LocalReading::Kind::unique;
}

bool is_utc(std::string_view zone) { return zone == "UTC" || zone == "Etc/UTC"; }

}  // namespace

bool every_calendar_takes(RecurrenceRule const& rule, local_days start) {
    if (!rule.by_set_position.empty()) return false;
    bool const plain = rule.by_day.empty() && rule.by_month_day.empty();
    switch (rule.frequency) {
        case Frequency::daily: return plain && rule.by_month.empty();
        case Frequency::weekly: return rule.by_month.empty() && rule.by_month_day.empty();
        case Frequency::monthly:
            if (!rule.by_month.empty()) return false;
            break;
        case Frequency::yearly:
            if (rule.by_month.size() > 1 || (rule.by_month.empty() && !plain)) return false;
            break;
    }
    if (plain) return unsigned{year_month_day{start}.day()} <= 28;
    if (rule.by_day.empty()) return rule.by_month_day.size() == 1 && rule.by_month_day[0] >= 1 && rule.by_month_day[0] <= 28;
    int const nth = rule.by_day[0].nth;
    return rule.by_month_day.empty() && rule.by_day.size() == 1 && ((nth >= 1 && nth <= 4) || nth == -1);
}

SeriesForm series_form(Schedule const& schedule) {
    if (!schedule.recurrence || schedule.recurrence->rules.empty()) return SeriesForm::rule;
    RecurrenceRule const& rule = schedule.recurrence->rules.front();
    local_seconds const start = start_of(schedule);
    if (schedule.recurrence->rules.size() != 1 || !every_calendar_takes(rule, floor<days>(start))) return SeriesForm::dates;
    auto const ids = expand(rule, start).starts;
    auto const& overrides = schedule.recurrence->overrides;
    for (auto const& [id, change] : overrides)
        if (!std::binary_search(ids.begin(), ids.end(), id)) return SeriesForm::dates;
    auto const* fixed = std::get_if<Fixed>(&schedule.when);
    if (!fixed || is_utc(fixed->zone) || ids.empty()) return SeriesForm::rule;

    sys_seconds const from = to_instant(ids.front(), fixed->zone);
    sys_seconds const to = to_instant(ids.back(), fixed->zone) + approximate_length(fixed->duration);
    ZoneForm const zone = zone_form(fixed->zone, from, to);
    if (zone == ZoneForm::irregular) return SeriesForm::dates;
    if (zone == ZoneForm::unchanging) return SeriesForm::rule;
    if (rule.until && !unique(*rule.until, fixed->zone)) return SeriesForm::dates;
    for (local_seconds id : ids) {
        if (!unique(id, fixed->zone)) return SeriesForm::dates;
        if (overrides.contains(id)) continue;
        Span const span = first_span({Fixed{id, fixed->zone, fixed->duration}, std::nullopt}, {});
        if (offset_changes(fixed->zone, span.start, span.end)) return SeriesForm::dates;
        // A master with its start in the zone and its end in UTC is misread as well.
        if (!unique(to_local(span.end, fixed->zone).local, fixed->zone)) return SeriesForm::dates;
    }
    return SeriesForm::rule;
}

std::vector<local_seconds> dates_lost(Schedule const& before, Schedule const& after) {
    std::vector<local_seconds> have, out;
    for (auto const& one : occurrences(after, sys_seconds::min(), sys_seconds::max(), 2 * most_occurrences)) have.push_back(one.id);
    if (after.recurrence)
        for (auto const& [id, change] : after.recurrence->overrides)
            if (change.excluded) have.push_back(id);
    std::sort(have.begin(), have.end());
    for (auto const& one : occurrences(before, sys_seconds::min(), sys_seconds::max(), 2 * most_occurrences))
        if (!std::binary_search(have.begin(), have.end(), one.id)) out.push_back(one.id);
    std::sort(out.begin(), out.end());
    return out;
}

std::optional<std::vector<DateChange>> date_changes(Schedule const& before, Schedule const& after) {
    if (!before.recurrence || !after.recurrence || before.when != after.when || before.recurrence->rules != after.recurrence->rules)
        return std::nullopt;
    auto const all = [](Schedule const& schedule) {
        std::map<local_seconds, Occurrence> out;
        for (auto& one : occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 2 * most_occurrences)) out.emplace(one.id, one);
        return out;
    };
    auto const old_dates = all(before), new_dates = all(after);
    std::vector<DateChange> out;
    for (auto const& [id, was] : old_dates) {
        auto const is = new_dates.find(id);
        if (is == new_dates.end()) {
            out.push_back({id, true, false});
            continue;
        }
        bool const moved = was.span.start != is->second.span.start || was.span.end != is->second.span.end;
        if (moved || was.title != is->second.title || was.place != is->second.place) out.push_back({id, false, moved});
    }
    for (auto const& [id, is] : new_dates)
        if (!old_dates.contains(id)) out.push_back({id, false, true});
    return out;
}

namespace {

std::vector<local_seconds> changed_dates(Schedule const& schedule) {
    std::vector<local_seconds> out;
    if (!schedule.recurrence || series_form(schedule) != SeriesForm::rule) return out;
    for (auto const& [id, change] : schedule.recurrence->overrides)
        if (!change.excluded) out.push_back(id);
    return out;
}

}  // namespace

std::vector<local_seconds> dates_apart(Schedule const& schedule) {
    auto out = changed_dates(schedule);
    if (out.size() > most_dates_apart) out.clear();
    return out;
}

bool too_many_dates_apart(Schedule const& schedule) { return changed_dates(schedule).size() > most_dates_apart; }

bool takes_place(Schedule const& schedule, local_seconds id) {
    for (auto const& one : occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 2 * most_occurrences))
        if (one.id == id) return true;
    return false;
}

Schedule schedule_of_date(Schedule const& schedule, local_seconds id) {
    Schedule one{schedule.when, std::nullopt};
    Override change;
    if (schedule.recurrence)
        if (auto const found = schedule.recurrence->overrides.find(id); found != schedule.recurrence->overrides.end())
            change = found->second;
    local_seconds const start = change.start.value_or(id);
    if (auto* whole = std::get_if<AllDay>(&one.when)) {
        whole->first = floor<days>(start);
        if (change.duration) whole->days = change.duration->days;
    } else if (auto* fixed = std::get_if<Fixed>(&one.when)) {
        fixed->start = start;
        if (change.duration) fixed->duration = *change.duration;
    }
    return one;
}

std::vector<TouchedDate> touched_dates(Schedule const& schedule) {
    std::vector<TouchedDate> out;
    auto const* fixed = std::get_if<Fixed>(&schedule.when);
    if (!fixed || !schedule.recurrence || schedule.recurrence->rules.empty()) return out;
    for (local_seconds id : expand(schedule.recurrence->rules.front(), fixed->start).starts) {
        auto const change = schedule.recurrence->overrides.find(id);
        if (change != schedule.recurrence->overrides.end() && (change->second.excluded || change->second.start)) continue;
        auto const read = read_local(id, fixed->zone);
        if (!read || read->kind == LocalReading::Kind::unique) continue;
        out.push_back({id, read->kind, to_local(read->instant, fixed->zone)});
    }
    return out;
}

}  // namespace convoke::calendar
