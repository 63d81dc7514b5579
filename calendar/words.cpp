#include "calendar/words.hpp"

#include "calendar/series.hpp"
#include "calendar/vtimezone_form.hpp"
#include "calendar/words_language.hpp"

#include <cstdlib>

namespace convoke::calendar {
namespace {

using namespace std::chrono;

int year_of(local_days day) { return static_cast<int>(year_month_day{day}.year()); }
unsigned month_of(local_days day) { return static_cast<unsigned>(year_month_day{day}.month()); }
bool first_of_month(local_days day) { return year_month_day{day}.day() == std::chrono::day{1}; }
bool last_of_month(local_days day) { return first_of_month(day + days{1}); }

std::string clock_text(local_seconds local) { return format_local(local).substr(11, 5); }

std::string offset_text(seconds offset) {
    auto const minutes = std::abs(offset.count()) / 60;
    std::string out = offset.count() < 0 ? "UTC-" : "UTC+";
    out += std::to_string(minutes / 60);
    if (minutes % 60) out += (minutes % 60 < 10 ? ":0" : ":") + std::to_string(minutes % 60);
    return out;
}

constexpr std::size_t most_notes = 6;

// An event on one clock.
struct Clock {
    std::string zone;
    LocalMoment start, end;
    local_days first_date() const { return floor<days>(start.local); }
    local_days last_date() const { return floor<days>(end.local); }
    bool one_day() const { return first_date() == last_date(); }
};

Clock clock_in(std::string_view zone, Span const& span) {
    return {std::string(zone), to_local(span.start, zone), to_local(span.end, zone)};
}

std::string place_text(Language const& language, Clock const& clock) {
    std::string const name = say_zone(clock.zone);
    if (name == "UTC") return " (UTC)";
    std::string offset = offset_text(clock.start.offset);
    if (clock.start.offset != clock.end.offset)
        offset = filled(language.offset_then, {offset, offset_text(clock.end.offset)});
    return " (" + name + ", " + offset + ")";
}

std::string hours_text(Clock const& clock) { return clock_text(clock.start.local) + "–" + clock_text(clock.end.local); }

std::string full_text(Language const& language, Clock const& clock) {
    std::string const start = weekday_date_text(language, clock.first_date()) + ", ";
    if (clock.one_day()) return start + hours_text(clock) + place_text(language, clock);
    return start + clock_text(clock.start.local) + " – " + weekday_date_text(language, clock.last_date()) + ", " +
           clock_text(clock.end.local) + place_text(language, clock);
}

std::string amount_text(Language const& language, seconds amount) {
    auto const minutes = std::abs(amount.count()) / 60;
    if (minutes == 60) return std::string(language.one_hour);
    if (minutes % 60 == 0) return filled(language.hours, {std::to_string(minutes / 60)});
    return filled(language.minutes, {std::to_string(minutes)});
}

std::string change_text(Language const& language, OffsetChange const& change, local_days event_day, std::string_view zone) {
    // The day on which people see the clocks jump is the one before the change.
    local_days const day = floor<days>(local_seconds{(change.at + change.before).time_since_epoch()});
    std::string const date =
        year_of(day) == year_of(event_day) ? date_of_year_text(language, day) : date_text(language, day);
    bool const forward = change.after > change.before;
    std::string_view const pattern = zone.empty() ? (forward ? language.clocks_forward : language.clocks_back)
                                                  : (forward ? language.clocks_forward_in : language.clocks_back_in);
    return filled(pattern, {date, amount_text(language, change.after - change.before), zone.empty() ? "" : say_zone(zone)});
}

void note_clock_changes(std::vector<std::string>& notes, Language const& language, Clock const& reader, Clock const& event,
                        sys_seconds now, sys_seconds start) {
    auto const mine = last_offset_change(reader.zone, now, start), theirs = last_offset_change(event.zone, now, start);
    local_days const day = reader.first_date();
    bool const together = reader.zone == event.zone || (mine && theirs && mine->at == theirs->at &&
                                                        mine->after - mine->before == theirs->after - theirs->before);
    if (together) {
        if (mine) notes.push_back(change_text(language, *mine, day, {}));
        return;
    }
    if (mine) notes.push_back(change_text(language, *mine, day, reader.zone));
    if (theirs) notes.push_back(change_text(language, *theirs, day, event.zone));
}

std::string days_text(Language const& language, local_days first, local_days last) {
    if (first == last) return date_text(language, first);
    if (year_of(first) != year_of(last)) return date_text(language, first) + " – " + date_text(language, last);
    if (month_of(first) != month_of(last)) return date_of_year_text(language, first) + " – " + date_text(language, last);
    return day_text(language, first) + "–" + date_text(language, last);
}

// Clock changes from one date of a series to a later one, in order: those that do not happen on both clocks at once change
// the hour on one of them. `next`: the date that the rest speaks of; what was before it does not matter any more.
void note_series_changes(std::vector<std::string>& notes, Language const& language, Schedule const& schedule,
                         std::string_view reader, sys_seconds next, sys_seconds last) {
    std::string const& zone = zone_of(schedule);
    auto const jump = [](OffsetChange const& change) { return change.after - change.before; };
    for (sys_seconds from = next; notes.size() < most_notes;) {
        auto const theirs = first_offset_change(zone, from, last), mine = first_offset_change(reader, from, last);
        if (!theirs && !mine) return;
        if (theirs && mine && theirs->at == mine->at && jump(*theirs) == jump(*mine)) {
            from = theirs->at;
            continue;
        }
        bool const readers = !theirs || (mine && mine->at < theirs->at);
        OffsetChange const& change = readers ? *mine : *theirs;
        auto const day = floor<days>(local_seconds{(change.at + change.before).time_since_epoch()});
        bool const forward = jump(change) > seconds{0};
        std::string_view const pattern = readers ? (forward ? language.reader_forward : language.reader_back)
                                                 : (forward ? language.series_forward : language.series_back);
        notes.push_back(filled(pattern, {date_text(language, day), amount_text(language, jump(change)), say_zone(readers ? reader : zone)}));
        from = change.at;
    }
}

void note_series(std::vector<std::string>& notes, Language const& language, Schedule const& schedule, std::string_view reader,
                 sys_seconds next) {
    if (!schedule.recurrence) return;
    auto const all = occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 1000);
    if (all.size() < 2) return;
    auto const date = [&](sys_seconds at) {
        return date_text(language, floor<days>(to_local(at, zone_of(schedule)).local));
    };
    notes.push_back(filled(language.series, {std::to_string(all.size()), date(all.front().span.start), date(all.back().span.start)}));
    if (schedule.fixed()) note_series_changes(notes, language, schedule, reader, next, all.back().span.start);
}

// The occurrence to speak of: the next one, or the first when all are over.
Span span_to_say(Schedule const& schedule, sys_seconds now) {
    if (schedule.recurrence)
        if (auto const next = occurrences(schedule, now, sys_seconds::max(), 1); !next.empty()) return next.front().span;
    return first_span(schedule, zone_of(schedule));
}

std::string_view of_certainty(std::array<std::string_view, 3> const& words, Provisional const& window) {
    return words[static_cast<std::size_t>(window.certainty)];
}

WhenWords window_words(Provisional const& window, Language const& language, std::string_view tag) {
    WhenWords out;
    std::string const said = say_window(window, tag);
    bool const whole_months = first_of_month(window.earliest) && last_of_month(window.latest);
    auto const months = (year_of(window.latest) - year_of(window.earliest)) * 12 + static_cast<int>(month_of(window.latest)) -
                        static_cast<int>(month_of(window.earliest)) + 1;
    if (window.earliest == window.latest) {
        out.reader_clock = filled(language.window_of_day, {said}) + std::string(of_certainty(language.hour_open, window));
    } else if (!whole_months) {
        bool const one_month = months == 1, one_year = year_of(window.earliest) == year_of(window.latest);
        out.reader_clock = filled(language.window_of_days, {one_month  ? day_text(language, window.earliest)
                                                            : one_year ? date_of_year_text(language, window.earliest)
                                                                       : date_text(language, window.earliest),
                                                            date_text(language, window.latest)});
    } else {
        bool const quarter = months == 3 && month_of(window.earliest) % 3 == 1;
        out.reader_clock = filled(months == 12 && month_of(window.earliest) == 1 ? language.window_of_year
                                  : quarter                                     ? language.window_of_quarter
                                                                                : language.window_of_month,
                                  {said});
    }
    if (window.earliest != window.latest) out.reader_clock += of_certainty(language.date_open, window);
    out.brief = filled(of_certainty(language.brief_window, window), {said});
    return out;
}

WhenWords day_words(Schedule const& schedule, Language const& language, sys_seconds now) {
    WhenWords out;
    AllDay const& whole = std::get<AllDay>(schedule.when);
    Span const span = span_to_say(schedule, now);
    local_days const first = floor<days>(to_local(span.start, whole.zone).local);
    local_days const last = floor<days>(to_local(span.end - seconds{1}, whole.zone).local);
    out.reader_clock = weekday_date_text(language, first);
    if (last != first)
        out.reader_clock = (year_of(first) == year_of(last) ? weekday_date_of_year_text(language, first) : out.reader_clock) +
                           " – " + weekday_date_text(language, last);
    out.brief = days_text(language, first, last);
    out.machine = format_date(first);
    note_series(out.notes, language, schedule, whole.zone, span.start);
    return out;
}

}  // namespace

WhenWords say_when(Schedule const& schedule, std::string_view reader_zone, std::string_view tag, sys_seconds now) {
    Language const& language = language_of(tag);
    if (auto const* window = std::get_if<Provisional>(&schedule.when)) return window_words(*window, language, tag);
    if (schedule.all_day()) return day_words(schedule, language, now);

    Span const span = span_to_say(schedule, now);
    Clock const event = clock_in(zone_of(schedule), span);
    // Somebody whose zone is unknown reads the event's own clock.
    Clock const reader = zone_exists(reader_zone) ? clock_in(reader_zone, span) : event;
    bool const same = reader.zone == event.zone;

    WhenWords out;
    Clock const& shown = same ? event : reader;
    out.reader_clock = full_text(language, shown);
    out.brief = date_text(language, shown.first_date()) + ", " + clock_text(shown.start.local) + " (" + say_zone(shown.zone) + ")";
    out.machine = format_instant(span.start);
    if (!same) {
        bool const dates_agree = reader.one_day() && event.one_day() && reader.first_date() == event.first_date();
        out.event_clock = dates_agree ? hours_text(event) + place_text(language, event) : full_text(language, event);
    }
    if (event.first_date() != reader.first_date()) {
        bool const already = event.first_date() > reader.first_date();
        out.notes.push_back(filled(already ? language.date_already : language.date_still,
                                   {say_zone(event.zone), weekday_date_of_year_text(language, event.first_date())}));
    } else if (event.last_date() != reader.last_date()) {
        out.notes.push_back(filled(language.ends_on, {say_zone(event.zone), weekday_date_of_year_text(language, event.last_date())}));
    }
    if (span.start > now) note_clock_changes(out.notes, language, reader, event, now, span.start);
    note_series(out.notes, language, schedule, reader.zone, span.start);
    return out;
}

std::string say_window(Provisional const& window, std::string_view tag) {
    Language const& language = language_of(tag);
    local_days const first = window.earliest, last = window.latest;
    if (!first_of_month(first) || !last_of_month(last)) return days_text(language, first, last);
    std::string const last_year = std::to_string(year_of(last));
    if (year_of(first) != year_of(last))
        return month_text(language, first) + " " + std::to_string(year_of(first)) + " – " + month_text(language, last) + " " +
               last_year;
    unsigned const from = month_of(first), to = month_of(last);
    if (from == 1 && to == 12) return last_year;
    if (from % 3 == 1 && to == from + 2) return filled(language.quarter, {std::to_string(to / 3), last_year});
    if (from == to) return month_text(language, first) + " " + last_year;
    return month_text(language, first) + "–" + month_text(language, last) + " " + last_year;
}

std::string say_window_title(Provisional const& window, std::string_view tag) {
    return filled(of_certainty(language_of(tag).entry_title, window), {say_window(window, tag)});
}

std::string say_window_line(Provisional const& window, std::string_view tag) {
    return filled(of_certainty(language_of(tag).entry_line, window), {say_window(window, tag)});
}

std::string say_instant(sys_seconds instant, std::string_view zone, std::string_view tag) {
    Language const& language = language_of(tag);
    std::string const shown(zone_exists(zone) ? zone : "UTC");
    Clock const clock = clock_in(shown, {instant, instant});
    return date_text(language, clock.first_date()) + ", " + clock_text(clock.start.local) + place_text(language, clock);
}

std::string say_date(local_days day, std::string_view tag) { return date_text(language_of(tag), day); }

std::vector<std::string> say_touched_dates(Schedule const& schedule, std::string_view tag) {
    Language const& language = language_of(tag);
    std::vector<std::string> out;
    for (TouchedDate const& date : touched_dates(schedule))
        out.push_back(filled(date.kind == LocalReading::Kind::gap ? language.date_skipped : language.date_repeated,
                             {date_text(language, floor<days>(date.id)), clock_text(date.id), clock_text(date.happens.local),
                              say_zone(zone_of(schedule))}));
    return out;
}

std::string say_clock_rules_changed(std::string_view zone, std::string_view tag) {
    return filled(language_of(tag).clock_rules, {say_zone(zone)});
}

std::string say_zone(std::string_view zone) {
    std::string out(zone.substr(zone.rfind('/') + 1));
    std::replace(out.begin(), out.end(), '_', ' ');
    return out;
}

}  // namespace convoke::calendar
