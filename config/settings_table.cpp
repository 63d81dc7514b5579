#include "config/settings_table.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace convoke::config {

namespace {

using Refusal = std::optional<std::string>;
using Texts = std::vector<std::string>;

// Rows for the three types of values: `member` finds the value in the settings, `check` refuses it.
template <class Member>
Row text_row(std::string_view section, std::string_view key, Member member, std::string_view help,
             std::function<Refusal(std::string const&)> check = {}) {
    return {section, key, help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                auto& text = std::get<std::string>(value);
                if (check)
                    if (auto refusal = check(text)) return refusal;
                member(settings) = std::move(text);
                return std::nullopt;
            }};
}

template <class Member>
Row number_row(std::string_view section, std::string_view key, Member member, std::int64_t min, std::int64_t max,
               std::string_view help) {
    return {section, key, help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                std::int64_t const number = std::get<std::int64_t>(value);
                if (number < min || number > max)
                    return "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max);
                member(settings) = number;
                return std::nullopt;
            }};
}

template <class Member>
Row list_row(std::string_view section, std::string_view key, Member member, std::string_view help,
             std::function<Refusal(std::string const&)> check = {}) {
    return {section, key, help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                auto& texts = std::get<Texts>(value);
                for (std::string const& text : texts)
                    if (check)
                        if (auto refusal = check(text)) return "\"" + text + "\": " + *refusal;
                member(settings) = std::move(texts);
                return std::nullopt;
            }};
}

Refusal check_listen(std::string const& text) {
    std::size_t const colon = text.rfind(':');
    std::string const port = colon == std::string::npos ? "" : text.substr(colon + 1);
    bool const digits = !port.empty() && port.size() <= 5 && std::all_of(port.begin(), port.end(), [](unsigned char c) { return std::isdigit(c); });
    if (!digits || colon == 0 || std::stol(port) > 65535) return "must be ADDRESS:PORT with a port from 0 to 65535, e.g. 127.0.0.1:8080 or [::1]:8080";
    return std::nullopt;
}

Refusal check_base_url(std::string const& text) {
    if (text.empty() || ((text.starts_with("https://") || text.starts_with("http://")) && text.back() != '/' && text.size() > 8)) return std::nullopt;
    return "must begin with https:// or http:// and not end with /, e.g. https://events.example";
}

Refusal check_store(std::string const& text) {
    if (text.starts_with("sqlite:") && text.size() > 7) return std::nullopt;
    if (text.starts_with("postgresql://") || text.starts_with("postgres://")) return std::nullopt;
    return "must be sqlite:PATH or postgresql://USER@HOST/DATABASE";
}

Refusal check_transport(std::string const& text) {
    for (char const* scheme : {"file:", "smtp://", "smtps://"})
        if (text.starts_with(scheme) && text.size() > std::string_view(scheme).size()) return std::nullopt;
    return "must be file:DIRECTORY, smtp://[user@]host[:587] (STARTTLS) or smtps://[user@]host[:465]";
}

Refusal check_address(std::string const& text) {
    std::size_t const at = text.find('@');
    if (text.empty() || (at != 0 && at != std::string::npos && at + 1 < text.size() && text.find('@', at + 1) == std::string::npos)) return std::nullopt;
    return "must be a mail address, e.g. rsvp@events.example";
}

Refusal check_reply_to(std::string const& text) {
    if (text.empty()) return "must be a mail address that the service reads, e.g. rsvp@events.example";
    return check_address(text);
}

Refusal check_duration(std::string const& text) {
    if (text.size() >= 3 && text.front() == 'P' && std::isalpha(static_cast<unsigned char>(text.back()))) return std::nullopt;
    return "must be an ISO 8601 duration, e.g. P14D or PT1H";
}

Refusal check_level(std::string const& text) {
    for (char const* level : {"debug", "info", "warn", "error", "off"})
        if (text == level) return std::nullopt;
    return "must be debug, info, warn, error or off";
}

#define MEMBER(path) [](Settings & s) -> auto& { return s.path; }

std::vector<Row> make_table() {
    return {
        text_row("http", "listen", MEMBER(http.listen), "Address and port to serve on; port 0 takes any free one.", check_listen),
        text_row("http", "base_url", MEMBER(http.base_url), "How people reach the service; all links begin with it. Empty: made from listen.", check_base_url),
        number_row("http", "threads", MEMBER(http.threads), 1, 64, "Threads that serve connections."),
        text_row("http", "tls_certificate", MEMBER(http.tls_certificate), "PEM file with the certificate chain; with tls_key it switches TLS on."),
        text_row("http", "tls_key", MEMBER(http.tls_key), "PEM file with the certificate's private key."),
        list_row("http", "trusted_proxies", MEMBER(http.trusted_proxies), "Addresses or networks of reverse proxies whose X-Forwarded-For is believed."),
        number_row("http", "connections", MEMBER(http.connections), 16, 1'000'000, "Most connections at the same time, also bounded by the process's descriptors."),
        number_row("http", "connections_per_address", MEMBER(http.connections_per_address), 1, 1'000'000, "Most connections of one address (of one /64 with IPv6); trusted proxies are not counted."),
        number_row("http", "api_requests_per_second", MEMBER(http.api_requests_per_second), 1, 1'000'000, "Calls of the API that one token may make in a second, for long. What is too much gets 429 with Retry-After."),
        number_row("http", "api_request_burst", MEMBER(http.api_request_burst), 1, 100'000'000, "Calls that one token may make at once beyond that."),
        text_row("store", "url", MEMBER(store.url), "The database: sqlite:PATH or postgresql://….", check_store),
        text_row("mail", "transport", MEMBER(mail.transport), "Where mails go: file:DIRECTORY (one .eml each), smtp://[user@]host:587 (STARTTLS required) or smtps://[user@]host:465.", check_transport),
        text_row("mail", "password_file", MEMBER(mail.password_file), "File whose first line is the password of the transport's user."),
        text_row("mail", "ca_file", MEMBER(mail.ca_file), "PEM file of the authorities the mail server's certificate is checked against. Empty: the system's."),
        text_row("mail", "from", MEMBER(mail.from), "Address the mails come from. Empty: reply_to.", check_address),
        number_row("mail", "connections", MEMBER(mail.connections), 1, 32, "Connections to the mail server at the same time."),
        text_row("mail", "reply_to", MEMBER(mail.reply_to), "Mailbox for answers; ORGANIZER and Reply-To become rsvp+TOKEN@… of it.", check_reply_to),
        text_row("mail", "lmtp_listen", MEMBER(mail.lmtp_listen), "Address on which the mail server hands over answers and bounces by LMTP. Empty: off.",
                 [](std::string const& text) { return text.empty() ? Refusal() : check_listen(text); }),
        text_row("mail", "imap", MEMBER(mail.imap), "Mailbox to fetch answers and bounces from, e.g. imaps://user@host/INBOX. Empty: off."),
        list_row("reminders", "before", MEMBER(reminders.before), "When reminders are sent before the start, unless an event says otherwise.", check_duration),
        text_row("links", "promise", MEMBER(links.promise), "How long before the start the link of an online event is due.", check_duration),
        text_row("log", "level", MEMBER(log.level), "debug, info, warn, error or off.", check_level),
    };
}

std::string quoted(std::string const& text) {
    std::string out = "\"";
    for (char c : text) {
        if (c == '"' || c == '\\') out += '\\';
        out += c;
    }
    return out + "\"";
}

}  // namespace

std::span<Row const> settings_table() {
    static std::vector<Row> const table = make_table();
    return table;
}

std::string environment_name(Row const& row) {
    std::string name = "CONVOKE_" + std::string(row.section) + "_" + std::string(row.key);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return name;
}

std::string example_file() {
    std::string out = "# Settings of Convoke. Every key is optional; what stands here is the default.\n"
                      "# Each key is also an environment variable, e.g. CONVOKE_HTTP_LISTEN (lists separated by commas).\n";
    std::string_view section;
    Settings const defaults;
    for (Row const& row : settings_table()) {
        if (row.section != section) out += "\n[" + std::string(row.section) + "]\n";
        section = row.section;
        out += "# " + std::string(row.help) + "\n#" + std::string(row.key) + " = ";
        Value const value = row.get(defaults);
        if (auto const* text = std::get_if<std::string>(&value)) out += quoted(*text);
        if (auto const* number = std::get_if<std::int64_t>(&value)) out += std::to_string(*number);
        if (auto const* list = std::get_if<Texts>(&value)) {
            out += "[";
            for (std::size_t i = 0; i < list->size(); ++i) out += (i == 0 ? "" : ", ") + quoted((*list)[i]);
            out += "]";
        }
        out += "\n";
    }
    return out;
}

}  // namespace convoke::config
