#include "notifications/letter_check.hpp"

#include <algorithm>

namespace convoke::notifications {
namespace {

bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

Failure fault(errc code, char const* what, char const* wrong) { return Failure(code, std::string(what) + ' ' + wrong); }

result<void> check_link(std::string const& url, char const* what) {
    if (url.empty()) return {};
    if (std::any_of(url.begin(), url.end(), [](char c) { return is_control(c) || c == ' '; })) {
        return fault(errc::control_character, what, "holds a space or a control character");
    }
    if (!url.starts_with("https://") && !url.starts_with("http://")) {
        return fault(errc::url_scheme, what, "must start with https:// or http://");
    }
    if (url.size() > 2000) return fault(errc::too_long, what, "is longer than 2,000 octets");
    return {};
}

result<void> check_message_id(std::string const& id, char const* what) {
    const bool plain = std::all_of(id.begin(), id.end(), [](char c) {
        return is_ascii(c) && !is_control(c) && c != ' ' && c != '<' && c != '>' && c != '"';
    });
    const auto at = id.find('@');
    if (!plain || at == 0 || at == std::string::npos || at + 1 == id.size() || id.size() > 250) {
        return fault(errc::invalid_value, what, "must be left@right in plain ASCII, at most 250 octets");
    }
    return {};
}

}  // namespace

result<void> check_mailbox(std::string_view address, char const* what) {
    if (std::any_of(address.begin(), address.end(), is_control)) {
        return fault(errc::control_character, what, "holds a control character");
    }
    const auto at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size() || address.size() > 254) {
        return fault(errc::email_invalid, what, "must be local@domain, at most 254 octets");
    }
    if (!std::all_of(address.begin(), address.end(), is_ascii)) {
        return fault(errc::smtputf8_not_supported, what, "is not ASCII; domains go as A-labels (xn--…)");
    }
    constexpr std::string_view forbidden = " <>()[]\\,;:\"@";
    if (address.substr(0, at).find_first_of(forbidden) != std::string_view::npos) {
        return fault(errc::email_invalid, what, "has a character before the @ that needs quoting");
    }
    const auto domain = address.substr(at + 1);
    const bool host = std::all_of(domain.begin(), domain.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-';
    });
    if (!host || domain.front() == '.' || domain.back() == '.') {
        return fault(errc::email_invalid, what, "has no host name after the @");
    }
    return {};
}

result<void> check_letter(LetterFacts const& facts) {
    CONVOKE_CHECK(check_mailbox(facts.recipient_address, "recipient address"));
    CONVOKE_CHECK(check_mailbox(facts.from_address, "sender address"));
    if (!facts.envelope_from.empty()) CONVOKE_CHECK(check_mailbox(facts.envelope_from, "envelope sender"));
    if (!facts.reply_to.empty()) CONVOKE_CHECK(check_mailbox(facts.reply_to, "reply address"));
    if (!facts.contact_email.empty()) CONVOKE_CHECK(check_mailbox(facts.contact_email, "contact address"));
    CONVOKE_CHECK(check_message_id(facts.message_id, "Message-ID"));
    if (!facts.in_reply_to.empty()) CONVOKE_CHECK(check_message_id(facts.in_reply_to, "In-Reply-To"));
    CONVOKE_CHECK(check_link(facts.join_link, "join link"));
    CONVOKE_CHECK(check_link(facts.event_url, "event link"));
    CONVOKE_CHECK(check_link(facts.answer_url, "answer link"));
    CONVOKE_CHECK(check_link(facts.accept_url, "accept link"));
    CONVOKE_CHECK(check_link(facts.manage_url, "registration link"));
    CONVOKE_CHECK(check_link(facts.feed_url, "feed link"));
    CONVOKE_CHECK(check_link(facts.sign_in_url, "sign-in link"));
    CONVOKE_CHECK(check_link(facts.list_unsubscribe_url, "unsubscribe link"));
    return {};
}

}  // namespace convoke::notifications
