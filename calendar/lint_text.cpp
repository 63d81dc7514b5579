#include "calendar/lint_text.hpp"

#include "calendar/embedded_zone.hpp"

namespace convoke::calendar {
namespace {

constexpr std::size_t most_findings = 200, deepest = 5, largest = 32u << 20;

bool continues_character(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }
bool control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

// RFC 3629, told from the writer's own check by being written apart from it.
bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const first = static_cast<unsigned char>(text[i]);
        std::size_t const more = first < 0x80 ? 0 : first >= 0xC2 && first < 0xE0 ? 1 : (first & 0xF0) == 0xE0 ? 2 : first >= 0xF0 && first < 0xF5 ? 3 : 4;
        if (more == 4 || i + more >= text.size()) return false;
        unsigned code = more == 0 ? first : first & (0x3Fu >> more);
        for (std::size_t k = 1; k <= more; ++k) {
            if (!continues_character(text[i + k])) return false;
            code = code << 6 | (static_cast<unsigned char>(text[i + k]) & 0x3F);
        }
        if ((more == 2 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) || (more == 3 && (code < 0x10000 || code > 0x10FFFF))) return false;
        i += more + 1;
    }
    return true;
}

struct Unfolded {
    std::size_t line;
    std::string text;
};

class Lines {
public:
    Lines(std::string_view ics, Findings& findings) : rest_(ics), findings_(findings) {
        if (rest_.starts_with("\xEF\xBB\xBF")) {
            findings_.error("M5", 1, "a byte order mark stands before BEGIN", "begin with BEGIN:VCALENDAR");
            rest_.remove_prefix(3);
        }
        auto const first = std::min(rest_.find_first_not_of(" \t"), rest_.size());
        if (first > 0) findings_.error("M5", 1, "a blank stands before BEGIN", "begin with BEGIN:VCALENDAR");
        rest_.remove_prefix(first);
    }

    // Unfolded lines one by one; false at the end.
    bool next(Unfolded& out) {
        if (!ahead_ && !physical(ahead_line_, ahead_text_)) return false;
        out = {ahead_line_, std::string(ahead_text_)};
        ahead_ = false;
        while (physical(ahead_line_, ahead_text_)) {
            bool const fold = !ahead_text_.empty() && (ahead_text_[0] == ' ' || ahead_text_[0] == '\t');
            if (!fold) {
                ahead_ = true;
                break;
            }
            if (ahead_text_.size() > 1 && continues_character(ahead_text_[1]))
                findings_.error("M5", ahead_line_, "a fold inside a character", "fold between characters");
            out.text += ahead_text_.substr(1);
        }
        return true;
    }

private:
    bool physical(std::size_t& number, std::string_view& text) {
        if (rest_.empty()) return false;
        number = ++count_;
        std::size_t const end = rest_.find_first_of("\r\n");
        text = rest_.substr(0, end);
        std::size_t skip = text.size();
        if (end == std::string_view::npos) {
            findings_.error("M5", number, "the last line does not end", "end every line with CRLF");
        } else if (rest_.substr(end).starts_with("\r\n")) {
            skip += 2;
        } else {
            skip += 1;
            if (!bare_told_) findings_.error("M5", number, "a line ends with a bare line feed or carriage return", "end every line with CRLF");
            bare_told_ = true;
        }
        rest_.remove_prefix(skip);
        if (text.size() > 75)
            findings_.error("M5", number, "a line of " + std::to_string(text.size()) + " octets", "fold at 75 octets");
        if (text.empty()) findings_.error("M5", number, "an empty line", "leave no line empty");
        return true;
    }

    std::string_view rest_;
    Findings& findings_;
    std::size_t count_ = 0;
    bool bare_told_ = false, ahead_ = false;
    std::size_t ahead_line_ = 0;
    std::string_view ahead_text_;
};

bool is_name(std::string_view text) {
    if (text.empty()) return false;
    for (char c : text)
        if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-')) return false;
    return true;
}

// name *(";" param) ":" value (§3.1)
std::optional<LintLine> parse(Unfolded const& in, Findings& findings) {
    auto const wrong = [&](char const* what) {
        findings.error("RFC 5545 §3.1", in.line, what, "a line is NAME;PARAMETER=value:value");
        return std::nullopt;
    };
    LintLine out;
    out.line = in.line;
    std::string_view const text = in.text;
    std::size_t at = text.find_first_of(":;");
    if (at == std::string_view::npos || !is_name(text.substr(0, at))) return wrong("a line has no property name");
    out.name = text.substr(0, at);
    while (text[at] == ';') {
        std::size_t const begin = ++at;
        bool quoted = false;
        while (at < text.size() && (quoted || (text[at] != ';' && text[at] != ':'))) quoted ^= text[at++] == '"';
        if (at == text.size()) return wrong(quoted ? "a quotation mark is not closed" : "a property has no value");
        std::string_view const parameter = text.substr(begin, at - begin);
        auto const equals = parameter.find('=');
        if (equals == std::string_view::npos || !is_name(parameter.substr(0, equals))) return wrong("a parameter has no name");
        std::string value(parameter.substr(equals + 1));
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"' && value.find('"', 1) == value.size() - 1)
            value = value.substr(1, value.size() - 2);
        else if (std::count(value.begin(), value.end(), '"') % 2 != 0) return wrong("a quotation mark inside a parameter");
        out.parameters.emplace_back(parameter.substr(0, equals), std::move(value));
    }
    out.value = text.substr(at + 1);
    return out;
}

}  // namespace

void Findings::add(std::string_view rule, Severity severity, std::size_t line, std::string problem, std::string remedy) {
    // Errors are what the gate looks for: warnings never take the last places.
    if (all_.size() >= most_findings || (severity == Severity::warning && all_.size() >= most_findings / 2)) return;
    all_.push_back({std::string(rule), severity, line, std::move(problem), std::move(remedy)});
}

std::vector<Finding> Findings::take() {
    // A few hundred at most: insertion keeps those of one line in the order in which they were found.
    std::vector<Finding> sorted;
    for (Finding& finding : all_) {
        auto const place = std::upper_bound(sorted.begin(), sorted.end(), finding.line,
                                            [](std::size_t line, Finding const& other) { return line < other.line; });
        sorted.insert(place, std::move(finding));
    }
    all_.clear();
    return sorted;
}

std::string_view LintLine::parameter(std::string_view wanted) const {
    for (auto const& [parameter_name, parameter_value] : parameters)
        if (parameter_name == wanted) return parameter_value;
    return {};
}

std::size_t LintNode::count(std::string_view name) const {
    return static_cast<std::size_t>(std::count_if(lines.begin(), lines.end(), [&](LintLine const& l) { return l.name == name; }));
}

LintLine const* LintNode::first(std::string_view name) const {
    for (auto const& each : lines)
        if (each.name == name) return &each;
    return nullptr;
}

std::string_view LintNode::value(std::string_view name) const {
    auto const* found = first(name);
    return found ? std::string_view(found->value) : std::string_view{};
}

LintNode read_strictly(std::string_view ics, Findings& findings) {
    constexpr std::string_view structure = "RFC 5545 §3.4";
    if (ics.size() > largest) {
        findings.error(structure, 0, "the text is larger than 32 MiB", "a calendar of a few hundred kilobytes");
        return {};
    }
    std::vector<LintNode> open(1);
    Lines lines(ics, findings);
    std::size_t too_deep = 0;
    for (Unfolded raw; lines.next(raw);) {
        if (raw.text.empty()) continue;
        if (std::any_of(raw.text.begin(), raw.text.end(), [](char c) { return control(c) && c != '\t'; }))
            findings.error("S15", raw.line, "a control character", "control characters become blanks");
        if (!is_utf8(raw.text)) findings.error("RFC 5545 §3.1", raw.line, "octets that are not UTF-8", "calendars are UTF-8");
        auto line = parse(raw, findings);
        if (!line) continue;
        if (line->name == "BEGIN") {
            bool const outermost = open.size() == 1;
            if (outermost != (line->value == "VCALENDAR"))
                findings.error(structure, raw.line, "a component stands at a wrong place", "one VCALENDAR holds all others");
            else if (outermost && !open.front().children.empty())
                findings.error("M3", raw.line, "a second calendar in one text", "one iCalendar object, one method");
            if (open.size() > deepest) {
                if (++too_deep == 1)
                    findings.error(structure, raw.line, "components too deep in one another", "an alarm in an event in a calendar");
                continue;
            }
            open.push_back({line->value, raw.line, {}, {}});
        } else if (line->name == "END") {
            if (too_deep > 0) {
                --too_deep;
            } else if (open.size() == 1 || open.back().kind != line->value) {
                findings.error(structure, raw.line, "an END without its BEGIN", "every component ends where it began");
            } else {
                LintNode done = std::move(open.back());
                open.pop_back();
                open.back().children.push_back(std::move(done));
            }
        } else if (open.size() == 1) {
            findings.error(structure, raw.line, "a property outside the calendar", "everything between BEGIN:VCALENDAR and END:VCALENDAR");
        } else if (too_deep == 0) {
            open.back().lines.push_back(std::move(*line));
        }
    }
    if (too_deep > 0 || open.size() > 1)
        findings.error(structure, open.back().line, "a component does not end", "every component ends where it began");
    while (open.size() > 1) {
        LintNode done = std::move(open.back());
        open.pop_back();
        open.back().children.push_back(std::move(done));
    }
    if (open.front().children.empty()) findings.error(structure, 0, "there is no calendar in the text", "BEGIN:VCALENDAR … END:VCALENDAR");
    return std::move(open.front());
}

std::optional<sys_seconds> LintTime::instant() const {
    if (form == Form::utc) return sys_seconds{local.time_since_epoch()};
    if (form != Form::zoned || !zone_exists(tzid)) return std::nullopt;
    auto const read = read_local(local, tzid);
    return read ? std::optional(read->instant) : std::nullopt;
}

LintTime lint_time(LintLine const& line) {
    LintTime out;
    out.tzid = line.parameter("TZID");
    std::string_view value = line.value;
    bool const utc = value.ends_with('Z');
    if (utc) value.remove_suffix(1);
    auto const local = parse_stamp(value);
    bool const date = line.parameter("VALUE") == "DATE";
    if (!local || date != (value.size() == 8) || (utc && (date || !out.tzid.empty())) || (date && !out.tzid.empty())) return out;
    out.local = *local;
    out.form = date ? LintTime::Form::date : utc ? LintTime::Form::utc : out.tzid.empty() ? LintTime::Form::floating : LintTime::Form::zoned;
    return out;
}

}  // namespace convoke::calendar
