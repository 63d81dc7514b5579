#include "calendar/content_tree.hpp"

#include "calendar/charset.hpp"
#include "calendar/text_writer.hpp"

namespace convoke::calendar {
namespace {

bool blank(char c) { return c == ' ' || c == '\t'; }
bool name_character(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
}

// A property begins with a name and ';' or ':'; everything else continues what stands before it.
bool begins_property(std::string_view line) {
    std::size_t i = 0;
    while (i < line.size() && name_character(line[i])) ++i;
    return i > 0 && i < line.size() && (line[i] == ':' || line[i] == ';');
}

// BEGIN and END have no text that could go on.
bool is_border(std::string_view line) {
    std::string const start = upper_case(line.substr(0, 6));
    return start == "BEGIN:" || start.starts_with("END:");
}

Failure too_large(std::string what) { return {errc::payload_too_large, "the calendar text has " + std::move(what)}; }

result<std::vector<std::string>> unfolded(std::string_view bytes, ReadLimits const& limits) {
    std::vector<std::string> lines;
    while (!bytes.empty()) {
        std::size_t const end = bytes.find_first_of("\r\n");
        std::string_view const line = bytes.substr(0, end);
        std::size_t skip = line.size();
        if (end != std::string_view::npos) skip += bytes.substr(end).starts_with("\r\n") ? 2 : 1;
        bytes.remove_prefix(skip);
        if (line.empty()) continue;
        bool const folded = blank(line[0]) && !lines.empty();
        bool const broken = !folded && !lines.empty() && !begins_property(line);
        if (broken && is_border(lines.back())) continue;
        if (!folded && !broken) {
            if (lines.size() == limits.lines) return too_large("more than " + std::to_string(limits.lines) + " lines");
            lines.emplace_back(line);
        } else {
            if (broken) lines.back() += "\\n";
            lines.back() += folded ? line.substr(1) : line;
        }
        if (lines.back().size() > limits.line) return too_large("a line of more than " + std::to_string(limits.line) + " octets");
    }
    return lines;
}

std::string decoded_parameter(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        char const next = i + 1 < text.size() ? text[i + 1] : '\0';
        if (text[i] != '^' || (next != 'n' && next != '\'' && next != '^')) {
            out += text[i];
            continue;
        }
        out += next == 'n' ? '\n' : next == '\'' ? '"' : '^';
        ++i;
    }
    return out;
}

// `quotes`: whether a quotation mark protects what follows; not where one is never closed.
std::optional<ContentLine> line_of(std::string_view text, bool quotes) {
    ContentLine out;
    std::size_t i = 0;
    while (i < text.size() && text[i] != ':' && text[i] != ';') ++i;
    out.name = upper_case(text.substr(0, i));
    while (i < text.size() && text[i] == ';') {
        std::size_t const begin = ++i;
        bool quoted = false;
        while (i < text.size() && (quoted || (text[i] != ';' && text[i] != ':'))) {
            if (quotes && text[i] == '"') quoted = !quoted;
            ++i;
        }
        if (quoted) return std::nullopt;
        std::string_view const parameter = text.substr(begin, i - begin);
        auto const equals = parameter.find('=');
        if (equals == std::string_view::npos || out.parameters.size() >= 50) continue;
        std::string_view value = parameter.substr(equals + 1);
        if (value.size() >= 2 && value.front() == '"' && value.back() == '"' && value.find('"', 1) == value.size() - 1)
            value = value.substr(1, value.size() - 2);
        out.parameters.emplace_back(upper_case(parameter.substr(0, equals)), decoded_parameter(value));
    }
    out.value = i < text.size() ? text.substr(i + 1) : std::string_view{};
    return out;
}

struct Building {
    ReadLimits const& limits;
    std::vector<ContentNode> open;  // the root first
    std::size_t components = 0;

    result<void> begin(std::string kind) {
        if (open.size() > limits.depth) return too_large("components nested deeper than " + std::to_string(limits.depth));
        if (++components > limits.components) return too_large("more than " + std::to_string(limits.components) + " components");
        open.push_back({std::move(kind), {}, {}});
        return {};
    }
    void close() {
        ContentNode done = std::move(open.back());
        open.pop_back();
        open.back().children.push_back(std::move(done));
    }
    // An END closes what it names and everything left open inside; one that names nothing open is passed over.
    void end(std::string const& kind) {
        std::size_t found = open.size();
        while (found-- > 1 && open[found].kind != kind) {}
        if (found == 0) return;
        while (open.size() > found) close();
    }
};

}  // namespace

std::string upper_case(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 32);
    return out;
}

std::string trimmed(std::string_view text) {
    while (!text.empty() && blank(text.back())) text.remove_suffix(1);
    while (!text.empty() && blank(text.front())) text.remove_prefix(1);
    return std::string(text);
}

std::string ContentLine::parameter(std::string_view wanted) const {
    for (auto const& [parameter_name, parameter_value] : parameters)
        if (parameter_name == wanted) return parameter_value;
    return {};
}

std::string ContentLine::text() const {
    std::string out;
    for (std::size_t i = 0; i < value.size(); ++i) {
        if (value[i] != '\\' || i + 1 == value.size()) {
            out += value[i];
            continue;
        }
        char const next = value[++i];
        out += next == 'n' || next == 'N' ? '\n' : next;
    }
    return out;
}

result<ContentNode> read_tree(std::string_view bytes, ReadLimits const& limits, std::string_view charset) {
    if (bytes.size() > limits.bytes) return too_large("more than " + std::to_string(limits.bytes) + " octets");
    std::string whole;
    if (!keeps_ascii(charset))
        if (auto text = decoded(bytes, charset); text && text->find("VCALENDAR") != std::string::npos) whole = *std::move(text), bytes = whole;
    if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
    // Folds may stand inside a character: bytes are joined first, read as characters after (R5).
    CONVOKE_TRY(lines, unfolded(bytes, limits));
    Building building{limits, {}, 0};
    building.open.emplace_back();
    for (std::string& raw : lines) {
        std::erase(raw, '\0');
        std::string const text = valid_utf8(raw) ? std::move(raw) : decoded(raw, charset).value_or(from_windows_1252(raw));
        auto line = line_of(text, true);
        if (!line) line = line_of(text, false);
        if (line->name == "BEGIN") {
            CONVOKE_CHECK(building.begin(upper_case(trimmed(line->value))));
        } else if (line->name == "END") {
            building.end(upper_case(trimmed(line->value)));
        } else if (building.open.size() > 1) {
            building.open.back().lines.push_back(std::move(*line));
        }
    }
    while (building.open.size() > 1) building.close();
    return std::move(building.open.front());
}

}  // namespace convoke::calendar
