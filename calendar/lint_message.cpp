// Rules about methods, versions and people.
#include "calendar/content_tree.hpp"
#include "calendar/lint_text.hpp"

#include <set>

namespace convoke::calendar {
namespace {

constexpr std::string_view component = "RFC 5545 §3.6.1";

class Message {
public:
    Message(LintNode const& calendar, LintSetting const& setting, Findings& findings) : calendar_(calendar), setting_(setting), findings_(findings) {}

    void check() {
        check_method();
        std::set<std::string_view> uids;
        std::size_t events = 0, masters = 0, instances = 0;
        for (auto const& event : calendar_.children) {
            if (event.kind != "VEVENT") continue;
            ++events;
            check_identity(event);
            if (!setting_.invitation) continue;
            uids.insert(event.value("UID"));
            (event.first("RECURRENCE-ID") ? instances : masters) += 1;
            check_needs(event);
            check_people(event);
            if (setting_.method == "REPLY") check_reply(event);
        }
        if (!setting_.invitation) return;
        if (events == 0) findings_.error("RFC 5545 §3.6", calendar_.line, "a message without an event", "a VEVENT");
        if (uids.size() > 1) findings_.error("S1", calendar_.line, "several UIDs in one message", "one event a message");
        if (setting_.method == "REQUEST" && masters > 0 && instances > 0)
            findings_.warning("S10", calendar_.line, "a series and its changed dates in one message", "the changed date alone, with its RECURRENCE-ID");
    }

private:
    void check_method() {
        auto const* method = calendar_.first("METHOD");
        std::size_t const line = method ? method->line : calendar_.line;
        if (calendar_.count("METHOD") > 1) findings_.error("M3", line, "several METHODs", "one");
        if (!setting_.context.method.empty() && upper_case(setting_.context.method) != setting_.method)
            findings_.error("M2", line, "METHOD is not what the mail's Content-Type says", "the same method in both");
        if (!setting_.invitation) return;
        static std::set<std::string_view> const known = {"REQUEST", "CANCEL", "REPLY", "COUNTER", "DECLINECOUNTER", "REFRESH", "ADD"};
        if (!known.contains(setting_.method)) findings_.error("M3", line, "an invitation without a method that asks or answers", "METHOD:REQUEST or METHOD:CANCEL");
    }

    // UID, DTSTAMP, SEQUENCE, and what may stand once only.
    void check_identity(LintNode const& event) {
        auto const* uid = event.first("UID");
        if (event.count("UID") != 1) findings_.error("S1", event.line, "an event has " + std::to_string(event.count("UID")) + " UIDs", "exactly one, for its whole life");
        else if (uid->value.size() >= 200 || uid->value.find('@') + 1 >= uid->value.size() || uid->value.find('@') == std::string::npos ||
                 uid->value.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789@._-") != std::string::npos)
            findings_.error("S1", uid->line, "a UID that some programs cut or change", "under 200 letters, digits, dots and dashes, an at sign and our domain");
        if (event.count("DTSTAMP") != 1) findings_.error("S3", event.line, "an event has " + std::to_string(event.count("DTSTAMP")) + " DTSTAMPs", "exactly one");
        else if (lint_time(*event.first("DTSTAMP")).form != LintTime::Form::utc)
            findings_.error("S3", event.first("DTSTAMP")->line, "DTSTAMP is not in UTC", "DTSTAMP:20260201T123100Z");
        auto const* sequence = event.first("SEQUENCE");
        if (event.count("SEQUENCE") != 1)
            findings_.error("S2", event.line, "an event has " + std::to_string(event.count("SEQUENCE")) + " SEQUENCEs", "exactly one");
        else if (sequence->value.empty() || sequence->value.size() > 10 || sequence->value.find_first_not_of("0123456789") != std::string::npos ||
                 (sequence->value.size() == 10 && sequence->value > "2147483647"))
            findings_.error("S2", sequence->line, "SEQUENCE is no number from 0 to 2147483647", "SEQUENCE:0");
        for (std::string_view name : {"DTSTART", "DTEND", "DURATION", "RECURRENCE-ID", "STATUS", "TRANSP", "URL", "DESCRIPTION", "LOCATION", "SUMMARY",
                                      "CREATED", "LAST-MODIFIED", "GEO", "ORGANIZER", "CLASS", "PRIORITY"})
            if (event.count(name) > 1) findings_.error(component, event.first(name)->line, "an event has several " + std::string(name), "at most one");
        if (event.first("DTEND") && event.first("DURATION")) findings_.error(component, event.first("DURATION")->line, "an event has DTEND and DURATION", "one of them");
        for (std::string_view name : {"CREATED", "LAST-MODIFIED"})
            if (auto const* line = event.first(name); line && lint_time(*line).form != LintTime::Form::utc)
                findings_.error("RFC 5545 §3.8.7", line->line, std::string(name) + " is not in UTC", "with Z");
        if (setting_.invitation) return;
        for (std::string_view name : {"DTSTART", "SUMMARY"})
            if (!event.first(name)) findings_.error(component, event.line, "an event without " + std::string(name), "add it");
    }

    void check_needs(LintNode const& event) {
        bool const cancel = setting_.method == "CANCEL", request = setting_.method == "REQUEST";
        if (!request && !cancel) return;
        std::string_view const rule = cancel ? "S8" : "S5";
        for (std::string_view name : {"DTSTART", "SUMMARY"})
            if (!event.first(name)) findings_.error(rule, event.line, "a message without " + std::string(name), "add it");
        if (request && !event.first("DTEND") && !event.first("DURATION")) findings_.error(rule, event.line, "an invitation without DTEND", "add it");
        auto const status = event.value("STATUS");
        if (request && status == "CANCELLED") findings_.error("S5", event.first("STATUS")->line, "an invitation to a cancelled event", "METHOD:CANCEL");
        if (cancel && !status.empty() && status != "CANCELLED")
            findings_.error("S8", event.first("STATUS")->line, "a cancellation with another STATUS", "STATUS:CANCELLED, or none for one person");
    }

    void check_people(LintNode const& event) {
        auto const* organizer = event.first("ORGANIZER");
        bool const ours = setting_.method == "REQUEST" || setting_.method == "CANCEL";
        if (!organizer && ours) findings_.error("S6", event.line, "a message without ORGANIZER", "the mailbox that reads the answers");
        if (organizer) check_organizer(*organizer);
        std::size_t attendees = 0;
        bool recipient = setting_.context.recipient.empty();
        for (auto const& line : event.lines) {
            if (line.name != "ATTENDEE") continue;
            ++attendees;
            check_attendee(line);
            if (organizer && same_address(organizer->value, line.value))
                findings_.warning("M9", line.line, "the ORGANIZER is an ATTENDEE too", "the organiser is not invited: clients offer no buttons");
            if (setting_.context.recipient.empty()) continue;
            if (same_address(line.value, setting_.context.recipient)) recipient = true;
            else findings_.error("M9", line.line, "another person's address in the mail", "the recipient as the only ATTENDEE");
        }
        if (ours && (attendees == 0 || !recipient)) findings_.error("M9", event.line, "the recipient is no ATTENDEE", "the recipient as ATTENDEE: clients offer no buttons otherwise");
    }

    void check_organizer(LintLine const& line) {
        if (!upper_case(line.value.substr(0, 7)).starts_with("MAILTO:")) findings_.error("S6", line.line, "ORGANIZER is no mail address", "mailto:…");
        if (!line.parameter("SENT-BY").empty()) findings_.error("S6", line.line, "ORGANIZER has SENT-BY", "leave it out");
        if (line.parameter("CN").empty()) findings_.warning("S6", line.line, "ORGANIZER has no name", "CN=\"…\"");
        if (!setting_.context.organizer.empty() && !same_address(line.value, setting_.context.organizer))
            findings_.error("S9", line.line, "answers would go to another mailbox", "ORGANIZER is the mailbox that reads the answers");
    }

    void check_attendee(LintLine const& line) {
        auto const has = [&](std::string_view name, std::initializer_list<std::string_view> values) {
            auto const value = line.parameter(name);
            if (!value.empty() && std::find(values.begin(), values.end(), value) == values.end())
                findings_.error("S7", line.line, "ATTENDEE has a " + std::string(name) + " that it cannot have", std::string(name) + "=" + std::string(*values.begin()));
        };
        if (!upper_case(line.value.substr(0, 7)).starts_with("MAILTO:")) findings_.error("S7", line.line, "ATTENDEE is no mail address", "mailto:…");
        has("CUTYPE", {"INDIVIDUAL", "GROUP", "RESOURCE", "ROOM", "UNKNOWN"});
        has("ROLE", {"REQ-PARTICIPANT", "OPT-PARTICIPANT", "NON-PARTICIPANT", "CHAIR"});
        has("PARTSTAT", {"NEEDS-ACTION", "ACCEPTED", "DECLINED", "TENTATIVE", "DELEGATED"});
        has("RSVP", {"TRUE", "FALSE"});
        if (setting_.method == "REQUEST" && line.parameter("RSVP").empty())
            findings_.error("S7", line.line, "ATTENDEE has no RSVP", "RSVP=TRUE: clients offer no buttons otherwise");
    }

    void check_reply(LintNode const& event) {
        constexpr std::string_view rule = "RFC 5546 §3.2.3";
        if (event.count("ATTENDEE") != 1) findings_.error(rule, event.line, "an answer by " + std::to_string(event.count("ATTENDEE")) + " people", "exactly one ATTENDEE");
        else if (event.first("ATTENDEE")->parameter("PARTSTAT").empty())
            findings_.error(rule, event.first("ATTENDEE")->line, "an answer that says neither yes nor no", "PARTSTAT=ACCEPTED");
        if (!event.first("ORGANIZER")) findings_.warning(rule, event.line, "an answer without ORGANIZER", "the ORGANIZER of the invitation");
    }

    LintNode const& calendar_;
    LintSetting const& setting_;
    Findings& findings_;
};

}  // namespace

void lint_message(LintNode const& calendar, LintSetting const& setting, Findings& findings) { Message(calendar, setting, findings).check(); }

void lint_feed(LintNode const& calendar, std::string_view ics, Findings& findings) {
    for (std::string_view name : {"NAME", "X-WR-CALNAME", "REFRESH-INTERVAL", "X-PUBLISHED-TTL"})
        if (!calendar.first(name)) findings.warning("F6", calendar.line, "the feed has no " + std::string(name), "the calendar's name and PT1H");
    if (ics.size() > 1'000'000) findings.warning("F15", 0, "the feed is larger than a megabyte", "three months back, eighteen forward");
    std::string_view last_uid;
    for (auto const& event : calendar.children) {
        if (event.kind != "VEVENT") continue;
        for (std::string_view name : {"ORGANIZER", "ATTENDEE"})
            if (auto const* line = event.first(name)) findings.error("F6", line->line, "a feed names " + std::string(name), "no people in feeds");
        auto const stamp = event.value("DTSTAMP"), modified = event.value("LAST-MODIFIED");
        if (!modified.empty() && !stamp.empty() && stamp != modified)
            findings.warning("F5", event.first("DTSTAMP")->line, "DTSTAMP is not LAST-MODIFIED: bytes change without a change", "the same instant in both");
        auto const uid = event.value("UID");
        if (uid < last_uid) findings.warning("F5", event.line, "events are not in the order of their UIDs", "a fixed order, so that bytes stay the same");
        last_uid = uid;
    }
}

}  // namespace convoke::calendar
