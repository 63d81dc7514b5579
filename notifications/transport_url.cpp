#include "notifications/transport_url.hpp"

#include <algorithm>
#include <charconv>

namespace convoke::notifications {
namespace {

constexpr char shapes[] = "file:DIRECTORY, smtps://[user@]host[:465] or smtp://[user@]host[:587]";

Failure wrong(std::string const& what) {
    return Failure(errc::invalid_value, "mail transport: " + what + "; it must be " + shapes);
}

result<std::string> percent_decoded(std::string_view text) {
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
            return wrong("the user name has a bad percent sign");
        }
        out += static_cast<char>(value);
        i += 2;
    }
    return out;
}

bool all_digits(std::string_view text) {
    return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

result<void> check_port(std::string_view port) {
    unsigned value = 0;
    if (all_digits(port) && port.size() <= 5) std::from_chars(port.data(), port.data() + port.size(), value);
    if (value < 1 || value > 65535) return wrong("\"" + std::string(port) + "\" is no port (1–65535)");
    return {};
}

}  // namespace

result<TransportUrl> parse_transport_url(std::string_view text) {
    TransportUrl url;
    if (text.starts_with("file:")) {
        url.directory = text.substr(5);
        if (url.directory.starts_with("//")) url.directory.erase(0, 2);
        if (url.directory.empty()) return wrong("file: names no directory");
        return url;
    }
    if (text.starts_with("smtps://")) {
        url.scheme = TransportUrl::Scheme::smtps;
        url.port = "465";
        text.remove_prefix(8);
    } else if (text.starts_with("smtp://")) {
        url.scheme = TransportUrl::Scheme::smtp;
        url.port = "587";
        text.remove_prefix(7);
    } else {
        return wrong("\"" + std::string(text.substr(0, 40)) + "\" is not understood");
    }
    if (text.ends_with('/')) text.remove_suffix(1);
    if (const auto at = text.rfind('@'); at != std::string_view::npos) {
        if (text.substr(0, at).find(':') != std::string_view::npos) {
            return wrong("a password does not belong into the address (mail.password_file is its place)");
        }
        CONVOKE_TRY(user, percent_decoded(text.substr(0, at)));
        if (user.empty()) return wrong("the user before the @ is empty");
        url.user = std::move(user);
        text.remove_prefix(at + 1);
    }
    std::string_view port;
    if (text.starts_with('[')) {
        const auto end = text.find(']');
        if (end == std::string_view::npos) return wrong("the [ of an IPv6 address is not closed");
        url.host = text.substr(1, end - 1);
        port = text.substr(end + 1);
    } else {
        const auto colon = std::min(text.find(':'), text.size());
        url.host = text.substr(0, colon);
        port = text.substr(colon);
    }
    const bool plain = std::all_of(url.host.begin(), url.host.end(), [](char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
    });
    if (url.host.empty() || !plain) return wrong("it names no host");
    if (!port.empty()) {
        if (port.front() != ':') return wrong("something follows the host");
        CONVOKE_CHECK(check_port(port.substr(1)));
        url.port = port.substr(1);
    }
    return url;
}

}  // namespace convoke::notifications
