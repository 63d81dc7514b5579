#include "notifications/header_text.hpp"

#include <algorithm>

namespace convoke::notifications {
namespace {

constexpr std::size_t widest = 76;  // RFC 5322 §2.1.1 asks for 78, RFC 2047 §2 for 76 with encoded words
constexpr std::string_view opening = "=?UTF-8?Q?", closing = "?=";

bool printable(char c) { return c >= 0x20 && c < 0x7f; }

// Plain enough to go as it is: ASCII, nothing that reads as an encoded word, words that can be folded, no white space
// that folding would change.
bool plain(std::string_view text) {
    if (!std::all_of(text.begin(), text.end(), printable) || text.find("=?") != std::string_view::npos) return false;
    if (text.starts_with(' ') || text.ends_with(' ') || text.find("  ") != std::string_view::npos) return false;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        if (end - at > 60) return false;
        at = end + 1;
    }
    return true;
}

// RFC 2047 §4.2 and §5 (3): what may stand in a phrase may stand anywhere.
void append_q(std::string& out, char c) {
    constexpr char digits[] = "0123456789ABCDEF";
    const bool itself = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (itself) {
        out += c;
    } else if (c == ' ') {
        out += '_';
    } else {
        const auto octet = static_cast<unsigned char>(c);
        out += {'=', digits[octet >> 4], digits[octet & 15]};
    }
}

// The first whole character.
std::string_view character(std::string_view text) {
    std::size_t size = 1;
    while (size < text.size() && size < 4 && (static_cast<unsigned char>(text[size]) & 0xc0) == 0x80) ++size;
    return text.substr(0, size);
}

// Q and not B: some readers join neighbouring words before they decode, and stumble over base64's padding. Each word
// holds whole characters (RFC 2047 §5).
std::string encoded(std::string_view text, std::size_t column) {
    std::string out, word;
    const auto close_word = [&] {
        if (!out.empty()) out += "\n ";
        out.append(opening).append(word).append(closing);
        word.clear();
        column = 1;
    };
    while (!text.empty()) {
        const auto next = character(text);
        std::string coded;
        for (char c : next) append_q(coded, c);
        const bool fits = column + opening.size() + word.size() + coded.size() + closing.size() <= widest;
        if (!fits && !word.empty()) close_word();
        word += coded;
        text.remove_prefix(next.size());
    }
    close_word();
    return out;
}

std::string folded(std::string_view text, std::size_t column) {
    std::string out;
    while (!text.empty()) {
        const auto end = std::min(text.find(' '), text.size());
        if (!out.empty()) {
            const bool fits = column + 1 + end <= widest;
            out += fits ? " " : "\n ";
            column = fits ? column + 1 : 1;
        }
        out += text.substr(0, end);
        column += end;
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return out;
}

std::size_t last_line(std::string const& text, std::size_t column) {
    const auto end = text.rfind('\n');
    return end == std::string::npos ? column + text.size() : text.size() - end - 1;
}

std::string phrase(std::string_view name, std::size_t column) {
    if (!plain(name)) return encoded(name, column);
    const bool atoms = std::all_of(name.begin(), name.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ' ' || c == '-';
    });
    if (atoms) return folded(name, column);
    std::string quoted = "\"";
    for (char c : name) {
        if (c == '"' || c == '\\') quoted += '\\';
        quoted += c;
    }
    return folded(quoted + '"', column);
}

}  // namespace

std::string header_text(std::string_view utf8, std::size_t column) {
    return plain(utf8) ? folded(utf8, column) : encoded(utf8, column);
}

std::string header_mailbox(std::string_view name, std::string_view address, std::size_t column) {
    const std::string angle = '<' + std::string(address) + '>';
    if (name.empty()) return column + angle.size() > widest ? "\n " + angle : angle;
    auto out = phrase(name, column);
    out += last_line(out, column) + 1 + angle.size() > widest ? "\n " : " ";
    return out + angle;
}

}  // namespace convoke::notifications
