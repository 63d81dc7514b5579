#include "notifications/transport_url.hpp"

#include <algorithm>
#include <charconv>

namespace convoke::notifications {
namespace {

// What is wrong with one setting, and what would be right.
struct Setting {
    std::string_view name, shapes;
    Failure wrong(std::string const& what) const {
        return Failure(errc::invalid_value, std::string(name) + ": " + what + "; it must be " + std::string(shapes));
    }
};

constexpr Setting transport{"mail transport", "file:DIRECTORY, smtps://[user@]host[:465] or smtp://[user@]host[:587]"};
constexpr Setting imap{"mail.imap", "imaps://user@host[:993]/MAILBOX, such as imaps://rsvp@mail.example/INBOX"};

result<std::string> percent_decoded(Setting const& setting, std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '%') {
            out += text[i];
            continue;
        }
        unsigned value = 0;
        const auto digits = text.substr(i + 1, 2);
        const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
        if (digits.size() != 2 || error != std::errc() || end != digits.data() + 2 || value < 0x20 || value == 0x7f) {
            return setting.wrong("it has a bad percent sign");
        }
        out += static_cast<char>(value);
        i += 2;
    }
    return out;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

result<void> check_port(Setting const& setting, std::string_view port) {
    unsigned value = 0;
    if (all_digits(port) && port.size() <= 5) std::from_chars(port.data(), port.data() + port.size(), value);
    if (value < 1 || value > 65535) return setting.wrong("\"" + std::string(port) + "\" is no port (1–65535)");
    return {};
}

struct ServerName {
    std::string user, host, port;
};

// "[user@]host[:port]"
result<ServerName> parse_server(Setting const& setting, std::string_view text, std::string_view usual_port) {
    ServerName server;
    server.port = usual_port;
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        if (text.substr(0, at).find(':') != std::string_view::npos) {
            return setting.wrong("a password does not belong into the address (mail.password_file is its place)");
        }
        CONVOKE_TRY(user, percent_decoded(setting, text.substr(0, at)));
        if (user.empty()) return setting.wrong("the user before the @ is empty");
        server.user = std::move(user);
        text.remove_prefix(at + 1);
    }
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return setting.wrong("the [ of an IPv6 address is not closed");
        server.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        server.host = text.substr(0, colon);
        port = text.substr(colon);
    }
    const bool plain = std::all_of(server.host.begin(), server.host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
    });
    if (server.host.empty() || !plain) return setting.wrong("it names no host");
    if (!port.empty()) {
        if (port.front() != ':') return setting.wrong("something follows the host");
        CONVOKE_CHECK(check_port(setting, port.substr(1)));
        server.port = port.substr(1);
    }
    return server;
}

}  // namespace

result<TransportUrl> parse_transport_url(std::string_view text) {
    TransportUrl url;
    if (text.starts_with("file:")) {
        url.directory = text.substr(5);
        if (url.directory.starts_with("//")) url.directory.erase(0, 2);
        if (url.directory.empty()) return transport.wrong("file: names no directory");
        return url;
    }
    if (text.starts_with("smtps://")) {
        url.scheme = TransportUrl::Scheme::smtps;
        text.remove_prefix(8);
    } else if (text.starts_with("smtp://")) {
        url.scheme = TransportUrl::Scheme::smtp;
        text.remove_prefix(7);
    } else {
        return transport.wrong("\"" + std::string(text.substr(0, 40)) + "\" is not understood");
    }
    if (text.ends_with('/')) text.remove_suffix(1);
    CONVOKE_TRY(server, parse_server(transport, text, url.scheme == TransportUrl::Scheme::smtps ? "465" : "587"));
    url.user = std::move(server.user);
    url.host = std::move(server.host);
    url.port = std::move(server.port);
    return url;
}

result<ImapUrl> parse_imap_url(std::string_view text) {
    constexpr std::string_view scheme = "imaps://";
    if (!text.starts_with(scheme)) return imap.wrong("\"" + std::string(text.substr(0, 40)) + "\" is not understood");
    text.remove_prefix(scheme.size());
    auto const slash = text.find('/');
    if (slash == std::string_view::npos || slash + 1 == text.size()) return imap.wrong("it names no mailbox");
    CONVOKE_TRY(server, parse_server(imap, text.substr(0, slash), "993"));
    if (server.user.empty()) return imap.wrong("it names no user");
    CONVOKE_TRY(mailbox, percent_decoded(imap, text.substr(slash + 1)));
    if (std::any_of(mailbox.begin(), mailbox.end(), [](char c) { return c < ' ' || c > '~'; })) return imap.wrong("the mailbox must be named in ASCII");
    return ImapUrl{std::move(server.user), std::move(server.host), std::move(server.port), std::move(mailbox)};
}

}  // namespace convoke::notifications
