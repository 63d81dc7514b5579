// Rules about VTIMEZONE.
#include "calendar/content_tree.hpp"
#include "calendar/embedded_zone.hpp"
#include "calendar/lint_text.hpp"
#include "calendar/recurrence.hpp"

#include <set>

namespace convoke::calendar {
namespace {

constexpr std::string_view component = "RFC 5545 §3.6.5";

bool is_utc(std::string_view tzid) { return tzid == "UTC" || tzid == "Etc/UTC" || tzid == "GMT" || tzid == "Z"; }

void lint_offset(LintLine const& line, Findings& findings) {
    std::string_view const v = line.value;
    bool const right = v.size() == 5 && (v[0] == '+' || v[0] == '-') && v.substr(1).find_first_not_of("0123456789") == std::string_view::npos &&
                       v.substr(1, 2) <= "15" && v[3] <= '5';
    if (!right) findings.error("Z8", line.line, line.name + " is not whole hours and minutes", "for example " + line.name + ":+0100");
}

// YEARLY, in one month, on one nth weekday or one day of the month: what Exchange takes (MS-OXCICAL 2.1.3.1.1.19.2.2).
void lint_rule(LintLine const& line, Findings& findings) {
    std::optional<sys_seconds> until;
    auto const rule = parse_rule(line.value, &until);
    bool const right = rule && rule->frequency == RecurrenceRule::Frequency::yearly && rule->interval == 1 && !rule->count && !rule->until &&
                       !until && rule->by_month.size() == 1 && rule->by_set_position.empty() &&
                       rule->by_day.size() + rule->by_month_day.size() == 1 && (rule->by_day.empty() || rule->by_day[0].nth != 0);
    if (!right)
        findings.error("Z6", line.line, "an observance has another rule than one day a year", "RRULE:FREQ=YEARLY;BYMONTH=3;BYDAY=-1SU");
}

void lint_dates(LintNode const& observance, Findings& findings) {
    auto const* start = observance.first("DTSTART");
    bool repeated = false, any = false;
    for (auto const& line : observance.lines) {
        if (line.name != "RDATE") continue;
        any = true;
        if (line.value.find('Z') != std::string::npos) findings.error("Z10", line.line, "an observance's RDATE is in UTC", "RDATE in local time");
        if (start && ("," + line.value + ",").find("," + start->value + ",") != std::string::npos) repeated = true;
    }
    if (any && start && !repeated)
        findings.error("Z10", start->line, "an observance has RDATEs that do not repeat its DTSTART", "repeat DTSTART as RDATE: some readers ignore it otherwise");
}

void lint_observance(LintNode const& observance, bool only_one, Findings& findings) {
    for (std::string_view name : {"DTSTART", "TZOFFSETFROM", "TZOFFSETTO"})
        if (observance.count(name) != 1)
            findings.error(component, observance.line, "an observance has " + std::to_string(observance.count(name)) + " " + std::string(name), "exactly one");
    for (std::string_view name : {"TZOFFSETFROM", "TZOFFSETTO"})
        if (auto const* line = observance.first(name)) lint_offset(*line, findings);
    if (auto const* start = observance.first("DTSTART"); start && lint_time(*start).form != LintTime::Form::floating)
        findings.error(component, start->line, "an observance's DTSTART is not local time", "DTSTART:19961027T030000");
    if (auto const* rule = observance.first("RRULE")) {
        if (only_one) findings.error("Z7", rule->line, "a zone without clock changes has a rule", "one STANDARD with DTSTART alone");
        else lint_rule(*rule, findings);
    }
    if (observance.count("RRULE") > 1) findings.error("Z6", observance.line, "an observance has several rules", "one RRULE");
    lint_dates(observance, findings);
    for (auto const& line : observance.lines)
        if (line.name.starts_with("X-")) findings.error("Z6", line.line, "an X- property in a VTIMEZONE", "leave it out: dateutil refuses the zone");
    auto const from = observance.value("TZOFFSETFROM"), to = observance.value("TZOFFSETTO");
    auto const minutes = [](std::string_view v) {
        int const size = v.size() < 5 ? 0 : ((v[1] - '0') * 10 + v[2] - '0') * 60 + (v[3] - '0') * 10 + v[4] - '0';
        return v.starts_with('-') ? -size : size;
    };
    if (observance.kind == "DAYLIGHT" && !from.empty() && !to.empty() && minutes(to) < minutes(from))
        findings.error("Z9", observance.line, "daylight time is behind standard time", "call the winter's observance STANDARD, the summer's DAYLIGHT");
}

void lint_zone(LintNode const& zone, Findings& findings) {
    auto const* name = zone.first("TZID");
    if (zone.count("TZID") != 1) findings.error(component, zone.line, "a VTIMEZONE has " + std::to_string(zone.count("TZID")) + " TZID", "exactly one");
    if (name && is_utc(name->value)) findings.error("Z3", name->line, "a VTIMEZONE for UTC", "write UTC times with Z");
    else if (name && !zone_exists(name->value))
        findings.error("Z4", name->line, "a TZID that is no plain name of the IANA database", "TZID:Europe/Brussels, without prefix or slash");
    std::size_t standard = 0, daylight = 0;
    for (auto const& part : zone.children) {
        standard += part.kind == "STANDARD";
        daylight += part.kind == "DAYLIGHT";
    }
    if (standard > 1 || daylight > 1) findings.error("Z6", zone.line, "a zone has several STANDARD or DAYLIGHT", "at most one of each");
    if (standard == 0 && daylight > 0) findings.error("Z7", zone.line, "a zone has DAYLIGHT alone", "without clock changes: one STANDARD");
    if (standard + daylight == 0) findings.error(component, zone.line, "a VTIMEZONE says nothing", "at least one STANDARD");
    for (auto const& part : zone.children)
        if (part.kind == "STANDARD" || part.kind == "DAYLIGHT") lint_observance(part, standard + daylight == 1, findings);
    for (auto const& line : zone.lines)
        if (line.name.starts_with("X-")) findings.error("Z6", line.line, "an X- property in a VTIMEZONE", "leave it out: dateutil refuses the zone");
}

// Whether the VTIMEZONE places a time where the zone of its name does: the preflight for the right hour.
class Comparison {
public:
    Comparison(std::string_view ics, Findings& findings) : findings_(findings) {
        ReadLimits limits;
        limits.bytes = limits.line = 32u << 20;
        limits.components = limits.lines = 4'000'000;
        auto const tree = read_tree(ics, limits);
        if (tree && !tree->children.empty()) zones_ = embedded_zones(tree->children.front());
    }

    void compare(LintLine const& line, LintTime const& time, local_seconds local) {
        auto const embedded = zones_.find(time.tzid);
        if (embedded == zones_.end() || !zone_exists(time.tzid) || told_.contains(time.tzid) || spent_ > 200'000) return;
        ++spent_;
        auto const meant = read_local(local, time.tzid);
        auto const said = embedded->second.instant(local);
        if (embedded->second.exhausted()) return;
        if (!meant || meant->kind != LocalReading::Kind::unique || said == meant->instant) return;
        told_.insert(time.tzid);
        findings_.error(component, line.line, "the VTIMEZONE of " + time.tzid + " gives another instant for " + format_local(local) + " than the zone has",
                        "the offset of that day");
    }

    void event(LintNode const& event) {
        LintTime start;
        for (auto const& line : event.lines) {
            if (line.name != "DTSTART" && line.name != "DTEND" && line.name != "RECURRENCE-ID") continue;
            auto const time = lint_time(line);
            if (time.form != LintTime::Form::zoned) continue;
            compare(line, time, time.local);
            if (line.name == "DTSTART") start = time;
        }
        auto const* rule_line = event.first("RRULE");
        if (start.form != LintTime::Form::zoned || !rule_line) return;
        if (auto const rule = parse_rule(rule_line->value))
            for (local_seconds local : expand(*rule, start.local).starts) compare(*rule_line, start, local);
    }

private:
    Findings& findings_;
    EmbeddedZones zones_;
    std::set<std::string, std::less<>> told_;
    std::size_t spent_ = 0;
};

}  // namespace

void lint_zones(LintNode const& calendar, std::string_view ics, Findings& findings) {
    std::map<std::string, std::size_t, std::less<>> described;  // TZID -> line
    for (auto const& child : calendar.children) {
        if (child.kind != "VTIMEZONE") continue;
        lint_zone(child, findings);
        if (auto const* name = child.first("TZID"); name && !described.emplace(name->value, child.line).second)
            findings.error("Z3", child.line, "a zone is described twice", "one VTIMEZONE for each TZID");
    }
    Comparison comparison(ics, findings);
    for (auto const& child : calendar.children) {
        if (child.kind == "VTIMEZONE") continue;
        for (auto const& line : child.lines) {
            auto const tzid = line.parameter("TZID");
            if (tzid.empty()) continue;
            auto const found = described.find(tzid);
            if (is_utc(tzid)) findings.error("Z3", line.line, line.name + " names UTC as a zone", "write UTC times with Z");
            else if (found == described.end()) findings.error("Z3", line.line, line.name + " uses a zone that no VTIMEZONE describes", "add its VTIMEZONE");
            else if (found->second > line.line) findings.error("Z3", line.line, line.name + " uses a zone that is described after it", "VTIMEZONEs come first");
        }
        if (child.kind == "VEVENT") comparison.event(child);
    }
}

}  // namespace convoke::calendar
