// A calendar text taken apart strictly, with the line each thing stands on. Inside this room, for lint.hpp.
#pragma once

#include "calendar/lint.hpp"

namespace convoke::calendar {

class Findings {
public:
    void error(std::string_view rule, std::size_t line, std::string problem, std::string remedy) {
        add(rule, Severity::error, line, std::move(problem), std::move(remedy));
    }
    void warning(std::string_view rule, std::size_t line, std::string problem, std::string remedy) {
        add(rule, Severity::warning, line, std::move(problem), std::move(remedy));
    }
    std::vector<Finding> take();

private:
    void add(std::string_view rule, Severity severity, std::size_t line, std::string problem, std::string remedy);
    std::vector<Finding> all_;
};

struct LintLine {
    std::size_t line = 0;
    std::string name;                                              // as written
    std::vector<std::pair<std::string, std::string>> parameters;   // quotes removed, RFC 6868 left as it is
    std::string value;

    std::string_view parameter(std::string_view wanted) const;     // "" = none
};

struct LintNode {
    std::string kind;
    std::size_t line = 0;
    std::vector<LintLine> lines;
    std::vector<LintNode> children;

    std::size_t count(std::string_view name) const;
    LintLine const* first(std::string_view name) const;
    std::string_view value(std::string_view name) const;           // of the first; "" = none
};

// M5, S15, RFC 5545 §3.1 and §3.4: form of the lines and nesting. The root holds what stands outermost.
LintNode read_strictly(std::string_view ics, Findings& findings);

// A DATE or DATE-TIME value.
struct LintTime {
    enum class Form { date, utc, zoned, floating, broken } form = Form::broken;
    local_seconds local;
    std::string tzid;
    std::optional<sys_seconds> instant() const;  // utc, and zoned in a zone that exists
};
LintTime lint_time(LintLine const& line);

// What the parts of the linter know of the whole.
struct LintSetting {
    LintContext const& context;
    bool invitation = false;
    std::string method;  // upper case
};

// Z3–Z10, RFC 5545 §3.6.5: each VTIMEZONE for itself, and whether it says what its zone's name says for the times in use.
void lint_zones(LintNode const& calendar, std::string_view ics, Findings& findings);
// Times of one VEVENT, its rule and exceptions: Z2, Z3, Z5, S10, S11, F11, F12, RFC 5545 §3.3 and §3.8.
void lint_times(LintNode const& event, LintSetting const& setting, Findings& findings);
// Texts, links and standing of one VEVENT: S13–S15, F9, F10, F13, F14, F16.
void lint_words(LintNode const& event, LintSetting const& setting, Findings& findings);
// TEXT and URI values of any component: S15, F16.
void lint_values(LintNode const& node, Findings& findings);
// Method, versions and people: M2, M3, M9, S1–S3, S5–S10, RFC 5546.
void lint_message(LintNode const& calendar, LintSetting const& setting, Findings& findings);
// F5, F6, F15.
void lint_feed(LintNode const& calendar, std::string_view ics, Findings& findings);

}  // namespace convoke::calendar
