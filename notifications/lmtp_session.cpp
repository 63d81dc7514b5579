#include "notifications/lmtp_session.hpp"

#include <algorithm>
#include <charconv>

namespace convoke::notifications {

namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 32) : c; }

std::string upper_cased(std::string_view text) {
    std::string out(text);
    std::transform(out.begin(), out.end(), out.begin(), upper);
    return out;
}

bool takes_prefix(std::string_view& text, std::string_view prefix) {
    if (upper_cased(text.substr(0, prefix.size())) != prefix) return false;
    text.remove_prefix(prefix.size());
    return true;
}

// "<address>" and what stands behind it. A source route (RFC 5321 §4.1.1.3, obsolete) is refused with the rest.
struct Path {
    std::string address;
    std::string_view rest;
};
std::optional<Path> path_of(std::string_view text) {
    while (text.starts_with(' ')) text.remove_prefix(1);
    if (!text.starts_with('<')) return std::nullopt;
    bool quoted = false;
    for (std::size_t i = 1; i < text.size(); ++i) {
        char const c = text[i];
        if (quoted && c == '\\') {
            ++i;
        } else if (c == '"') {
            quoted = !quoted;
        } else if (c == '>' && !quoted) {
            return Path{std::string(text.substr(1, i - 1)), text.substr(i + 1)};
        } else if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) {
            return std::nullopt;
        }
    }
    return std::nullopt;
}

}  // namespace

LmtpSession::LmtpSession(LmtpRules rules) : rules_(std::move(rules)) {}

std::string LmtpSession::greeting() const { return "220 " + rules_.host_name + " LMTP Convoke\r\n"; }

LmtpSession::Step LmtpSession::feed(std::string_view bytes) {
    input_ += bytes;
    return go_on();
}

LmtpSession::Step LmtpSession::finish(std::vector<LmtpReply> const& replies) {
    Step step;
    for (LmtpReply const& reply : replies) step.output += std::to_string(reply.code) + ' ' + reply.text + "\r\n";
    state_ = State::command;
    forget();
    Step more = go_on();
    step.output += more.output;
    step.mail = std::move(more.mail);
    step.close = more.close;
    return step;
}

LmtpSession::Step LmtpSession::go_on() {
    Step step;
    while (!step.close && !step.mail) {
        if (state_ == State::data) {
            std::size_t const before = input_.size();
            take_data(step);
            if (state_ == State::data && (input_.empty() || input_.size() == before)) break;
            continue;
        }
        std::size_t const end = input_.find("\r\n");
        if (std::min(end, input_.size()) > rules_.command_bytes) {
            step.output += "500 5.5.2 the line is too long\r\n";
            step.close = true;
            break;
        }
        if (end == std::string::npos) break;
        std::string const line = input_.substr(0, end);
        input_.erase(0, end + 2);
        command(line, step);
    }
    if (step.close) state_ = State::closed;
    return step;
}

void LmtpSession::command(std::string_view line, Step& step) {
    std::size_t const space = line.find(' ');
    std::string const verb = upper_cased(line.substr(0, space));
    std::string_view const arguments = space == std::string_view::npos ? std::string_view() : line.substr(space + 1);
    if (verb == "LHLO") {
        greeted_ = true;
        forget();
        step.output += "250-" + rules_.host_name + "\r\n250-PIPELINING\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n250-ENHANCEDSTATUSCODES\r\n250 SIZE " +
                       std::to_string(rules_.message_bytes) + "\r\n";
    } else if (verb == "HELO" || verb == "EHLO") {
        wrong("500 5.5.1 this is LMTP: begin with LHLO", step);  // RFC 2033 §4.1
    } else if (verb == "MAIL") {
        mail_from(arguments, step);
    } else if (verb == "RCPT") {
        rcpt_to(arguments, step);
    } else if (verb == "DATA") {
        if (mail_.recipients.empty()) return wrong("503 5.5.1 name a recipient first", step);
        step.output += "354 end with a dot on a line of its own\r\n";
        state_ = State::data;
        line_begins_ = true;
        too_large_ = false;
    } else if (verb == "RSET") {
        forget();
        step.output += "250 2.0.0 forgotten\r\n";
    } else if (verb == "NOOP") {
        step.output += "250 2.0.0 here\r\n";
    } else if (verb == "QUIT") {
        step.output += "221 2.0.0 good bye\r\n";
        step.close = true;
    } else {
        wrong("500 5.5.1 unknown command", step);
    }
}

void LmtpSession::mail_from(std::string_view arguments, Step& step) {
    if (!greeted_) return wrong("503 5.5.1 begin with LHLO", step);
    if (has_sender_) return wrong("503 5.5.1 there is a sender already", step);
    if (!takes_prefix(arguments, "FROM:")) return wrong("501 5.5.4 MAIL FROM:<address>", step);
    auto const path = path_of(arguments);
    if (!path) return wrong("501 5.1.7 the address must stand in < and >", step);
    std::string const rest = upper_cased(path->rest);
    if (std::size_t const at = rest.find(" SIZE="); at != std::string::npos) {
        std::size_t declared = 0;
        char const* const end = rest.data() + rest.size();
        auto const read = std::from_chars(rest.data() + at + 6, end, declared);
        if (read.ec != std::errc() || declared > rules_.message_bytes) return wrong("552 5.3.4 the mail is too large", step);
    }
    mail_.sender = path->address;
    has_sender_ = true;
    step.output += "250 2.1.0 go on\r\n";
}

void LmtpSession::rcpt_to(std::string_view arguments, Step& step) {
    if (!has_sender_) return wrong("503 5.5.1 name the sender first", step);
    if (!takes_prefix(arguments, "TO:")) return wrong("501 5.5.4 RCPT TO:<address>", step);
    auto const path = path_of(arguments);
    if (!path) return wrong("501 5.1.3 the address must stand in < and >", step);
    if (mail_.recipients.size() >= rules_.recipients) {
        step.output += "452 4.5.3 enough for one mail, the others with the next\r\n";
    } else if (!rules_.accepts(path->address)) {
        step.output += "550 5.1.1 no address of this service\r\n";
    } else {
        mail_.recipients.push_back(path->address);
        step.output += "250 2.1.5 go on\r\n";
    }
}

// Only CRLF ends a line here: a dot between bare line feeds is text.
void LmtpSession::take_data(Step& step) {
    std::size_t done = 0;
    auto const keep = [&](std::string_view text) {
        too_large_ = too_large_ || mail_.bytes.size() + text.size() > rules_.message_bytes;
        if (!too_large_) mail_.bytes += text;
    };
    while (done < input_.size()) {
        std::size_t const end = input_.find("\r\n", done);
        if (end == std::string::npos) {
            // The rest of a long line is no line's begin, and its last byte may be half of its end.
            if (!line_begins_ || input_.size() - done > rules_.command_bytes) {
                std::string_view text = std::string_view(input_).substr(done, input_.size() - done - 1);
                if (line_begins_ && text.starts_with('.')) text.remove_prefix(1);
                if (!text.empty()) line_begins_ = false;
                keep(text);
                done = input_.size() - 1;
            }
            break;
        }
        std::string_view line = std::string_view(input_).substr(done, end - done);
        done = end + 2;
        if (line_begins_ && line == ".") {
            input_.erase(0, done);
            return end_of_data(step);
        }
        if (line_begins_ && line.starts_with('.')) line.remove_prefix(1);
        keep(line);
        keep("\r\n");
        line_begins_ = true;
    }
    input_.erase(0, done);
}

void LmtpSession::end_of_data(Step& step) {
    if (too_large_) {
        for (std::size_t i = 0; i < mail_.recipients.size(); ++i) step.output += "552 5.3.4 the mail is too large\r\n";
        state_ = State::command;
        return forget();
    }
    state_ = State::taking;
    step.mail = std::move(mail_);
    forget();
}

void LmtpSession::wrong(std::string_view reply, Step& step) {
    step.output += std::string(reply) + "\r\n";
    step.close = step.close || ++wrong_ >= rules_.wrong_commands;
}

void LmtpSession::forget() {
    mail_ = {};
    has_sender_ = too_large_ = false;
}

}  // namespace convoke::notifications
