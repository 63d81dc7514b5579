#include "notifications/rendering/template_source.hpp"

#include <algorithm>
#include <stdexcept>

namespace convoke::rendering {
namespace {

constexpr std::string_view message_begin = "{{#t}}", message_end = "{{/t}}";
constexpr int deepest = 16;

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n'; }

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && is_space(text.front())) text.remove_prefix(1);
    while (!text.empty() && is_space(text.back())) text.remove_suffix(1);
    return text;
}

// What the catalogue knows the message by: one line, single spaces.
std::string msgid_of(std::string_view text) {
    std::string out;
    for (char c : trimmed(text)) {
        if (!is_space(c)) {
            out += c;
        } else if (out.back() != ' ') {
            out += ' ';
        }
    }
    return out;
}

// "layouts/page.html" from a leading "{{! layout: layouts/page.html }}", which is taken off the text.
std::string take_layout(std::string_view& text) {
    constexpr std::string_view opening = "{{! layout:";
    if (!text.starts_with(opening)) return {};
    const auto end = text.find("}}");
    if (end == std::string_view::npos) return {};
    std::string layout(trimmed(text.substr(opening.size(), end - opening.size())));
    text.remove_prefix(end + 2);
    if (text.starts_with("\r\n")) text.remove_prefix(2);
    else if (text.starts_with("\n")) text.remove_prefix(1);
    return layout;
}

// A tag that stands alone on its line takes the line's end with it (mustache's "standalone" rule). True if it did.
bool skip_own_line_end(std::string_view text, std::size_t tag, std::size_t& after) {
    std::size_t before = tag;
    while (before > 0 && (text[before - 1] == ' ' || text[before - 1] == '\t')) --before;
    if (before > 0 && text[before - 1] != '\n') return false;
    std::size_t end = after;
    while (end < text.size() && (text[end] == ' ' || text[end] == '\t' || text[end] == '\r')) ++end;
    if (end < text.size() && text[end] != '\n') return false;
    after = std::min(end + 1, text.size());
    return true;
}

// kainjow leaves the empty line of a section that is false, and eats a blank line that follows one that is true. So
// the lines of section tags and comments are taken away here, and `line_guard` behind each tag keeps the engine from
// doing anything of its own; it is removed from what is rendered.
std::string with_own_lines(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (true) {
        const auto tag = text.find("{{", at);
        if (tag == std::string_view::npos || tag + 2 >= text.size()) break;
        const auto end = text.find("}}", tag);
        if (end == std::string_view::npos) break;
        const char kind = text[tag + 2];
        const bool section = kind == '#' || kind == '^' || kind == '/';
        auto after = end + 2;
        const bool alone = (section || kind == '!') && skip_own_line_end(text, tag, after);
        out.append(text.substr(at, tag - at));
        if (alone) {
            while (!out.empty() && (out.back() == ' ' || out.back() == '\t')) out.pop_back();
        }
        if (kind != '!') out.append(text.substr(tag, end + 2 - tag));
        if (section) out += line_guard;
        at = after;
    }
    out.append(text.substr(at));
    return out;
}

std::string with_partials(std::string_view text, std::string_view content, Expansion const& expansion, int depth) {
    if (depth > deepest) throw std::runtime_error("template partials nest deeper than 16: one includes itself");
    std::string out;
    std::size_t at = 0;
    while (true) {
        const auto tag = text.find("{{>", at);
        if (tag == std::string_view::npos) break;
        const auto end = text.find("}}", tag);
        if (end == std::string_view::npos) throw std::runtime_error("template has a partial without end");
        out.append(text.substr(at, tag - at));
        const auto name = trimmed(text.substr(tag + 3, end - tag - 3));
        at = end + 2;
        skip_own_line_end(text, tag, at);
        if (name == "content") {
            out.append(content);
        } else {
            out.append(with_partials(expansion.source(name), content, expansion, depth + 1));
        }
    }
    out.append(text.substr(at));
    return out;
}

template <class Each>
std::string replace_messages(std::string_view text, Each each) {
    std::string out;
    std::size_t at = 0;
    while (true) {
        const auto begin = text.find(message_begin, at);
        if (begin == std::string_view::npos) break;
        const auto inside = begin + message_begin.size();
        const auto end = text.find(message_end, inside);
        if (end == std::string_view::npos) throw std::runtime_error("template has {{#t}} without {{/t}}");
        out.append(text.substr(at, begin - at));
        out.append(each(msgid_of(text.substr(inside, end - inside))));
        at = end + message_end.size();
    }
    out.append(text.substr(at));
    return out;
}

}  // namespace

std::string expand(std::string_view name, Expansion const& expansion) {
    std::string_view text = expansion.source(name);
    std::string whole;
    try {
        auto layout = take_layout(text);
        whole = with_partials(text, {}, expansion, 0);
        for (int depth = 0; !layout.empty(); ++depth) {
            if (depth > deepest) throw std::runtime_error("layouts nest deeper than 16");
            std::string_view around = expansion.source(layout);
            auto next = take_layout(around);
            whole = with_partials(around, whole, expansion, 0);
            layout = std::move(next);
        }
        return with_own_lines(replace_messages(whole, expansion.message));
    } catch (std::runtime_error const& fault) {
        throw std::runtime_error("template " + std::string(name) + ": " + fault.what());
    }
}

std::vector<std::string> messages_in(std::string_view text) {
    std::vector<std::string> all;
    replace_messages(text, [&](std::string msgid) {
        all.push_back(std::move(msgid));
        return std::string();
    });
    return all;
}

std::string escape_around_tags(std::string_view text) {
    std::string out;
    std::size_t at = 0;
    while (at < text.size()) {
        if (text.substr(at).starts_with("{{")) {
            const auto end = text.find("}}", at);
            const auto stop = end == std::string_view::npos ? text.size() : end + 2;
            out.append(text.substr(at, stop - at));
            at = stop;
            continue;
        }
        switch (text[at]) {
            case '&': out += "&amp;"; break;
            case '<': out += "&lt;"; break;
            case '>': out += "&gt;"; break;
            case '"': out += "&quot;"; break;
            case '\'': out += "&#39;"; break;
            default: out += text[at];
        }
        ++at;
    }
    return out;
}

}  // namespace convoke::rendering
