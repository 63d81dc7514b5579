#include "notifications/reminder_rule.hpp"

#include <algorithm>

namespace convoke::notifications {

result<calendar::Duration> parse_offset(std::string_view text) {
    const auto parsed = calendar::parse_duration(text);
    const auto limit = std::chrono::hours(24 * 365);
    if (!parsed || calendar::approximate_length(*parsed) <= std::chrono::seconds(0) ||
        calendar::approximate_length(*parsed) > limit) {
        return Failure(errc::reminder_offset,
                       "a reminder comes between PT1S and P365D before the start, for example \"P14D\" or \"PT1H\"; not \"" +
                           std::string(text) + '"');
    }
    return *parsed;
}

sys_seconds reminder_due(calendar::Duration const& offset, sys_seconds start, std::string_view zone) {
    if (offset.days == 0) return start - offset.time;
    const auto wall = calendar::to_local(start, zone).local - std::chrono::days(offset.days);
    return calendar::to_instant(wall, zone) - offset.time;
}

std::vector<Reminder> reminders_of(std::span<std::string const> offsets, sys_seconds start, std::string_view zone) {
    std::vector<Reminder> all;
    for (auto const& text : offsets) {
        const auto offset = parse_offset(text);
        if (!offset) continue;
        const Reminder reminder{text, reminder_due(*offset, start, zone)};
        const bool known = std::any_of(all.begin(), all.end(), [&](Reminder const& other) { return other.due == reminder.due; });
        if (!known) all.push_back(reminder);
    }
    std::sort(all.begin(), all.end(), [](Reminder const& a, Reminder const& b) { return a.due < b.due; });
    return all;
}

std::optional<Reminder> reminder_to_send(std::span<std::string const> offsets, sys_seconds start, std::string_view zone,
                                         sys_seconds since, sys_seconds now) {
    std::optional<Reminder> latest;
    if (now >= start) return latest;
    for (auto const& reminder : reminders_of(offsets, start, zone)) {
        if (reminder.due <= now && reminder.due > since) latest = reminder;
    }
    return latest;
}

std::optional<Reminder> next_reminder(std::span<std::string const> offsets, sys_seconds start, std::string_view zone,
                                      sys_seconds now) {
    for (auto const& reminder : reminders_of(offsets, start, zone)) {
        if (reminder.due > now && reminder.due < start) return reminder;
    }
    return std::nullopt;
}

}  // namespace convoke::notifications
