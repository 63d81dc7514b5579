#include "notifications/smtp_dialogue.hpp"

#include <utility>

namespace convoke::notifications {
namespace {

constexpr std::size_t longest_line = 2048, most_lines = 100, longest_text = 500;

bool digit(char c) { return c >= '0' && c <= '9'; }

}  // namespace

std::string SmtpReply::text() const {
    std::string out = std::to_string(code);
    for (auto const& line : lines) {
        out += ' ';
        for (char c : line) out += static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f ? '?' : c;
        if (out.size() > longest_text) break;
    }
    out.resize(std::min(out.size(), longest_text));
    return out;
}

SmtpReplyParser::State SmtpReplyParser::feed(std::string& bytes) {
    std::size_t at = 0;
    auto state = State::incomplete;
    while (state == State::incomplete) {
        const auto end = bytes.find('\n', at);
        const auto length = (end == std::string::npos ? bytes.size() : end) - at;
        if (length > longest_line) {
            fault_ = "a reply line is longer than 2 KB";
            return State::malformed;
        }
        if (end == std::string::npos) break;
        std::string_view text(bytes.data() + at, length);
        if (text.ends_with('\r')) text.remove_suffix(1);
        state = line(text);
        at = end + 1;
    }
    bytes.erase(0, at);
    return state;
}

SmtpReplyParser::State SmtpReplyParser::line(std::string_view text) {
    const bool shaped = text.size() >= 3 && digit(text[0]) && digit(text[1]) && digit(text[2]) &&
                        (text.size() == 3 || text[3] == ' ' || text[3] == '-');
    const int code = shaped ? (text[0] - '0') * 100 + (text[1] - '0') * 10 + (text[2] - '0') : 0;
    if (code < 200 || code > 599) {
        fault_ = "that is no SMTP reply";
        return State::malformed;
    }
    if (!reply_.lines.empty() && code != reply_.code) {
        fault_ = "one reply has several codes";
        return State::malformed;
    }
    if (reply_.lines.size() == most_lines) {
        fault_ = "a reply has more than 100 lines";
        return State::malformed;
    }
    reply_.code = code;
    reply_.lines.emplace_back(text.substr(std::min<std::size_t>(4, text.size())));
    return text.size() > 3 && text[3] == '-' ? State::incomplete : State::complete;
}

SmtpReply SmtpReplyParser::take() { return std::exchange(reply_, {}); }

}  // namespace convoke::notifications
