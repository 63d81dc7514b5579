#include "notifications/smtp_dialogue.hpp"

#include "notifications/base64.hpp"
#include "notifications/letter_check.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace convoke::notifications {
namespace {

using Step = SmtpDialogue::Step;

bool positive(SmtpReply const& reply) { return reply.code / 100 == 2; }
bool transient(SmtpReply const& reply) { return reply.code / 100 == 4; }

std::string upper(std::string_view text) {
    std::string out(text);
    for (char& c : out) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return out;
}

bool has_word(std::string const& line, std::string_view word) {
    for (std::size_t at = line.find(word); at != std::string::npos; at = line.find(word, at + 1)) {
        const bool starts = at == 0 || line[at - 1] == ' ' || line[at - 1] == '=';
        const auto after = at + word.size();
        if (starts && (after == line.size() || line[after] == ' ')) return true;
    }
    return false;
}

// A refusal that is about us and not about the recipient or the mail: everybody's would be refused.
bool about_us(SmtpReply const& reply) {
    if (reply.code == 530 || reply.code == 535 || reply.code == 538) return true;
    return reply.code / 100 == 5 && upper(reply.text()).find("RELAY") != std::string::npos;
}

bool eight_bit(std::string const& bytes) {
    return std::any_of(bytes.begin(), bytes.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
}

}  // namespace

SmtpDialogue::SmtpDialogue(Options options, bool secure) : options_(std::move(options)), secure_(secure) {}

Step SmtpDialogue::received(std::string_view bytes) {
    if (phase_ == Phase::handshake || phase_ == Phase::closed) throw std::logic_error("SMTP: nothing may be read now");
    pending_.append(bytes);
    return understand();
}

Step SmtpDialogue::understand() {
    const auto state = parser_.feed(pending_);
    if (state == SmtpReplyParser::State::incomplete) return {};
    if (state == SmtpReplyParser::State::malformed) return fail(lost(parser_.fault()));
    const auto reply = parser_.take();
    if (pending_.empty()) return on_reply(reply);

    // More than was asked for. Read on, it would answer the next command, and a mail could pass for sent that was not;
    // behind the 220 of STARTTLS it is an injection (RFC 3207 §6, CVE-2011-0411).
    if (phase_ == Phase::starttls) return pause("the server sent plain text behind its answer to STARTTLS");
    auto step = phase_ == Phase::body ? on_body(reply) : fail(lost("the server sent two replies to one command"));
    step.close = true;
    phase_ = Phase::closed;
    return step;
}

Step SmtpDialogue::on_reply(SmtpReply const& reply) {
    switch (phase_) {
        case Phase::greeting:
            if (reply.code == 220) return write(Phase::ehlo, "EHLO " + options_.client_name);
            return pause("the server does not greet us: " + reply.text());
        case Phase::ehlo:
        case Phase::helo: return on_hello(reply);
        case Phase::starttls:
            if (reply.code != 220) return pause("STARTTLS was refused: " + reply.text());
            phase_ = Phase::handshake;
            return {.kind = Step::Kind::handshake};
        case Phase::auth: return on_auth(reply);
        case Phase::envelope: return recipient_named_ ? on_recipient(reply) : on_mail(reply);
        case Phase::data: return on_data(reply);
        case Phase::body: return on_body(reply);
        case Phase::reset:
            phase_ = Phase::ready;
            return {.kind = Step::Kind::delivered, .delivery = std::move(after_reset_), .close = !positive(reply)};
        case Phase::ready: return pause("the server ended the connection: " + reply.text());
        default:
            phase_ = Phase::closed;
            return {.kind = Step::Kind::close};
    }
}

Step SmtpDialogue::on_hello(SmtpReply const& reply) {
    if (!positive(reply)) {
        const bool may_fall_back = phase_ == Phase::ehlo && reply.code / 100 == 5 && (secure_ || !options_.starttls);
        if (may_fall_back) return write(Phase::helo, "HELO " + options_.client_name);
        return pause("the server refuses our EHLO: " + reply.text());
    }
    offers_ = {};
    for (std::size_t i = 1; phase_ == Phase::ehlo && i < reply.lines.size(); ++i) {
        const auto line = upper(reply.lines[i]);
        if (has_word(line, "STARTTLS")) offers_.starttls = true;
        if (line.starts_with("8BITMIME")) offers_.eight_bit = true;
        if (line.starts_with("SIZE")) {
            offers_.size = true;
            if (line.size() > 5) std::from_chars(line.data() + 5, line.data() + line.size(), offers_.max_size);
        }
        if (line.starts_with("AUTH")) {
            offers_.plain = offers_.plain || has_word(line, "PLAIN");
            offers_.login = offers_.login || has_word(line, "LOGIN");
        }
    }
    return after_hello();
}

Step SmtpDialogue::after_hello() {
    if (options_.starttls && !secure_) {
        if (!offers_.starttls) return pause("the server does not offer STARTTLS; without it nothing is sent");
        return write(Phase::starttls, "STARTTLS");
    }
    return options_.login ? log_in() : ready();
}

Step SmtpDialogue::secured() {
    secure_ = true;
    offers_ = {};
    pending_.clear();
    // RFC 3207 §4.2: start anew. With implicit TLS the greeting is still to come, and secured() is not called.
    return write(Phase::ehlo, "EHLO " + options_.client_name);
}

Step SmtpDialogue::log_in() {
    if (!secure_) return pause("a password is never sent without TLS");
    if (offers_.plain) {
        auth_ = AuthStep::plain;
        const std::string token = '\0' + options_.login->user + '\0' + options_.login->password;
        return write(Phase::auth, "AUTH PLAIN " + base64(token));
    }
    if (offers_.login) {
        auth_ = AuthStep::login_user;
        return write(Phase::auth, "AUTH LOGIN");
    }
    return pause("the server offers neither AUTH PLAIN nor AUTH LOGIN");
}

Step SmtpDialogue::on_auth(SmtpReply const& reply) {
    if (reply.code == 235) return ready();
    if (reply.code == 334 && auth_ == AuthStep::login_user) {
        auth_ = AuthStep::login_password;
        return write(Phase::auth, base64(options_.login->user));
    }
    if (reply.code == 334 && auth_ == AuthStep::login_password && !options_.login->password.empty()) {
        return write(Phase::auth, base64(std::exchange(options_.login->password, {})));
    }
    return pause("the server refuses user " + options_.login->user + ": " + reply.text());
}

Step SmtpDialogue::ready() {
    options_.login.reset();
    phase_ = Phase::ready;
    return {.kind = Step::Kind::ready};
}

Step SmtpDialogue::begin(Envelope const& envelope) {
    if (phase_ != Phase::ready) throw std::logic_error("SMTP: a mail was begun while another is under way");
    const auto refuse = [](std::string reason) {
        return Step{.kind = Step::Kind::delivered, .delivery = {Outcome::refused, std::move(reason)}};
    };
    if (!check_mailbox(envelope.from, "sender") || !check_mailbox(envelope.to, "recipient")) {
        return refuse("the envelope holds an address that is not one");
    }
    const auto size = envelope.bytes->size();
    if (offers_.max_size > 0 && size > offers_.max_size) {
        return refuse("the mail has " + std::to_string(size) + " octets, the server takes " + std::to_string(offers_.max_size));
    }
    const bool wide = eight_bit(*envelope.bytes);
    if (wide && !offers_.eight_bit) return refuse("the mail is not 7-bit and the server does not offer 8BITMIME");
    mail_ = envelope;
    recipient_named_ = false;
    std::string line = "MAIL FROM:<" + mail_.from + '>';
    if (offers_.size) line += " SIZE=" + std::to_string(size);
    if (wide) line += " BODY=8BITMIME";
    return write(Phase::envelope, std::move(line));
}

Step SmtpDialogue::on_mail(SmtpReply const& reply) {
    if (positive(reply)) {
        recipient_named_ = true;
        return write(Phase::envelope, "RCPT TO:<" + mail_.to + '>');
    }
    if (reply.code == 421) return pause("the server ended the connection: " + reply.text());
    if (reply.code == 552) return delivered(Outcome::refused, reply);
    if (transient(reply)) return delivered(Outcome::deferred, reply);
    return pause("the server refuses our sender address: " + reply.text());
}

Step SmtpDialogue::on_recipient(SmtpReply const& reply) {
    if (positive(reply)) return write(Phase::data, "DATA");
    if (reply.code == 421) return fail({Outcome::deferred, reply.text()});
    if (about_us(reply)) return delivered_after_reset(Outcome::paused, reply);
    return delivered_after_reset(transient(reply) ? Outcome::deferred : Outcome::refused, reply);
}

Step SmtpDialogue::on_data(SmtpReply const& reply) {
    if (reply.code == 354) {
        phase_ = Phase::body;
        return {.kind = Step::Kind::write, .bytes = stuff_dots(*mail_.bytes)};
    }
    if (reply.code == 421) return fail({Outcome::deferred, reply.text()});
    if (about_us(reply)) return delivered_after_reset(Outcome::paused, reply);
    if (positive(reply)) return fail(lost("the server did not wait for the mail: " + reply.text()));
    return delivered_after_reset(transient(reply) ? Outcome::deferred : Outcome::refused, reply);
}

Step SmtpDialogue::on_body(SmtpReply const& reply) {
    if (positive(reply)) return delivered(Outcome::sent, reply);
    if (reply.code / 100 == 5 && !about_us(reply)) return delivered(Outcome::refused, reply);
    auto step = delivered(about_us(reply) ? Outcome::paused : Outcome::deferred, reply);
    step.close = reply.code == 421 || reply.code / 100 == 3;
    if (step.close) phase_ = Phase::closed;
    return step;
}

Step SmtpDialogue::delivered(Outcome outcome, SmtpReply const& reply) {
    phase_ = Phase::ready;
    return {.kind = Step::Kind::delivered, .delivery = {outcome, reply.text()}};
}

Step SmtpDialogue::delivered_after_reset(Outcome outcome, SmtpReply const& reply) {
    after_reset_ = {outcome, reply.text()};
    return write(Phase::reset, "RSET");
}

Step SmtpDialogue::quit() { return write(Phase::quitting, "QUIT"); }

Step SmtpDialogue::write(Phase next, std::string line) {
    phase_ = next;
    return {.kind = Step::Kind::write, .bytes = std::move(line) + "\r\n"};
}

Step SmtpDialogue::fail(Delivery delivery) {
    // nothing_sent() is asked afterwards: where the mail stood must stay readable.
    if (!(phase_ == Phase::envelope && !recipient_named_) && phase_ != Phase::ready) phase_ = Phase::closed;
    return {.kind = Step::Kind::close, .delivery = std::move(delivery), .close = true};
}

Step SmtpDialogue::pause(std::string reason) { return fail({Outcome::paused, std::move(reason)}); }

Delivery SmtpDialogue::lost(std::string_view why) const {
    std::string reason(why);
    switch (phase_) {
        case Phase::body: return {Outcome::deferred, "in doubt, broke after the end of the mail: " + reason, true};
        case Phase::envelope:
        case Phase::data: return {Outcome::deferred, "broke before the mail was handed over: " + reason};
        case Phase::reset: return after_reset_;
        case Phase::handshake: return {Outcome::paused, "TLS: " + reason};
        default: return {Outcome::paused, reason};
    }
}

std::string stuff_dots(std::string_view text) {
    std::string out;
    out.reserve(text.size() + text.size() / 64 + 8);
    bool line_start = true;
    for (char c : text) {
        if (line_start && c == '.') out += '.';
        out += c;
        line_start = c == '\n';
    }
    if (!out.ends_with("\r\n")) out += "\r\n";
    out += ".\r\n";
    return out;
}

}  // namespace convoke::notifications
