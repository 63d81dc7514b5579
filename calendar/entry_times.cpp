#include "calendar/entry_times.hpp"

#include "calendar/series.hpp"
#include "calendar/vtimezone.hpp"
#include "calendar/vtimezone_form.hpp"

#include <algorithm>

namespace convoke::calendar {
namespace {

using namespace std::chrono;

bool is_utc(std::string_view zone) { return zone == "UTC" || zone == "Etc/UTC"; }

void write_date(TextWriter& out, std::string_view name, local_days day) {
    out.line(name, ";VALUE=DATE", Stamp(day));
}

void write_local(TextWriter& out, std::string_view name, local_seconds local, std::string const& zone, bool as_utc) {
    if (as_utc) out.line(name, Stamp(to_instant(local, zone)));
    else out.line(name, ";TZID=" + zone, Stamp(local));
}

// Readers must compute the same end as we do: a local end that exists twice is written in UTC.
void write_end(TextWriter& out, sys_seconds end, std::string const& zone, bool as_utc) {
    if (!as_utc) {
        local_seconds const local = to_local(end, zone).local;
        auto const read = read_local(local, zone);
        if (read && read->kind == LocalReading::Kind::unique) {
            out.line("DTEND", ";TZID=" + zone, Stamp(local));
            return;
        }
    }
    out.line("DTEND", Stamp(end));
}

sys_seconds end_of(local_seconds start, Duration const& duration, std::string const& zone) {
    return first_span({Fixed{start, zone, duration}, std::nullopt}, {}).end;
}

template <class Values, class Show>
void append_list(std::string& out, std::string_view name, Values const& values, Show show) {
    if (values.empty()) return;
    out += ';';
    out += name;
    char separator = '=';
    for (auto const& value : values) {
        out += separator;
        out += show(value);
        separator = ',';
    }
}

// UNTIL in UTC (RFC 5545 §3.3.10). ical.js, and with it Thunderbird, finds no date at all in a yearly rule that begins in a
// later year than the one written there: a single date, early on New Year's Day east of Greenwich. Between the last date
// and the next lies a day at least, so a later moment ends the rule as well.
sys_seconds until_instant(RecurrenceRule const& rule, std::string const& zone) {
    auto const exact = to_instant(*rule.until, zone);
    if (rule.frequency != RecurrenceRule::Frequency::yearly) return exact;
    year_month_day const local{floor<days>(*rule.until)};
    return std::max(exact, sys_seconds{sys_days{local.year() / January / 1}});
}

std::string rule_text(RecurrenceRule const& rule, Schedule const& schedule) {
    static constexpr std::string_view names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
    static constexpr std::string_view days_of_week[] = {"", "MO", "TU", "WE", "TH", "FR", "SA", "SU"};
    std::string out = "FREQ=" + std::string(names[static_cast<std::size_t>(rule.frequency)]);
    if (rule.interval != 1) out += ";INTERVAL=" + std::to_string(rule.interval);
    if (rule.count) out += ";COUNT=" + std::to_string(*rule.count);
    if (rule.until) {
        out += ";UNTIL=";
        out += schedule.all_day() ? Stamp(floor<days>(*rule.until)) : Stamp(until_instant(rule, zone_of(schedule)));
    }
    auto const number = [](int n) { return std::to_string(n); };
    append_list(out, "BYMONTH", rule.by_month, number);
    append_list(out, "BYMONTHDAY", rule.by_month_day, number);
    append_list(out, "BYDAY", rule.by_day, [](RecurrenceRule::Day const& day) {
        return (day.nth == 0 ? "" : std::to_string(day.nth)) + std::string(days_of_week[day.weekday]);
    });
    append_list(out, "BYSETPOS", rule.by_set_position, number);
    return out;
}

void write_days(TextWriter& out, local_days first, int count) {
    write_date(out, "DTSTART", first);
    write_date(out, "DTEND", first + days{count});
}

void write_recurrence(TextWriter& out, Schedule const& schedule, bool as_utc) {
    if (!schedule.recurrence) return;
    for (auto const& rule : schedule.recurrence->rules) out.line("RRULE", rule_text(rule, schedule));
    for (auto const& [id, change] : schedule.recurrence->overrides) {
        if (!change.excluded) continue;
        if (schedule.all_day()) write_date(out, "EXDATE", floor<days>(id));
        else write_local(out, "EXDATE", id, zone_of(schedule), as_utc);
    }
}

}  // namespace

void Stamp::put(unsigned value, unsigned digits) {
    for (unsigned i = digits; i-- > 0; value /= 10) text_[size_ + i] = static_cast<char>('0' + value % 10);
    size_ += digits;
}

void Stamp::put_date(local_days day) {
    year_month_day const ymd{day};
    put(static_cast<unsigned>(static_cast<int>(ymd.year())), 4);
    put(static_cast<unsigned>(ymd.month()), 2);
    put(static_cast<unsigned>(ymd.day()), 2);
}

Stamp::Stamp(local_days day) { put_date(day); }

Stamp::Stamp(local_seconds local) {
    local_days const day = floor<days>(local);
    auto const time = static_cast<unsigned>((local - day).count());
    put_date(day);
    text_[size_++] = 'T';
    put(time / 3600, 2);
    put(time / 60 % 60, 2);
    put(time % 60, 2);
}

Stamp::Stamp(sys_seconds instant) : Stamp(local_seconds{instant.time_since_epoch()}) { text_[size_++] = 'Z'; }

std::string ical_instant(sys_seconds instant) { return std::string(Stamp(instant)); }

void ZonesInUse::add(Schedule const& schedule) {
    auto const* fixed = std::get_if<Fixed>(&schedule.when);
    if (!fixed || is_utc(fixed->zone)) return;
    Span whole = first_span({*fixed, std::nullopt}, {});
    if (schedule.recurrence)
        for (auto const& one : occurrences(schedule, sys_seconds::min(), sys_seconds::max(), 1000)) {
            whole.start = std::min(whole.start, one.span.start);
            whole.end = std::max(whole.end, one.span.end);
        }
    auto const [at, fresh] = windows_.try_emplace(fixed->zone, Window{whole.start, whole.end, std::nullopt});
    Window& window = at->second;
    window.irregular.reset();
    window.from = std::min(window.from, whole.start);
    window.to = std::max(window.to, whole.end);
}

bool ZonesInUse::changes_irregularly(std::string const& zone, Window const& window) {
    if (!window.irregular)
        window.irregular =
            zone_form(zone, window.from, window.to) == ZoneForm::irregular && offset_changes(zone, window.from, window.to);
    return *window.irregular;
}

std::string ZonesInUse::text() const {
    std::string out;
    for (auto const& [zone, window] : windows_)
        if (!changes_irregularly(zone, window)) out += vtimezone_text(zone, window.from, window.to);
    return out;
}

bool ZonesInUse::as_utc(Schedule const& schedule) const {
    auto const* fixed = std::get_if<Fixed>(&schedule.when);
    if (!fixed) return false;
    if (is_utc(fixed->zone)) return true;
    auto const found = windows_.find(fixed->zone);
    return found != windows_.end() && changes_irregularly(found->first, found->second);
}

bool ZonesInUse::date_by_date(Schedule const& schedule) const {
    return series_form(schedule) == SeriesForm::dates || (as_utc(schedule) && !is_utc(zone_of(schedule)));
}

bool skipped_or_repeated(Schedule const& schedule, local_seconds local) {
    auto const* fixed = std::get_if<Fixed>(&schedule.when);
    if (!fixed) return false;
    auto const read = read_local(local, fixed->zone);
    return read && read->kind != LocalReading::Kind::unique;
}

void write_times(TextWriter& out, Schedule const& schedule, bool as_utc) {
    if (auto const* window = std::get_if<Provisional>(&schedule.when)) {
        write_days(out, window->earliest, static_cast<int>((window->latest - window->earliest).count()) + 1);
    } else if (auto const* whole = std::get_if<AllDay>(&schedule.when)) {
        write_days(out, whole->first, whole->days);
    } else {
        Fixed const& fixed = std::get<Fixed>(schedule.when);
        write_local(out, "DTSTART", fixed.start, fixed.zone, as_utc);
        // DTEND would fix the elapsed length of every occurrence; nominal days must stay nominal in a series.
        if (schedule.recurrence && fixed.duration.days != 0) out.line("DURATION", format_duration(fixed.duration));
        else write_end(out, end_of(fixed.start, fixed.duration, fixed.zone), fixed.zone, as_utc);
    }
    write_recurrence(out, schedule, as_utc);
}

void write_changed_times(TextWriter& out, Schedule const& schedule, local_seconds id, Override const& change, bool as_utc) {
    local_seconds const start = change.start.value_or(id);
    if (auto const* whole = std::get_if<AllDay>(&schedule.when)) {
        write_date(out, "RECURRENCE-ID", floor<days>(id));
        write_days(out, floor<days>(start), change.duration ? change.duration->days : whole->days);
        return;
    }
    Fixed const& fixed = std::get<Fixed>(schedule.when);
    write_local(out, "RECURRENCE-ID", id, fixed.zone, as_utc);
    write_local(out, "DTSTART", start, fixed.zone, as_utc);
    write_end(out, end_of(start, change.duration.value_or(fixed.duration), fixed.zone), fixed.zone, as_utc);
}

}  // namespace convoke::calendar
