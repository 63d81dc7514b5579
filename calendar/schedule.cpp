#include "calendar/schedule.hpp"

#include "calendar/recurrence.hpp"

namespace convoke::calendar {
namespace {

using namespace std::chrono;

// Nominal days move the wall time, the rest is elapsed time (RFC 5545 §3.3.6).
Span fixed_span(local_seconds start, Duration const& duration, std::string_view zone) {
    sys_seconds const begin = to_instant(start, zone);
    sys_seconds const after_days = duration.days == 0 ? begin : to_instant(start + days{duration.days}, zone);
    return {begin, after_days + duration.time};
}

Span whole_days(local_days first, int count, std::string_view zone) {
    return {to_instant(local_seconds{first}, zone), to_instant(local_seconds{first + days{count}}, zone)};
}

Span span_at(Schedule const& schedule, local_seconds start, std::optional<Duration> const& duration) {
    if (auto const* whole = std::get_if<AllDay>(&schedule.when))
        return whole_days(floor<days>(start), duration ? duration->days : whole->days, whole->zone);
    Fixed const& fixed = std::get<Fixed>(schedule.when);
    return fixed_span(start, duration ? *duration : fixed.duration, fixed.zone);
}

// All of them, moved and excluded ones considered; sorted by when they really happen.
std::vector<Occurrence> all_of(Schedule const& schedule) {
    std::vector<Occurrence> out;
    std::vector<local_seconds> starts;
    if (!schedule.recurrence || schedule.recurrence->rules.empty()) starts.push_back(start_of(schedule));
    else starts = expand(schedule.recurrence->rules.front(), start_of(schedule)).starts;
    std::size_t const given = starts.size();
    if (schedule.recurrence)
        for (auto const& [id, change] : schedule.recurrence->overrides)
            if (!change.excluded && !std::binary_search(starts.begin(), starts.begin() + static_cast<std::ptrdiff_t>(given), id))
                starts.push_back(id);
    for (local_seconds id : starts) {
        Override const* change = nullptr;
        if (schedule.recurrence)
            if (auto found = schedule.recurrence->overrides.find(id); found != schedule.recurrence->overrides.end())
                change = &found->second;
        if (change && change->excluded) continue;
        out.push_back({id,
                       span_at(schedule, change && change->start ? *change->start : id,
                               change ? change->duration : std::nullopt),
                       change ? change->title : std::nullopt, change ? change->place : std::nullopt});
    }
    std::sort(out.begin(), out.end(), [](Occurrence const& a, Occurrence const& b) {
        return std::pair(a.span.start, a.id) < std::pair(b.span.start, b.id);
    });
    return out;
}

}  // namespace

local_seconds start_of(Schedule const& schedule) {
    if (auto const* whole = std::get_if<AllDay>(&schedule.when)) return local_seconds{whole->first};
    return std::get<Fixed>(schedule.when).start;
}

Span first_span(Schedule const& schedule, std::string_view zone_for_windows) {
    if (auto const* window = std::get_if<Provisional>(&schedule.when))
        return whole_days(window->earliest, static_cast<int>((window->latest - window->earliest).count()) + 1,
                          zone_for_windows);
    if (schedule.recurrence)
        if (auto const found = all_of(schedule); !found.empty()) return found.front().span;
    return span_at(schedule, start_of(schedule), std::nullopt);
}

std::vector<Occurrence> occurrences(Schedule const& schedule, sys_seconds from, sys_seconds to, std::size_t limit) {
    std::vector<Occurrence> out;
    if (schedule.provisional()) return out;
    for (auto& occurrence : all_of(schedule)) {
        if (out.size() == limit) break;
        if (occurrence.span.end > from && occurrence.span.start < to) out.push_back(std::move(occurrence));
    }
    return out;
}

std::string const& zone_of(Schedule const& schedule) {
    static std::string const none;
    if (auto const* whole = std::get_if<AllDay>(&schedule.when)) return whole->zone;
    if (auto const* fixed = std::get_if<Fixed>(&schedule.when)) return fixed->zone;
    return none;
}

}  // namespace convoke::calendar
