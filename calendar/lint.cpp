#include "calendar/lint.hpp"

#include "calendar/content_tree.hpp"
#include "calendar/lint_text.hpp"

namespace convoke::calendar {
namespace {

constexpr LintRule rules[] = {
    {"M2", "METHOD is what the mail's Content-Type says"},
    {"M3", "one iCalendar object with one method in a mail; PUBLISH invites nobody"},
    {"M5", "lines end with CRLF and are folded at 75 octets, between characters; nothing stands before BEGIN"},
    {"M9", "the recipient, and nobody else, is the ATTENDEE"},
    {"S1", "one UID for the event's whole life, in plain ASCII, under 200 characters, with our domain"},
    {"S2", "one SEQUENCE, a number up to 2^31-1"},
    {"S3", "one DTSTAMP, in UTC"},
    {"S5", "a REQUEST has DTSTART, DTEND and SUMMARY, and is for an event that takes place"},
    {"S6", "ORGANIZER is a named mailbox without SENT-BY"},
    {"S7", "ATTENDEE has known CUTYPE, ROLE and PARTSTAT, and RSVP in a REQUEST"},
    {"S8", "a CANCEL has DTSTART and SUMMARY, and STATUS:CANCELLED or none"},
    {"S9", "ORGANIZER is the mailbox that reads the answers"},
    {"S10", "a changed date goes alone, named in the form of the series' start"},
    {"S11", "rules are those that Outlook takes"},
    {"S13", "the join link stands where every client shows it, vendors' properties for vendors' links only"},
    {"S14", "DESCRIPTION is plain text"},
    {"S15", "texts are escaped, URIs are URIs, no control characters"},
    {"Z2", "no single time in the hour that clocks skip or repeat"},
    {"Z3", "one VTIMEZONE for each TZID, before its use; UTC is Z"},
    {"Z4", "a TZID is a plain IANA name"},
    {"Z5", "every time has its zone"},
    {"Z6", "at most one STANDARD and one DAYLIGHT, each on one day a year, without UNTIL, BYMONTHDAY beside BYDAY and X- properties"},
    {"Z7", "a zone without clock changes is one STANDARD without a rule"},
    {"Z8", "offsets are whole hours and minutes"},
    {"Z9", "daylight time is ahead of standard time"},
    {"Z10", "an observance's RDATEs are local and repeat its DTSTART"},
    {"F5", "a feed's bytes stay the same while nothing changes"},
    {"F6", "a feed names itself and nobody else"},
    {"F9", "a cancelled event takes up no time"},
    {"F10", "the busy status says what STATUS and TRANSP say"},
    {"F11", "exceptions have the form of DTSTART and name times that the rule gives, one a line"},
    {"F12", "whole days have VALUE=DATE in DTSTART and an exclusive DTEND"},
    {"F13", "a provisional event is a tentative, transparent span of days without alarm, never an invitation"},
    {"F14", "at most one alarm, shown, before the start, with words; none in invitations"},
    {"F15", "a feed is smaller than a megabyte"},
    {"F16", "links lead to https pages"},
    {"RFC 5545 §3.1", "lines are NAME;PARAMETER=value:value in UTF-8"},
    {"RFC 5545 §3.3.5", "times are times in one of the three forms"},
    {"RFC 5545 §3.3.6", "durations are durations"},
    {"RFC 5545 §3.3.10", "rules can be read and end one way"},
    {"RFC 5545 §3.4", "one calendar, components well inside one another"},
    {"RFC 5545 §3.6", "VERSION:2.0, PRODID, at least one event in a message"},
    {"RFC 5545 §3.6.1", "an event has each property as often as it may"},
    {"RFC 5545 §3.6.5", "a VTIMEZONE is whole and gives the instants of the zone it is named after"},
    {"RFC 5545 §3.8.1.11", "STATUS is CONFIRMED, TENTATIVE or CANCELLED"},
    {"RFC 5545 §3.8.2.2", "an event ends after it begins"},
    {"RFC 5545 §3.8.2.7", "TRANSP is OPAQUE or TRANSPARENT"},
    {"RFC 5545 §3.8.5.3", "a rule gives the start itself"},
    {"RFC 5545 §3.8.7", "CREATED and LAST-MODIFIED are in UTC"},
    {"RFC 5546 §3.2.3", "an answer names one ATTENDEE and says yes, no or perhaps"},
};

void lint_head(LintNode const& calendar, Findings& findings) {
    constexpr std::string_view rule = "RFC 5545 §3.6";
    if (calendar.count("VERSION") != 1 || calendar.value("VERSION") != "2.0") findings.error(rule, calendar.line, "the calendar does not say VERSION:2.0 once", "VERSION:2.0");
    if (calendar.count("PRODID") != 1 || calendar.value("PRODID").empty()) findings.error(rule, calendar.line, "the calendar does not say once who made it", "PRODID:-//…");
    if (auto const* scale = calendar.first("CALSCALE"); scale && scale->value != "GREGORIAN")
        findings.error(rule, scale->line, "another calendar than the Gregorian", "leave CALSCALE out");
}

}  // namespace

std::vector<Finding> lint(std::string_view ics, LintContext const& context) {
    Findings findings;
    LintNode const root = read_strictly(ics, findings);
    for (auto const& calendar : root.children) {
        if (calendar.kind != "VCALENDAR") continue;
        LintSetting setting{context, false, upper_case(calendar.value("METHOD"))};
        setting.invitation = context.profile == LintContext::Profile::invitation ||
                             (context.profile == LintContext::Profile::detect && !setting.method.empty() && setting.method != "PUBLISH");
        lint_head(calendar, findings);
        lint_zones(calendar, ics, findings);
        lint_values(calendar, findings);
        lint_message(calendar, setting, findings);
        if (!setting.invitation) lint_feed(calendar, ics, findings);
        for (auto const& event : calendar.children) {
            if (event.kind != "VEVENT") continue;
            lint_times(event, setting, findings);
            lint_words(event, setting, findings);
        }
        break;
    }
    return findings.take();
}

std::string first_error(std::span<Finding const> findings) {
    for (auto const& finding : findings)
        if (finding.severity == Severity::error)
            return finding.rule + ", line " + std::to_string(finding.line) + ": " + finding.problem + "; right would be: " + finding.remedy;
    return {};
}

std::span<LintRule const> lint_rules() { return rules; }

}  // namespace convoke::calendar
