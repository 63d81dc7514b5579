#include "calendar/vtimezone.hpp"

#include "calendar/vtimezone_form.hpp"

#include <memory>
#include <mutex>
#include <shared_mutex>

namespace convoke::calendar {
namespace {

using namespace std::chrono;

int year_of(sys_seconds at) { return static_cast<int>(year_month_day{floor<days>(at)}.year()); }

// What a VTIMEZONE can be made of; computed once for each zone.
struct Known {
    ZoneFile file;          // continued by its rule to 2040
    bool has_rule = false;  // the footer has a clock change that iCalendar can say
    int rule_since = 0;     // the first year from which on the rule holds without exception
    sys_seconds rule_from;  // the first change in that year
};

bool sayable(YearlyDay const& day) { return day.time >= seconds{0} && day.time < hours{24}; }

bool same_change(Transition const& a, sys_seconds at, seconds before, seconds after) {
    return a.at == at && a.before == before && a.after == after;
}

struct YearsChanges {
    sys_seconds starts, ends;
};
YearsChanges rule_in(PosixRule const& rule, int year) {
    return {sys_seconds{(wall_time_of(*rule.starts, year) - rule.standard).time_since_epoch()},
            sys_seconds{(wall_time_of(*rule.ends, year) - rule.daylight).time_since_epoch()}};
}

// Whether what the file says happened in a year is what the rule says.
bool rule_holds(ZoneFile const& file, int year) {
    auto const said = rule_in(file.rule, year);
    std::size_t seen = 0;
    // A year is taken with a day's margin: local years begin and end elsewhere than UTC ones.
    auto const first = sys_seconds{sys_days{std::chrono::year{year} / 1 / 1}}, end = sys_seconds{sys_days{std::chrono::year{year + 1} / 1 / 1}};
    for (auto const& t : file.transitions) {
        if (t.at < first || t.at >= end) continue;
        if (t.before == t.after) continue;
        if (!same_change(t, said.starts, file.rule.standard, file.rule.daylight) &&
            !same_change(t, said.ends, file.rule.daylight, file.rule.standard))
            return false;
        ++seen;
    }
    return seen == 2;
}

// 'Slim' zone files end with the last year that needed listing; what follows is the rule by definition.
void continue_by_rule(ZoneFile& file) {
    PosixRule const& rule = file.rule;
    if (!rule.starts) return;
    sys_seconds const listed = file.transitions.empty() ? sys_seconds{} : file.transitions.back().at;
    for (int year = year_of(listed); year <= 2040; ++year) {
        auto const said = rule_in(rule, year);
        Transition starts{said.starts, rule.standard, rule.daylight, rule.daylight_name, true};
        Transition ends{said.ends, rule.daylight, rule.standard, rule.standard_name, false};
        if (ends.at < starts.at) std::swap(starts, ends);
        if (starts.at > listed) file.transitions.push_back(std::move(starts));
        if (ends.at > listed) file.transitions.push_back(std::move(ends));
    }
}

Known analysed(std::string_view zone) {
    Known known;
    known.file = read_zone_file(zone);
    continue_by_rule(known.file);
    PosixRule const& rule = known.file.rule;
    if (!rule.starts || !sayable(*rule.starts) || !sayable(*rule.ends)) return known;
    int year = 2039;
    if (!rule_holds(known.file, year)) return known;
    while (year > 1970 && rule_holds(known.file, year - 1)) --year;
    known.has_rule = true;
    known.rule_since = year;
    auto const first = rule_in(rule, year);
    known.rule_from = std::min(first.starts, first.ends);
    return known;
}

std::shared_ptr<Known const> known_zone(std::string_view zone) {
    static std::shared_mutex mutex;
    static std::map<std::string, std::shared_ptr<Known const>, std::less<>> cache;
    {
        std::shared_lock const lock(mutex);
        if (auto found = cache.find(zone); found != cache.end()) return found->second;
    }
    auto made = std::make_shared<Known const>(analysed(zone));
    std::unique_lock const lock(mutex);
    return cache.emplace(std::string(zone), std::move(made)).first->second;
}

struct State {
    seconds offset;
    std::string name;
    bool daylight_saving = false;
};

State state_at(ZoneFile const& file, sys_seconds at) {
    State state{file.first_offset, file.first_name};
    for (auto const& t : file.transitions) {
        if (t.at > at) break;
        state = {t.after, t.name, t.daylight_saving};
    }
    return state;
}

bool changes_within(Known const& known, sys_seconds from, sys_seconds to) {
    for (auto const& t : known.file.transitions)
        if (t.at > from && t.at <= to && t.before != t.after) return true;
    return false;
}

ZoneForm form_of(Known const& known, sys_seconds from, sys_seconds to) {
    if (known.has_rule && from >= known.rule_from) return ZoneForm::yearly;
    if (!known.file.rule.starts && !changes_within(known, from, to)) return ZoneForm::unchanging;
    return ZoneForm::irregular;
}

void stamp(std::string& out, local_seconds local) {
    for (char c : format_local(local))
        if (c != '-' && c != ':') out += c;
}

void observance(std::string& out, std::string_view kind, local_seconds start, seconds from, seconds to,
                std::string_view name, std::string_view rule = {}) {
    out += "BEGIN:";
    out += kind;
    out += "\r\nDTSTART:";
    stamp(out, start);
    out += "\r\nTZOFFSETFROM:" + ical_offset(from) + "\r\nTZOFFSETTO:" + ical_offset(to) + "\r\nTZNAME:";
    out += name;
    out += "\r\n";
    if (!rule.empty()) {
        out += "RRULE:FREQ=YEARLY;";
        out += rule;
        out += "\r\n";
    }
    out += "END:";
    out += kind;
    out += "\r\n";
}

std::string rule_text(YearlyDay const& day) {
    static constexpr std::string_view names[] = {"SU", "MO", "TU", "WE", "TH", "FR", "SA"};
    return "BYMONTH=" + std::to_string(day.month) + ";BYDAY=" + (day.week == 5 ? "-1" : std::to_string(day.week)) +
           std::string(names[day.weekday]);
}

std::string opened(std::string_view zone) { return "BEGIN:VTIMEZONE\r\nTZID:" + std::string(zone) + "\r\n"; }

}  // namespace

std::string ical_offset(seconds offset) {
    std::string out = format_offset(offset);
    out.erase(3, 1);
    return out;
}

ZoneForm zone_form(std::string_view zone, sys_seconds from, sys_seconds to) {
    return form_of(*known_zone(zone), from, to);
}

bool offset_changes(std::string_view zone, sys_seconds from, sys_seconds to) {
    return changes_within(*known_zone(zone), from, to);
}

std::optional<OffsetChange> last_offset_change(std::string_view zone, sys_seconds from, sys_seconds to) {
    auto const known = known_zone(zone);
    std::optional<OffsetChange> last;
    for (auto const& t : known->file.transitions)
        if (t.at > from && t.at <= to && t.before != t.after) last = OffsetChange{t.at, t.before, t.after};
    return last;
}

std::optional<OffsetChange> first_offset_change(std::string_view zone, sys_seconds from, sys_seconds to) {
    auto const known = known_zone(zone);
    for (auto const& t : known->file.transitions)
        if (t.at > from && t.at <= to && t.before != t.after) return OffsetChange{t.at, t.before, t.after};
    return std::nullopt;
}

std::string zone_mark(std::string_view zone) {
    auto const known = known_zone(zone);
    auto const from = sys_seconds{sys_days{year{2020} / 1 / 1}}, to = sys_seconds{sys_days{year{2038} / 1 / 1}};
    std::uint64_t hash = 14695981039346656037u;  // FNV-1a: to notice a change, not to resist one
    auto const mix = [&](std::int64_t value) {
        for (int byte = 0; byte < 8; ++byte) hash = (hash ^ (static_cast<std::uint64_t>(value) >> (8 * byte) & 0xFF)) * 1099511628211u;
    };
    mix(state_at(known->file, from).offset.count());
    for (auto const& t : known->file.transitions) {
        if (t.at <= from || t.at >= to || t.before == t.after) continue;
        mix(t.at.time_since_epoch().count());
        mix(t.after.count());
    }
    std::string out;
    for (int shift = 60; shift >= 0; shift -= 4) out += "0123456789abcdef"[hash >> shift & 15];
    return out;
}

bool summer_is_standard(std::string_view zone) {
    PosixRule const& rule = known_zone(zone)->file.rule;
    return rule.starts && rule.daylight < rule.standard;
}

std::string vtimezone_text(std::string_view zone, sys_seconds from, sys_seconds to) {
    auto const known = known_zone(zone);
    std::string out = opened(zone);
    ZoneForm const form = form_of(*known, from, to);
    if (form == ZoneForm::yearly) {
        PosixRule const& rule = known->file.rule;
        std::string const starts = rule_text(*rule.starts), ends = rule_text(*rule.ends);
        local_seconds const start = wall_time_of(*rule.starts, known->rule_since), end = wall_time_of(*rule.ends, known->rule_since);
        // Where the law calls winter the exception (Dublin), calendars go an hour wrong: summer is DAYLIGHT for all.
        if (rule.daylight < rule.standard) {
            observance(out, "DAYLIGHT", end, rule.daylight, rule.standard, rule.standard_name, ends);
            observance(out, "STANDARD", start, rule.standard, rule.daylight, rule.daylight_name, starts);
        } else {
            observance(out, "DAYLIGHT", start, rule.standard, rule.daylight, rule.daylight_name, starts);
            observance(out, "STANDARD", end, rule.daylight, rule.standard, rule.standard_name, ends);
        }
    } else {
        State const state = state_at(known->file, from);
        local_seconds const start = form == ZoneForm::unchanging
                                        ? local_seconds{local_days{year{1970} / 1 / 1}}
                                        : local_seconds{floor<days>(local_seconds{(from + state.offset).time_since_epoch()})};
        observance(out, "STANDARD", start, state.offset, state.offset, state.name);
    }
    out += "END:VTIMEZONE\r\n";
    return out;
}

}  // namespace convoke::calendar
