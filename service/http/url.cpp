#include "service/http/url.hpp"

namespace convoke::http {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

bool is_control(unsigned char c) { return c < 0x20 || c == 0x7f; }

}  // namespace

bool is_utf8(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        auto const lead = static_cast<unsigned char>(text[i]);
        std::size_t length;
        std::uint32_t code;
        if (lead < 0x80) { ++i; continue; }
        if (lead >= 0xc2 && lead <= 0xdf) { length = 2; code = lead & 0x1f; }
        else if (lead >= 0xe0 && lead <= 0xef) { length = 3; code = lead & 0x0f; }
        else if (lead >= 0xf0 && lead <= 0xf4) { length = 4; code = lead & 0x07; }
        else return false;
        if (text.size() - i < length) return false;
        for (std::size_t k = 1; k < length; ++k) {
            auto const next = static_cast<unsigned char>(text[i + k]);
            if ((next & 0xc0) != 0x80) return false;
            code = code << 6 | (next & 0x3f);
        }
        if (length == 3 && (code < 0x800 || (code >= 0xd800 && code <= 0xdfff))) return false;
        if (length == 4 && (code < 0x10000 || code > 0x10ffff)) return false;
        i += length;
    }
    return true;
}

std::optional<std::string> percent_decode(std::string_view text, bool plus_is_space) {
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%') {
            if (text.size() - i < 3) return std::nullopt;
            int const high = hex_digit(text[i + 1]);
            int const low = hex_digit(text[i + 2]);
            if (high < 0 || low < 0) return std::nullopt;
            out.push_back(static_cast<char>(high * 16 + low));
            i += 2;
        } else if (text[i] == '+' && plus_is_space) {
            out.push_back(' ');
        } else {
            out.push_back(text[i]);
        }
    }
    return out;
}

std::string percent_encode(std::string_view text) {
    constexpr std::string_view digits = "0123456789ABCDEF";
    std::string out;
    out.reserve(text.size());
    for (unsigned char c : text) {
        bool const unreserved = (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                c == '-' || c == '.' || c == '_' || c == '~';
        if (unreserved) {
            out.push_back(static_cast<char>(c));
        } else {
            out.push_back('%');
            out.push_back(digits[c >> 4]);
            out.push_back(digits[c & 15]);
        }
    }
    return out;
}

std::optional<std::vector<std::string>> path_segments(std::string_view path) {
    std::vector<std::string> segments;
    if (path.empty() || path.front() != '/') return std::nullopt;
    if (path == "/") return segments;
    while (!path.empty()) {
        path.remove_prefix(1);
        auto const end = std::min(path.find('/'), path.size());
        auto segment = percent_decode(path.substr(0, end));
        if (!segment || segment->empty() || *segment == "." || *segment == "..") return std::nullopt;
        if (!is_utf8(*segment)) return std::nullopt;
        for (unsigned char c : *segment) {
            if (is_control(c) || c == '/' || c == '\\') return std::nullopt;
        }
        segments.push_back(*std::move(segment));
        path.remove_prefix(end);
    }
    return segments;
}

std::optional<Fields> parse_urlencoded(std::string_view text, std::size_t limit) {
    std::vector<Fields::Field> items;
    while (!text.empty()) {
        auto const end = std::min(text.find('&'), text.size());
        auto const pair = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        if (pair.empty()) continue;
        if (items.size() == limit) return std::nullopt;
        auto const equals = std::min(pair.find('='), pair.size());
        auto key = percent_decode(pair.substr(0, equals), true);
        auto value = percent_decode(pair.substr(std::min(equals + 1, pair.size())), true);
        if (!key || !value || !is_utf8(*key) || !is_utf8(*value)) return std::nullopt;
        if (key->find('\0') != std::string::npos || value->find('\0') != std::string::npos) return std::nullopt;
        items.emplace_back(*std::move(key), *std::move(value));
    }
    return Fields(std::move(items));
}

std::string safe_local_path(std::string_view wanted) {
    if (wanted.empty() || wanted.front() != '/') return "/";
    // Browsers read "//host", "/\host" and, after their own decoding steps, some of the encoded forms as another site.
    if (wanted.size() > 1 && (wanted[1] == '/' || wanted[1] == '\\' || wanted[1] == '%')) return "/";
    for (unsigned char c : wanted) {
        if (is_control(c) || c == '\\' || c == ' ' || c >= 0x80) return "/";
    }
    return std::string(wanted);
}

}  // namespace convoke::http
