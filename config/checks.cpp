#include "config/checks.hpp"

#include <arpa/inet.h>

#include <algorithm>
#include <cctype>
#include <charconv>

namespace convoke::config {

namespace {

constexpr Refusal good = std::nullopt;

bool is_address(std::string const& text) {
    unsigned char bytes[16];
    return inet_pton(AF_INET, text.c_str(), bytes) == 1 || inet_pton(AF_INET6, text.c_str(), bytes) == 1;
}

std::optional<int> number_up_to(std::string_view text, int most) {
    int number = 0;
    auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    if (error != std::errc() || end != text.data() + text.size() || number < 0 || number > most) return std::nullopt;
    return number;
}

// "host", "host:8443" or "[::1]:8443".
bool is_host_and_port(std::string_view text) {
    std::size_t const end = text.starts_with('[') ? text.find(']') : std::string_view::npos;
    if (text.starts_with('[') && (end == std::string_view::npos || !is_address(std::string(text.substr(1, end - 1))))) return false;
    std::size_t const colon = text.find(':', end == std::string_view::npos ? 0 : end);
    std::string_view const host = text.substr(0, colon);
    bool const named = end != std::string_view::npos || (!host.empty() && std::all_of(host.begin(), host.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '.';
    }));
    return named && (colon == std::string_view::npos || number_up_to(text.substr(colon + 1), 65535).value_or(0) > 0);
}

Refusal check_listen(std::string const& text) {
    std::size_t const colon = text.rfind(':');
    std::string address = text.substr(0, colon == std::string::npos ? 0 : colon);
    if (address.starts_with('[') && address.ends_with(']')) address = address.substr(1, address.size() - 2);
    if (colon == std::string::npos || !(is_address(address) || address == "localhost") || !number_up_to(text.substr(colon + 1), 65535))
        return "must be ADDRESS:PORT with a port from 0 to 65535, e.g. 127.0.0.1:8080 or [::1]:8080, not \"" + text + "\"";
    return good;
}

Refusal check_network(std::string const& text) {
    std::size_t const slash = text.find('/');
    std::string const address = text.substr(0, slash);
    int const most = address.find(':') == std::string::npos ? 32 : 128;
    if (is_address(address) && (slash == std::string::npos || number_up_to(text.substr(slash + 1), most))) return good;
    return "must be an address or a network, e.g. 10.0.0.7 or 10.0.0.0/8";
}

Refusal check_base_url(std::string const& text) {
    if (text.empty()) return good;
    std::size_t const start = text.starts_with("https://") ? 8 : text.starts_with("http://") ? 7 : 0;
    std::size_t const slash = std::min(text.find('/', start), text.size());
    bool const path = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(slash), text.end(),
                                  [](unsigned char c) { return std::isgraph(c) && c != '?' && c != '#' && c != '"' && c != '<' && c != '>'; });
    if (start != 0 && text.back() != '/' && path && is_host_and_port(std::string_view(text).substr(start, slash - start))) return good;
    return "must be https:// or http:// and a host without a slash at the end, e.g. https://events.example, not \"" + text + "\"";
}

Refusal check_store(std::string const& text) {
    if (text.starts_with("sqlite:") && text.size() > 7) return good;
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) return good;
    return "must be sqlite:PATH or postgresql://USER@HOST/DATABASE";
}

Refusal check_transport(std::string const& text) {
    if (text.starts_with("file:") && text.size() > 5) return good;
    for (std::string_view scheme : {"smtp://", "smtps://"}) {
        if (!text.starts_with(scheme)) continue;
        std::string_view const rest = std::string_view(text).substr(scheme.size());
        std::size_t const at = rest.rfind('@');
        if (at != 0 && is_host_and_port(rest.substr(at == std::string_view::npos ? 0 : at + 1))) return good;
    }
    return "must be file:DIRECTORY, smtp://[user@]host[:587] (STARTTLS) or smtps://[user@]host[:465]";
}

Refusal check_imap(std::string const& text) {
    if (text.empty() || (text.starts_with("imaps://") && text.find('@') != std::string::npos && text.find('/', 8) != std::string::npos)) return good;
    return "must be imaps://USER@HOST/MAILBOX, e.g. imaps://rsvp@mail.example/INBOX";
}

Refusal check_address(std::string const& text) {
    std::size_t const at = text.find('@');
    bool const plain = std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isgraph(c) && c != '<' && c != '>'; });
    if (plain && at != 0 && at != std::string::npos && at + 1 < text.size() && text.find('@', at + 1) == std::string::npos) return good;
    return "must be a mail address, e.g. rsvp@events.example";
}

// P[nW][nD][T[nH][nM][nS]] with at least one part; a week stands alone. Bounds are judged where the value is used.
Refusal check_duration(std::string const& text) {
    Refusal const bad = "must be an ISO 8601 duration, e.g. P14D, P1DT12H or PT1H, not \"" + text + "\"";
    if (text.size() < 3 || text[0] != 'P') return bad;
    std::string_view units = "WDTHMS";
    std::size_t digits = 0;
    bool time = false, any = false;
    for (char c : text.substr(1)) {
        if (std::isdigit(static_cast<unsigned char>(c))) {
            if (++digits > 6) return bad;
            continue;
        }
        std::size_t const unit = units.find(c);
        bool const marker = c == 'T';
        if (unit == std::string_view::npos || (digits == 0) != marker) return bad;
        if (!marker && time != (c != 'W' && c != 'D')) return bad;
        time |= marker;
        any = !marker;
        digits = 0;
        units.remove_prefix(unit + 1);
    }
    return any && digits == 0 ? good : bad;
}

Refusal check_level(std::string const& text) {
    for (char const* level : {"debug", "info", "warn", "error", "off"})
        if (text == level) return good;
    return "must be debug, info, warn, error or off, not \"" + text + "\"";
}

Refusal all_good(std::string const&) { return good; }
Refusal or_empty(Refusal (*check)(std::string const&), std::string const& text) { return text.empty() ? good : check(text); }

}  // namespace

Check const any_text{"TEXT", all_good};
Check const file_name{"FILE", all_good};
Check const listen_address{"ADDRESS:PORT", check_listen};
Check const optional_listen_address{"ADDRESS:PORT", [](std::string const& text) { return or_empty(check_listen, text); }};
Check const network{"NETWORK", check_network};
Check const base_address{"URL", check_base_url};
Check const database_url{"URL", check_store};
Check const mail_transport{"URL", check_transport};
Check const imap_mailbox{"URL", check_imap};
Check const mail_address{"MAIL-ADDRESS", check_address};
Check const optional_mail_address{"MAIL-ADDRESS", [](std::string const& text) { return or_empty(check_address, text); }};
Check const duration{"DURATION", check_duration};
Check const log_level{"LEVEL", check_level};

}  // namespace convoke::config
