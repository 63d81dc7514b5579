#include "config/settings_table.hpp"

#include "config/checks.hpp"

#include <algorithm>
#include <cctype>

namespace convoke::config {

namespace {

using Texts = std::vector<std::string>;

// Rows for the four types of values: `member` finds the value in the settings, `check` refuses it.
template <class Member>
Row text_row(std::string_view section, std::string_view key, Member member, std::string_view help,
             Check const& check = any_text) {
    return {section, key, check.value, help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                auto& text = std::get<std::string>(value);
                if (auto refusal = check.refuse(text)) return refusal;
                member(settings) = std::move(text);
                return std::nullopt;
            }};
}

template <class Member>
Row number_row(std::string_view section, std::string_view key, Member member, std::int64_t min, std::int64_t max,
               std::string_view help) {
    return {section, key, "NUMBER", help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                std::int64_t const number = std::get<std::int64_t>(value);
                if (number < min || number > max)
                    return "must be a whole number from " + std::to_string(min) + " to " + std::to_string(max);
                member(settings) = number;
                return std::nullopt;
            }};
}

template <class Member>
Row flag_row(std::string_view section, std::string_view key, Member member, std::string_view help) {
    return {section, key, "true or false", help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                member(settings) = std::get<bool>(value);
                return std::nullopt;
            }};
}

template <class Member>
Row list_row(std::string_view section, std::string_view key, Member member, std::string_view help,
             Check const& check = any_text) {
    return {section, key, check.value, help, [=](Settings const& settings) -> Value { return member(const_cast<Settings&>(settings)); },
            [=](Settings& settings, Value value) -> Refusal {
                auto& texts = std::get<Texts>(value);
                for (std::string const& text : texts)
                    if (auto refusal = check.refuse(text)) return "\"" + text + "\": " + *refusal;
                member(settings) = std::move(texts);
                return std::nullopt;
            }};
}

Check const port_number{"PORT", [](std::string const& text) -> Refusal {
    bool const digits = !text.empty() && text.size() <= 5 && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c); });
    if (digits && text.front() != '0' && std::stol(text) <= 65535) return std::nullopt;
    return "must be a port from 1 to 65535";
}};

Check const scrape_token{"TOKEN", [](std::string const& text) -> Refusal {
    bool const visible = std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c < 0x7f; });
    if (text.empty() || (visible && text.size() >= 16)) return std::nullopt;
    return "must be at least 16 visible ASCII characters, or empty";
}};

#define MEMBER(path) [](Settings & s) -> auto& { return s.path; }

std::vector<Row> make_table() {
    return {
        text_row("http", "listen", MEMBER(http.listen), "Address and port to serve on; port 0 takes any free one.", listen_address),
        text_row("http", "base_url", MEMBER(http.base_url), "How people reach the service; all links begin with it. Empty: made from listen.", base_address),
        number_row("http", "threads", MEMBER(http.threads), 1, 64, "Threads that serve connections."),
        text_row("http", "tls_certificate", MEMBER(http.tls_certificate), "PEM file with the certificate chain; with tls_key it switches TLS on.", file_name),
        text_row("http", "tls_key", MEMBER(http.tls_key), "PEM file with the certificate's private key.", file_name),
        list_row("http", "trusted_proxies", MEMBER(http.trusted_proxies), "Addresses or networks of reverse proxies whose X-Forwarded-For is believed.", network),
        number_row("http", "connections", MEMBER(http.connections), 16, 1'000'000, "Most connections at the same time, also bounded by the process's descriptors."),
        number_row("http", "connections_per_address", MEMBER(http.connections_per_address), 1, 1'000'000, "Most connections of one address (of one /64 with IPv6); trusted proxies are not counted."),
        number_row("http", "api_requests_per_second", MEMBER(http.api_requests_per_second), 1, 1'000'000, "Calls of the API that one token may make in a second, for long. What is too much gets 429 with Retry-After."),
        number_row("http", "api_request_burst", MEMBER(http.api_request_burst), 1, 100'000'000, "Calls that one token may make at once beyond that."),
        text_row("http", "metrics_token", MEMBER(http.metrics_token), "What a scraper sends as 'Authorization: Bearer …' to read /metrics from elsewhere. Without it: this machine, and administrators' API tokens.", scrape_token),
        text_row("store", "url", MEMBER(store.url), "The database: sqlite:PATH or postgresql://….", database_url),
        text_row("mail", "transport", MEMBER(mail.transport), "Where mails go: file:DIRECTORY (one .eml each), smtp://[user@]host:587 (STARTTLS required) or smtps://[user@]host:465.", mail_transport),
        text_row("mail", "password_file", MEMBER(mail.password_file), "File whose first line is the password of the transport's user.", file_name),
        text_row("mail", "ca_file", MEMBER(mail.ca_file), "PEM file of the authorities the mail server's certificate is checked against. Empty: the system's.", file_name),
        text_row("mail", "from", MEMBER(mail.from), "Address the mails come from. Empty: reply_to.", optional_mail_address),
        number_row("mail", "connections", MEMBER(mail.connections), 1, 32, "Connections to the mail server at the same time."),
        text_row("mail", "reply_to", MEMBER(mail.reply_to), "Mailbox for answers; ORGANIZER and Reply-To become rsvp+TOKEN@… of it.", mail_address),
        text_row("mail", "lmtp_listen", MEMBER(mail.lmtp_listen), "Address on which the mail server hands over answers and bounces by LMTP. Empty: off.", optional_listen_address),
        text_row("mail", "imap", MEMBER(mail.imap), "Mailbox to fetch answers and bounces from, e.g. imaps://user@host/INBOX; where the mail server cannot hand them over. Empty: off.", imap_mailbox),
        text_row("mail", "imap_password_file", MEMBER(mail.imap_password_file), "File whose first line is the password of the mailbox's user. Empty: password_file.", file_name),
        list_row("reminders", "before", MEMBER(reminders.before), "When reminders are sent before the start, unless an event says otherwise.", duration),
        text_row("links", "promise", MEMBER(links.promise), "How long before the start the link of an online event is due.", duration),
        flag_row("webhooks", "allow_private", MEMBER(webhooks.allow_private), "Whether receivers may be in private networks or on this machine. Organisers could then make the service call anything it can reach."),
        list_row("webhooks", "ports", MEMBER(webhooks.ports), "Ports that receivers may listen on.", port_number),
        text_row("webhooks", "ca_file", MEMBER(webhooks.ca_file), "PEM file of the authorities that receivers' certificates are checked against. Empty: the system's.", file_name),
        text_row("log", "level", MEMBER(log.level), "debug, info, warn, error or off.", log_level),
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

std::string name_of(Row const& row) { return std::string(row.section) + "." + std::string(row.key); }

std::string environment_name(Row const& row) {
    std::string name = "CONVOKE_" + std::string(row.section) + "_" + std::string(row.key);
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
    return name;
}

std::string toml_text(Value const& value) {
    if (auto const* text = std::get_if<std::string>(&value)) return quoted(*text);
    if (auto const* number = std::get_if<std::int64_t>(&value)) return std::to_string(*number);
    if (auto const* flag = std::get_if<bool>(&value)) return *flag ? "true" : "false";
    std::string out;
    for (std::string const& text : std::get<Texts>(value)) out += (out.empty() ? "" : ", ") + quoted(text);
    return "[" + out + "]";
}

}  // namespace convoke::config
