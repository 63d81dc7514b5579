// Says what other programs would take amiss in a calendar text: the gate before anything is sent, `convoke lint`, and the
// tests' friend. Reads the text as bytes, strictly, with none of the writer's functions. Any thread; pure; time and memory
// linear in the input, which is read up to 32 MiB.
//
// Rules are named as in the interoperability notes (M mail, S content of messages, Z zones, F feeds) or by RFC paragraph;
// lint_rules() lists them all.
#pragma once

#include "calendar/schedule.hpp"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::calendar {

struct LintContext {
    enum class Profile {
        detect,      // a METHOD other than PUBLISH makes an invitation
        invitation,  // METHOD:REQUEST, CANCEL, REPLY and the other messages of RFC 5546
        feed,        // what is subscribed to or downloaded
    } profile = Profile::detect;
    // What the mail around it says; "" where there is none.
    std::string method;     // the Content-Type's method parameter
    std::string recipient;  // who must be the ATTENDEE
    std::string organizer;  // the mailbox that reads the answers
};

enum class Severity {
    error,    // some program shows a wrong hour, drops the entry or takes an attacker's line: must not be sent
    warning,  // some program shows less than it could
};

struct Finding {
    std::string rule;      // "S7", "RFC 5545 §3.1"
    Severity severity = Severity::error;
    std::size_t line = 0;  // in the text as it is, from 1; 0: the whole
    std::string problem;   // names properties and zones, never people or their words: it may be logged
    std::string remedy;    // what would be right
};

// In the order of lines. At most 200.
std::vector<Finding> lint(std::string_view ics, LintContext const& context = {});

// The first error, as one sentence for a log or an outbox; "" when nothing keeps the text from being sent.
std::string first_error(std::span<Finding const> findings);

struct LintRule {
    std::string_view rule, says;
};
std::span<LintRule const> lint_rules();

}  // namespace convoke::calendar
