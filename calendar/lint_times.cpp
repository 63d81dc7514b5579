// Rules about the times of one event.
#include "calendar/embedded_zone.hpp"
#include "calendar/lint_text.hpp"
#include "calendar/recurrence.hpp"
#include "calendar/series.hpp"

namespace convoke::calendar {
namespace {

using Form = LintTime::Form;
constexpr std::string_view value_rule = "RFC 5545 §3.3.5", rule_rule = "RFC 5545 §3.3.10";

bool timed(Form form) { return form == Form::utc || form == Form::zoned; }

class Times {
public:
    Times(LintNode const& event, LintSetting const& setting, Findings& findings) : event_(event), setting_(setting), findings_(findings) {}

    void check() {
        auto const* start = event_.first("DTSTART");
        if (!start) return;
        start_ = read(*start);
        if (auto const* end = event_.first("DTEND")) check_end(*end);
        if (auto const* duration = event_.first("DURATION")) check_duration(*duration);
        if (auto const* id = event_.first("RECURRENCE-ID")) check_form(*id, setting_.invitation ? "S10" : "F11");
        if (!event_.first("RRULE")) check_placed(*start, start_);
        else if (start_.form != Form::broken) check_rule(*event_.first("RRULE"));
        for (auto const& line : event_.lines) {
            if (line.name == "EXDATE") check_exception(line);
            if (line.name == "RDATE") findings_.warning("S11", line.line, "added dates", "each date as an event of its own: Outlook takes no RDATE");
        }
        check_whole_days(*start);
    }

private:
    LintTime read(LintLine const& line) {
        LintTime out = lint_time(line);
        if (out.form == Form::broken)
            findings_.error(value_rule, line.line, line.name + " is no time, or its form and its parameters disagree",
                            "VALUE=DATE:20260617, TZID=Europe/Brussels:20260617T100000 or 20260617T080000Z");
        if (out.form == Form::floating)
            findings_.error("Z5", line.line, line.name + " has no zone", "TZID=Europe/Brussels and its VTIMEZONE");
        return out;
    }

    // A wall time that readers place differently; in series RFC 5545 §3.3.5 decides.
    void check_placed(LintLine const& line, LintTime const& time) {
        if (time.form != Form::zoned || !zone_exists(time.tzid)) return;
        auto const found = read_local(time.local, time.tzid);
        if (found && found->kind != LocalReading::Kind::unique)
            findings_.warning("Z2", line.line, line.name + " is a local time that the clocks skip or repeat", "the instant in UTC, or another hour");
    }

    void check_end(LintLine const& line) {
        LintTime const end = read(line);
        if (end.form == Form::broken || start_.form == Form::broken) return;
        if ((end.form == Form::date) != (start_.form == Form::date)) {
            findings_.error("F12", line.line, "DTSTART and DTEND are not both dates or both times", "the same form for both");
            return;
        }
        if (end.form == Form::date && end.local <= start_.local)
            findings_.error("F12", line.line, "the last day is not exclusive", "DTEND is the day after the last one");
        auto const from = start_.instant(), to = end.instant();
        if (from && to && *to <= *from) findings_.error("RFC 5545 §3.8.2.2", line.line, "the event ends before it begins", "a later DTEND");
        if (start_.form == Form::utc && end.form == Form::zoned)
            findings_.warning("Z5", line.line, "DTSTART is in UTC though the event has a zone", "DTSTART in the event's zone");
        check_placed(line, end);
    }

    void check_duration(LintLine const& line) {
        auto const length = parse_duration(line.value);
        if (!length) findings_.error("RFC 5545 §3.3.6", line.line, "DURATION is no duration", "PT2H30M or P2D");
        else if (start_.form == Form::date && length->time != seconds{0})
            findings_.error("F12", line.line, "an event of whole days lasts hours", "whole days, or a DTSTART with a time");
        if (setting_.method == "REQUEST" && !event_.first("RRULE") && !event_.first("DTEND"))
            findings_.warning("S5", line.line, "an invitation says DURATION", "DTEND");
    }

    void check_form(LintLine const& line, std::string_view rule) {
        LintTime const time = read(line);
        if (time.form == Form::broken || start_.form == Form::broken) return;
        bool const kinds = (time.form == Form::date) == (start_.form == Form::date);
        bool const zones = time.form != Form::zoned || start_.form != Form::zoned || time.tzid == start_.tzid;
        if (!kinds || !zones) findings_.error(rule, line.line, line.name + " has another form or zone than DTSTART", "the form and zone of DTSTART");
    }

    void check_rule(LintLine const& line) {
        if (event_.count("RRULE") > 1) findings_.error(rule_rule, line.line, "several rules", "one RRULE");
        std::optional<sys_seconds> until;
        auto const rule = parse_rule(line.value, &until);
        if (!rule) {
            bool const fine = line.value.find("SECONDLY") != std::string::npos || line.value.find("MINUTELY") != std::string::npos ||
                              line.value.find("HOURLY") != std::string::npos;
            if (fine) findings_.error("S11", line.line, "the rule repeats within a day", "DAILY, WEEKLY, MONTHLY or YEARLY");
            else findings_.error(rule_rule, line.line, "the rule cannot be read", "FREQ=WEEKLY;BYDAY=MO;COUNT=10");
            return;
        }
        if (rule->count && (rule->until || until)) findings_.error(rule_rule, line.line, "the rule ends by COUNT and by UNTIL", "one of them");
        if (timed(start_.form) ? rule->until.has_value() : until.has_value())
            findings_.error(rule_rule, line.line, "UNTIL has another form than DTSTART asks for", "UTC with Z for times, a date for dates");
        if (!every_calendar_takes(*rule, std::chrono::floor<std::chrono::days>(start_.local)))
            findings_.warning("S11", line.line, "a rule that Outlook does not take", "each date as an event of its own");
        auto const found = expand(*rule, start_.local, 1);
        if (found.starts.empty() || found.starts.front() != start_.local)
            findings_.warning("RFC 5545 §3.8.5.3", line.line, "the rule does not give DTSTART itself", "a DTSTART that the rule gives");
        rule_ = rule;
    }

    void check_exception(LintLine const& line) {
        if (line.value.find(',') != std::string::npos) {
            findings_.warning("F11", line.line, "several dates in one EXDATE", "one EXDATE a line");
            return;
        }
        check_form(line, "F11");
        LintTime const time = lint_time(line);
        if (!rule_ || time.form != start_.form || time.form == Form::broken) return;
        auto const all = expand(*rule_, start_.local).starts;
        if (!std::binary_search(all.begin(), all.end(), time.local))
            findings_.error("F11", line.line, "EXDATE names a time that the rule does not give", "the exact start of the occurrence");
    }

    void check_whole_days(LintLine const& start) {
        bool const said = event_.value("X-MICROSOFT-CDO-ALLDAYEVENT") == "TRUE";
        if (start_.form == Form::date && !said)
            findings_.warning("F12", start.line, "whole days without X-MICROSOFT-CDO-ALLDAYEVENT", "X-MICROSOFT-CDO-ALLDAYEVENT:TRUE");
        if (timed(start_.form) && said) findings_.error("F12", start.line, "a timed event is said to last whole days", "VALUE=DATE, or no X-MICROSOFT-CDO-ALLDAYEVENT");
    }

    LintNode const& event_;
    LintSetting const& setting_;
    Findings& findings_;
    LintTime start_;
    std::optional<RecurrenceRule> rule_;
};

}  // namespace

void lint_times(LintNode const& event, LintSetting const& setting, Findings& findings) { Times(event, setting, findings).check(); }

}  // namespace convoke::calendar
