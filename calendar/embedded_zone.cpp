#include "calendar/embedded_zone.hpp"

#include "calendar/recurrence.hpp"

#include <charconv>

namespace convoke::calendar {
namespace {

using namespace std::chrono;

std::optional<int> number(std::string_view text) {
    if (!text.empty() && text[0] == '+') text.remove_prefix(1);
    int value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc{} || end != text.data() + text.size() || text.empty()) return std::nullopt;
    return value;
}

template <class Take>
bool each(std::string_view list, Take take) {
    for (std::size_t count = 0; count < 400; ++count) {
        auto const comma = list.find(',');
        if (!take(list.substr(0, comma))) return false;
        if (comma == std::string_view::npos) return true;
        list.remove_prefix(comma + 1);
    }
    return false;
}

bool take_numbers(std::string_view list, int most, std::vector<int>& out) {
    return each(list, [&](std::string_view item) {
        auto const value = number(item);
        if (!value || *value == 0 || *value > most || *value < -most) return false;
        out.push_back(*value);
        return true;
    });
}

bool take_days(std::string_view list, std::vector<RecurrenceRule::Day>& out) {
    return each(list, [&](std::string_view item) {
        static constexpr std::string_view names[] = {"MO", "TU", "WE", "TH", "FR", "SA", "SU"};
        if (item.size() < 2) return false;
        RecurrenceRule::Day day;
        for (unsigned i = 0; i < 7; ++i)
            if (item.substr(item.size() - 2) == names[i]) day.weekday = i + 1;
        if (day.weekday == 0) return false;
        if (item.size() > 2) {
            auto const nth = number(item.substr(0, item.size() - 2));
            if (!nth || *nth == 0 || *nth > 53 || *nth < -53) return false;
            day.nth = *nth;
        }
        out.push_back(day);
        return true;
    });
}

int year_of(local_seconds at) { return static_cast<int>(year_month_day{floor<days>(at)}.year()); }

std::vector<local_seconds> const& onsets_in(Observance const& o, int year) {
    static std::vector<local_seconds> const none;
    if (--*o.work <= 0) return none;
    auto const [found, fresh] = o.by_year.try_emplace(year);
    if (fresh) {
        *o.work -= EmbeddedZone::first_look;
        local_days const first = floor<days>(o.start);
        for (local_days day : days_of_period(*o.rule, first, year - year_of(o.start)))
            if (found->second.size() < 4) found->second.push_back(local_seconds{day} + (o.start - first));
    }
    return found->second;
}

// The last onset of an observance not after a moment, in the observance's own local time.
template <class Reached>
std::optional<local_seconds> last_onset(Observance const& o, int year_wanted, Reached reached) {
    std::optional<local_seconds> best;
    auto const offer = [&](local_seconds at) {
        if (at < o.start) return;
        if (o.until && sys_seconds{(at - o.from).time_since_epoch()} > *o.until) return;
        if (reached(at) && (!best || at > *best)) best = at;
    };
    offer(o.start);
    for (local_seconds at : o.dates) offer(at);
    if (o.rule) {
        int const first_year = year_of(o.start);
        for (int year = year_wanted - 1; year <= year_wanted + 1; ++year) {
            if (year < first_year || (year - first_year) % o.rule->interval != 0) continue;
            for (local_seconds at : onsets_in(o, year)) offer(at);
        }
        // A rule that ended long ago still holds from its last onset on.
        if (!best && o.until) {
            int const last = static_cast<int>(year_month_day{floor<days>(*o.until)}.year());
            for (int year = last - 1; year <= last + 1 && year < year_wanted - 1; ++year) {
                if (year < first_year) continue;
                for (local_seconds at : onsets_in(o, year)) offer(at);
            }
        }
    }
    return best;
}

}  // namespace

std::optional<local_seconds> parse_stamp(std::string_view text) {
    if (text.size() != 8 && text.size() != 15) return std::nullopt;
    std::string iso(text.substr(0, 4));
    iso += '-';
    iso += text.substr(4, 2);
    iso += '-';
    iso += text.substr(6, 2);
    if (text.size() == 8) {
        auto const day = parse_date(iso);
        return day ? std::optional(local_seconds{*day}) : std::nullopt;
    }
    if (text[8] != 'T') return std::nullopt;
    iso += 'T';
    iso += text.substr(9, 2);
    iso += ':';
    iso += text.substr(11, 2);
    iso += ':';
    // A leap second is the second before it (RFC 5545 §3.3.12).
    iso += text.substr(13, 2) == "60" ? "59" : text.substr(13, 2);
    auto const local = parse_local(iso);
    return local ? std::optional(*local) : std::nullopt;
}

std::optional<RecurrenceRule> parse_rule(std::string_view text, std::optional<sys_seconds>* until_utc) {
    RecurrenceRule rule;
    bool frequency = false;
    if (text.size() > 4000) return std::nullopt;
    std::string upper;
    for (char c : text) upper += c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c;
    std::string_view rest = upper;
    while (!rest.empty()) {
        auto const semicolon = rest.find(';');
        std::string_view const part = rest.substr(0, semicolon);
        rest.remove_prefix(semicolon == std::string_view::npos ? rest.size() : semicolon + 1);
        if (part.empty()) continue;
        auto const equals = part.find('=');
        if (equals == std::string_view::npos) return std::nullopt;
        std::string_view const name = part.substr(0, equals), value = part.substr(equals + 1);
        bool ok = true;
        if (name == "FREQ") {
            static constexpr std::string_view names[] = {"DAILY", "WEEKLY", "MONTHLY", "YEARLY"};
            for (std::size_t i = 0; i < 4; ++i)
                if (value == names[i]) rule.frequency = static_cast<RecurrenceRule::Frequency>(i), frequency = true;
            ok = frequency;
        } else if (name == "INTERVAL" || name == "COUNT") {
            auto const n = number(value);
            ok = n && *n >= 1 && *n <= 100000;
            if (ok && name == "COUNT") rule.count = *n;
            else if (ok) rule.interval = *n;
        } else if (name == "UNTIL") {
            bool const utc = value.ends_with('Z');
            auto const at = parse_stamp(utc ? value.substr(0, value.size() - 1) : value);
            ok = at.has_value();
            if (ok && utc && until_utc) *until_utc = sys_seconds{at->time_since_epoch()};
            else if (ok) rule.until = value.size() == 8 ? *at + days{1} - seconds{1} : *at;
        } else if (name == "BYDAY") {
            ok = take_days(value, rule.by_day);
        } else if (name == "BYMONTHDAY") {
            ok = take_numbers(value, 31, rule.by_month_day);
        } else if (name == "BYMONTH") {
            ok = take_numbers(value, 12, rule.by_month);
        } else if (name == "BYSETPOS") {
            ok = take_numbers(value, 366, rule.by_set_position);
        } else if (name == "WKST") {
            ok = true;
        } else {
            ok = false;
        }
        if (!ok) return std::nullopt;
    }
    return frequency ? std::optional(rule) : std::nullopt;
}

bool EmbeddedZone::add(Observance observance) {
    // Clocks change once or twice a year; a rule for every day is there to cost time.
    if (observance.rule && days_of_period(*observance.rule, floor<days>(observance.start), 1).size() > 4) return false;
    dates_ += observance.dates.size();
    offsets_.insert(observance.from);
    offsets_.insert(observance.to);
    if (observances.size() >= most_observances || dates_ > most_dates || offsets_.size() > most_offsets) return false;
    observance.work = work_;
    observances.push_back(std::move(observance));
    return true;
}

std::optional<seconds> EmbeddedZone::offset_at(sys_seconds instant) const {
    std::optional<sys_seconds> best;
    std::optional<seconds> offset;
    int const year = static_cast<int>(year_month_day{floor<days>(instant)}.year());
    Observance const* earliest = nullptr;
    for (auto const& o : observances) {
        if (!earliest || o.start - o.from < earliest->start - earliest->from) earliest = &o;
        auto const onset = last_onset(o, year, [&](local_seconds at) {
            return sys_seconds{(at - o.from).time_since_epoch()} <= instant;
        });
        if (!onset) continue;
        sys_seconds const at{(*onset - o.from).time_since_epoch()};
        if (!best || at > *best) best = at, offset = o.to;
    }
    if (!offset && earliest) offset = earliest->from;
    return offset;
}

std::optional<sys_seconds> EmbeddedZone::instant(local_seconds local) const {
    if (!understood || observances.empty() || exhausted()) return std::nullopt;
    *work_ -= static_cast<std::int64_t>(offsets_.size() * observances.size());
    auto const as_utc = [&](seconds offset) { return sys_seconds{(local - offset).time_since_epoch()}; };
    // Every offset that the zone ever has is tried: those that lead back to this wall time are readings of it.
    std::optional<sys_seconds> first;
    for (seconds const offset : offsets_) {
        sys_seconds const candidate = as_utc(offset);
        auto const there = offset_at(candidate);
        if (there && *there == offset && (!first || candidate < *first)) first = candidate;
    }
    if (exhausted()) return std::nullopt;
    if (first) return first;
    // A gap: the offset that held before it.
    auto const before = offset_at(as_utc(seconds{0}) - days{1});
    return before ? std::optional(as_utc(*before)) : std::nullopt;
}

}  // namespace convoke::calendar
