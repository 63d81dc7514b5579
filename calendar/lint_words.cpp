// Rules about texts, links and the standing of one event.
#include "calendar/ascii.hpp"
#include "calendar/content_tree.hpp"
#include "calendar/lint_text.hpp"

#include <array>

namespace convoke::calendar {
namespace {

constexpr std::array<std::string_view, 11> texts = {"SUMMARY", "DESCRIPTION", "LOCATION", "COMMENT", "CONTACT", "NAME", "X-WR-CALNAME", "X-WR-CALDESC",
                                                    "UID", "PRODID", "TZNAME"};
constexpr std::array<std::string_view, 6> links = {"URL", "CONFERENCE", "IMAGE", "SOURCE", "X-GOOGLE-CONFERENCE", "X-MICROSOFT-SKYPETEAMSMEETINGURL"};

template <class List>
bool among(List const& list, std::string_view name) {
    return std::find(list.begin(), list.end(), name) != list.end();
}

std::string unescaped(std::string_view value) {
    ContentLine line;
    line.value = value;
    return line.text();
}

// "https://meet.example"
std::string_view host_of(std::string_view uri) {
    auto const slashes = uri.find("://");
    return slashes == std::string_view::npos ? uri : uri.substr(0, uri.find_first_of("/?#", slashes + 3));
}

void lint_text(LintLine const& line, Findings& findings) {
    for (std::size_t i = 0; i < line.value.size(); ++i) {
        char const c = line.value[i];
        bool const escape = c == '\\';
        bool const known = escape && i + 1 < line.value.size() && std::string_view("\\;,nN").find(line.value[i + 1]) != std::string_view::npos;
        if ((escape && !known) || c == ';' || c == ',') {
            findings.error("S15", line.line, line.name + " has an unescaped comma, semicolon or backslash", "\\, \\; \\\\ and \\n");
            return;
        }
        if (escape) ++i;
    }
}

void lint_link(LintLine const& line, Findings& findings) {
    for (char c : line.value)
        if (static_cast<unsigned char>(c) <= 0x20 || c == 0x7f || static_cast<unsigned char>(c) >= 0x80 || std::string_view("\"<>\\^`{|}").find(c) != std::string_view::npos) {
            findings.error("S15", line.line, line.name + " holds a character that no URI holds", "percent-encode it");
            return;
        }
    std::string const start = ascii_lower(line.value.substr(0, 32));
    if (start.starts_with("https:") || start.starts_with("mailto:") || start.starts_with("tel:")) return;
    if (start.starts_with("http://localhost") || start.starts_with("http://127.") || start.starts_with("http://[::1]")) return;
    bool const scheme = !start.empty() && start.find(':') != std::string::npos && start.find(':') < start.find_first_of("/?#.");
    bool const runs = start.starts_with("javascript:") || start.starts_with("data:") || start.starts_with("vbscript:") || start.starts_with("file:");
    if (scheme && !runs) findings.warning("F16", line.line, line.name + " is no https address", "https");
    else findings.error("F16", line.line, line.name + " leads to something else than a page", "an https address");
}

void lint_conference(LintNode const& event, LintLine const& line, Findings& findings) {
    if (line.parameter("VALUE") != "URI") findings.error("S13", line.line, "CONFERENCE without VALUE=URI", "CONFERENCE;VALUE=URI;FEATURE=VIDEO:https://…");
    auto const host = host_of(line.value);
    bool shown = false;
    for (std::string_view name : {"DESCRIPTION", "LOCATION", "URL"}) shown |= unescaped(event.value(name)).find(host) != std::string::npos;
    if (!shown) findings.warning("S13", line.line, "the join link stands in CONFERENCE alone", "in DESCRIPTION's first line and in LOCATION too");
}

void lint_join_links(LintNode const& event, Findings& findings) {
    for (auto const& line : event.lines) {
        std::string const host = ascii_lower(host_of(line.value));
        if (line.name == "CONFERENCE") lint_conference(event, line, findings);
        if (line.name == "X-GOOGLE-CONFERENCE" && host != "https://meet.google.com")
            findings.error("S13", line.line, "X-GOOGLE-CONFERENCE for another product's link", "only for https://meet.google.com/…");
        bool const teams = host == "https://teams.microsoft.com" || host == "https://teams.live.com";
        if (line.name == "X-MICROSOFT-SKYPETEAMSMEETINGURL" && !teams)
            findings.error("S13", line.line, "X-MICROSOFT-SKYPETEAMSMEETINGURL for another product's link", "only for https://teams.microsoft.com/…");
    }
}

void lint_standing(LintNode const& event, Findings& findings) {
    auto const status = event.value("STATUS"), transp = event.value("TRANSP"), busy = event.value("X-MICROSOFT-CDO-BUSYSTATUS");
    bool const free = transp == "TRANSPARENT";
    auto const known = [&](std::string_view name, std::string_view value, std::initializer_list<std::string_view> values, std::string_view rule) {
        if (event.first(name) && std::find(values.begin(), values.end(), value) == values.end())
            findings.error(rule, event.first(name)->line, std::string(name) + " has a value that it cannot have", std::string(*values.begin()));
    };
    known("STATUS", status, {"CONFIRMED", "TENTATIVE", "CANCELLED"}, "RFC 5545 §3.8.1.11");
    known("TRANSP", transp, {"OPAQUE", "TRANSPARENT"}, "RFC 5545 §3.8.2.7");
    if (status == "CANCELLED" && !free)
        findings.warning("F9", event.first("STATUS")->line, "a cancelled event still takes up time", "TRANSP:TRANSPARENT");
    bool const right = free ? busy == "FREE" : status == "TENTATIVE" ? busy == "TENTATIVE" : busy != "FREE";
    if (!busy.empty() && !right)
        findings.warning("F10", event.first("X-MICROSOFT-CDO-BUSYSTATUS")->line, "the busy status says otherwise than STATUS and TRANSP", "FREE, TENTATIVE or BUSY as they say");
}

void lint_provisional(LintNode const& event, LintSetting const& setting, Findings& findings) {
    auto const* categories = event.first("CATEGORIES");
    if (!categories || ("," + categories->value + ",").find(",PROVISIONAL,") == std::string::npos) return;
    auto const wrong = [&](char const* problem, char const* remedy) { findings.error("F13", categories->line, problem, remedy); };
    if (setting.invitation) return wrong("a provisional event is sent as an invitation", "a plain mail until its hour is known");
    auto const* start = event.first("DTSTART");
    if (start && lint_time(*start).form != LintTime::Form::date) wrong("a provisional event has an hour", "whole days over its window");
    if (event.value("STATUS") == "CONFIRMED") wrong("a provisional event is said to be certain", "STATUS:TENTATIVE");
    if (event.value("TRANSP") != "TRANSPARENT") wrong("a provisional event takes up time", "TRANSP:TRANSPARENT");
    if (!event.children.empty()) wrong("a provisional event has an alarm", "no alarm until its hour is known");
}

void lint_alarms(LintNode const& event, LintSetting const& setting, Findings& findings) {
    std::size_t alarms = 0;
    for (auto const& alarm : event.children) {
        if (alarm.kind != "VALARM") continue;
        auto const wrong = [&](char const* problem, char const* remedy) { findings.warning("F14", alarm.line, problem, remedy); };
        if (++alarms > 1) wrong("several alarms", "one");
        if (setting.invitation) wrong("an invitation brings an alarm", "leave alarms to the people invited");
        else if (alarm.value("ACTION") != "DISPLAY") wrong("an alarm does something else than show itself", "ACTION:DISPLAY");
        else if (!alarm.first("DESCRIPTION")) wrong("an alarm without words", "DESCRIPTION");
        auto trigger = alarm.value("TRIGGER");
        if (trigger.starts_with('-')) trigger.remove_prefix(1);
        if (!parse_duration(trigger)) wrong("an alarm whose time is not an offset", "TRIGGER:-PT15M");
        else if (!alarm.value("TRIGGER").starts_with('-')) wrong("an alarm after the start", "TRIGGER:-PT15M");
    }
}

}  // namespace

void lint_values(LintNode const& node, Findings& findings) {
    for (auto const& line : node.lines) {
        if (among(texts, line.name)) lint_text(line, findings);
        else if (among(links, line.name)) lint_link(line, findings);
    }
    for (auto const& child : node.children) lint_values(child, findings);
}

void lint_words(LintNode const& event, LintSetting const& setting, Findings& findings) {
    if (auto const* description = event.first("DESCRIPTION")) {
        std::string const text = ascii_lower(description->value);
        for (std::string_view mark : {"<br", "<p>", "</", "<a href", "<div"})
            if (text.find(mark) != std::string::npos) {
                findings.warning("S14", description->line, "HTML in DESCRIPTION", "plain text");
                break;
            }
    }
    lint_join_links(event, findings);
    lint_standing(event, findings);
    lint_provisional(event, setting, findings);
    lint_alarms(event, setting, findings);
}

}  // namespace convoke::calendar
