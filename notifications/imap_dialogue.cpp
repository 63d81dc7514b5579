#include "notifications/imap_dialogue.hpp"

#include "calendar/ascii.hpp"
#include "notifications/base64.hpp"

#include <algorithm>
#include <array>
#include <charconv>

namespace convoke::notifications {
namespace {

constexpr std::string_view keyword = "$ConvokeTaken";

bool same(std::string_view a, std::string_view b) { return calendar::ascii_lower(a) == calendar::ascii_lower(b); }

std::string_view first_word(std::string_view& text) {
    auto const end = std::min(text.find(' '), text.size());
    auto const word = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    return word;
}

bool has_word(std::string_view text, std::string_view word) {
    while (!text.empty()) {
        auto one = first_word(text);
        while (one.starts_with('(')) one.remove_prefix(1);
        while (one.ends_with(')') || one.ends_with(']')) one.remove_suffix(1);
        if (same(one, word)) return true;
    }
    return false;
}

template <class Number>
std::optional<Number> number(std::string_view text) {
    Number value = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
    return value;
}

// What a person may read of an answer: one printable line.
std::string told(std::string_view text) {
    std::string out;
    for (char const c : text.substr(0, 300)) out += c >= ' ' && c < 127 ? c : '?';
    return out;
}

std::string day_of(std::chrono::year_month_day day) {
    constexpr std::array<char const*, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
    return std::to_string(unsigned(day.day())) + '-' + months[unsigned(day.month()) - 1] + '-' + std::to_string(int(day.year()));
}

}  // namespace

std::string imap_quoted(std::string_view text) {
    std::string out = "\"";
    for (char const c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + '"';
}

ImapResponseParser::State ImapResponseParser::feed(std::string& bytes) {
    for (;;) {
        if (in_literal_) {
            auto const count = std::min(wanted_, bytes.size());
            response_.literals.back().append(bytes, 0, count);
            bytes.erase(0, count);
            wanted_ -= count;
            if (wanted_ > 0) return State::incomplete;
            in_literal_ = false;
        }
        auto const end = bytes.find("\r\n");
        if (response_.line.size() + std::min(end, bytes.size()) > line_bytes) return State::malformed;
        if (end == std::string::npos) return State::incomplete;
        response_.line.append(bytes, 0, end);
        bytes.erase(0, end + 2);
        std::string_view const line = response_.line;
        if (!line.ends_with('}')) return State::complete;
        auto const open = line.rfind('{');
        if (open == std::string_view::npos) return State::complete;
        auto const length = number<std::size_t>(line.substr(open + 1, line.size() - open - 2));
        if (!length) return State::complete;
        std::size_t held = *length;
        for (auto const& literal : response_.literals) held += literal.size();
        if (held < *length || held > literal_bytes_) return State::malformed;
        wanted_ = *length;
        in_literal_ = true;
        response_.literals.emplace_back();
    }
}

ImapResponse ImapResponseParser::take() { return std::exchange(response_, {}); }

ImapDialogue::ImapDialogue(Options options) : options_(std::move(options)), parser_(options_.mail_bytes + 64 * 1024) {}

ImapDialogue::Step ImapDialogue::received(std::string_view bytes) {
    pending_ += bytes;
    return understand();
}

ImapDialogue::Step ImapDialogue::understand() {
    for (;;) {
        switch (parser_.feed(pending_)) {
            case ImapResponseParser::State::incomplete: return {};
            case ImapResponseParser::State::malformed: return broken("an answer of the server is too long");
            case ImapResponseParser::State::complete: break;
        }
        auto const response = parser_.take();
        std::string_view text = response.line;
        auto const word = first_word(text);
        Step step;
        if (word == "*") {
            step = on_untagged(response);
        } else if (word == "+") {
            if (phase_ != Phase::authenticate) return broken("unexpected: " + told(response.line));
            step = {.kind = Step::Kind::write, .bytes = base64(std::string(1, '\0') + options_.user + '\0' + options_.password) + "\r\n", .why = {}};
        } else if (word == "a" + std::to_string(tag_)) {
            step = on_done(text);
        } else {
            return broken("unexpected: " + told(response.line));
        }
        if (step.kind != Step::Kind::read) return step;
    }
}

ImapDialogue::Step ImapDialogue::on_untagged(ImapResponse const& response) {
    std::string_view text = std::string_view(response.line).substr(std::min<std::size_t>(2, response.line.size()));
    std::string_view rest = text;
    auto const word = first_word(rest);
    if (same(word, "BYE") && phase_ != Phase::leaving) return broken("the server ends: " + told(rest));
    if (phase_ == Phase::greeting) {
        if (!same(word, "OK")) return broken("not greeted: " + told(text));
        return command(Phase::capability, "CAPABILITY");
    }
    if (same(word, "CAPABILITY")) {
        plain_ = has_word(rest, "AUTH=PLAIN");
        login_disabled_ = has_word(rest, "LOGINDISABLED");
    } else if (same(word, "OK") && rest.starts_with("[PERMANENTFLAGS ")) {
        auto const flags = rest.substr(0, rest.find(']'));
        has_keyword_ = has_word(flags, "\\*") || has_word(flags, keyword);
    } else if (same(word, "SEARCH") && phase_ == Phase::search) {
        while (!rest.empty()) {
            if (auto const uid = number<std::uint32_t>(first_word(rest))) found_.push_back(*uid);
        }
    } else if (phase_ == Phase::fetch && !response.literals.empty() && has_word(rest, "FETCH")) {
        fetched_ = response.literals.front();
    }
    return {};
}

ImapDialogue::Step ImapDialogue::on_done(std::string_view text) {
    std::string_view rest = text;
    bool const ok = same(first_word(rest), "OK");
    switch (phase_) {
        case Phase::capability:
            if (!ok) return broken("not understood: " + told(text));
            if (plain_) return command(Phase::authenticate, "AUTHENTICATE PLAIN");
            if (login_disabled_) return broken("the server offers no way to log in with a password");
            return command(Phase::login, "LOGIN " + imap_quoted(options_.user) + ' ' + imap_quoted(options_.password));
        case Phase::authenticate:
        case Phase::login:
            if (!ok) return broken("not let in as " + options_.user + ": " + told(text));
            return command(Phase::select, std::string("SELECT") + ' ' + imap_quoted(options_.mailbox));
        case Phase::select:
            if (!ok) return broken("no mailbox " + options_.mailbox + ": " + told(text));
            if (rest.starts_with("[READ-ONLY]")) return broken("the mailbox " + options_.mailbox + " is read-only: what was taken could not be marked");
            phase_ = Phase::ready;
            return {.kind = Step::Kind::ready, .bytes = {}, .why = {}};
        case Phase::search:
            if (!ok) return broken("SEARCH was refused: " + told(text));
            std::sort(found_.begin(), found_.end());
            if (found_.size() > options_.mails_a_round) found_.resize(options_.mails_a_round);
            return next_mail();
        case Phase::fetch:
            if (!ok) return broken("FETCH was refused: " + told(text));
            if (!fetched_) {  // somebody has deleted it meanwhile
                found_.pop_front();
                return next_mail();
            }
            phase_ = Phase::handed_over;
            return {.kind = Step::Kind::mail, .bytes = *std::exchange(fetched_, std::nullopt), .why = {}};
        case Phase::mark:
            if (!ok) return broken("what was taken could not be marked: " + told(text));
            found_.pop_front();
            return next_mail();
        case Phase::leaving: return broken("");
        case Phase::greeting:
        case Phase::ready:
        case Phase::handed_over: break;
    }
    return broken("unexpected: " + told(text));
}

ImapDialogue::Step ImapDialogue::look(std::chrono::year_month_day since) {
    found_.clear();
    return command(Phase::search, "UID SEARCH " + (has_keyword_ ? "UNKEYWORD " + std::string(keyword) : "UNSEEN") + " SINCE " + day_of(since));
}

ImapDialogue::Step ImapDialogue::taken(bool kept) {
    if (kept)
        return command(Phase::mark, "UID STORE " + std::to_string(found_.front()) + " +FLAGS.SILENT (" + std::string(has_keyword_ ? keyword : "\\Seen") + ")");
    found_.pop_front();  // the others are not held up by one
    return next_mail();
}

ImapDialogue::Step ImapDialogue::leave() { return command(Phase::leaving, "LOGOUT"); }

ImapDialogue::Step ImapDialogue::next_mail() {
    fetched_.reset();
    if (!found_.empty())
        return command(Phase::fetch, "UID FETCH " + std::to_string(found_.front()) + " (BODY.PEEK[]<0." + std::to_string(options_.mail_bytes) + ">)");
    phase_ = Phase::ready;
    return {.kind = Step::Kind::ready, .bytes = {}, .why = {}};
}

ImapDialogue::Step ImapDialogue::command(Phase next, std::string text) {
    phase_ = next;
    return {.kind = Step::Kind::write, .bytes = "a" + std::to_string(++tag_) + ' ' + std::move(text) + "\r\n", .why = {}};
}

ImapDialogue::Step ImapDialogue::broken(std::string why) { return {.kind = Step::Kind::broken, .bytes = {}, .why = std::move(why)}; }

}  // namespace convoke::notifications
