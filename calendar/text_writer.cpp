#include "calendar/text_writer.hpp"

#include <array>
#include <stdexcept>

namespace convoke::calendar {
namespace {

constexpr std::size_t longest_line = 75;

bool control(unsigned char c) { return c < 0x20 || c == 0x7f; }

constexpr std::array<bool, 256> characters(bool (*wanted)(unsigned char)) {
    std::array<bool, 256> out{};
    for (unsigned c = 0; c < 256; ++c) out[c] = wanted(static_cast<unsigned char>(c));
    return out;
}

// What goes into a TEXT or a URI as it is: nearly everything, so it is copied in runs.
constexpr auto plain_text = characters([](unsigned char c) {
    return c >= 0x20 && c < 0x7f && c != '\\' && c != ';' && c != ',';
});
constexpr auto plain_uri = characters([](unsigned char c) {
    return c > 0x20 && c < 0x7f && std::string_view("\"<>\\^`{|}").find(static_cast<char>(c)) == std::string_view::npos;
});

// The length of the well-formed UTF-8 character at the front; 0 where it is broken.
std::size_t character(std::string_view text) {
    auto const byte = [&](std::size_t i) { return i < text.size() ? static_cast<unsigned char>(text[i]) : 0u; };
    auto const follows = [&](std::size_t i) { return (byte(i) & 0xC0) == 0x80; };
    unsigned const first = byte(0), second = byte(1);
    if (first < 0x80) return 1;
    if (first < 0xC2 || first > 0xF4) return 0;
    if (first < 0xE0) return follows(1) ? 2 : 0;
    if (first < 0xF0) {
        if (!follows(1) || !follows(2) || (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F)) return 0;
        return 3;
    }
    if (!follows(1) || !follows(2) || !follows(3) || (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F))
        return 0;
    return 4;
}

// Copies a character beyond ASCII, or says that it was broken; returns how many bytes are dealt with.
std::size_t copy_character(std::string& out, std::string_view text) {
    std::size_t const length = character(text);
    if (length == 0) {
        out += "\xEF\xBF\xBD";
        return 1;
    }
    // C1 controls are no text either.
    if (length == 2 && static_cast<unsigned char>(text[0]) == 0xC2 && static_cast<unsigned char>(text[1]) < 0xA0) out += ' ';
    else out += text.substr(0, length);
    return length;
}

}  // namespace

void append_percent(std::string& out, char c) {
    static constexpr char digits[] = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
}

void append_escaped(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        std::size_t plain = i;
        while (plain < text.size() && plain_text[static_cast<unsigned char>(text[plain])]) ++plain;
        out.append(text, i, plain - i);
        if (plain == text.size()) return;
        i = plain;
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80) {
            i += copy_character(out, text.substr(i));
            continue;
        }
        ++i;
        switch (c) {
            case '\\': out += "\\\\"; break;
            case ';': out += "\\;"; break;
            case ',': out += "\\,"; break;
            case '\r':
                if (i < text.size() && text[i] == '\n') ++i;
                [[fallthrough]];
            case '\n': out += "\\n"; break;
            case '\t': out += '\t'; break;
            default: out += control(c) ? ' ' : static_cast<char>(c);
        }
    }
}

void append_quoted(std::string& out, std::string_view text) {
    out += '"';
    for (std::size_t i = 0; i < text.size();) {
        auto const c = static_cast<unsigned char>(text[i]);
        if (c >= 0x80) {
            i += copy_character(out, text.substr(i));
            continue;
        }
        ++i;
        switch (c) {
            case '^': out += "^^"; break;
            case '"': out += "^'"; break;
            case '\r':
                if (i < text.size() && text[i] == '\n') ++i;
                [[fallthrough]];
            case '\n': out += "^n"; break;
            default: out += control(c) ? ' ' : static_cast<char>(c);
        }
    }
    out += '"';
}

std::string checked_uri(std::string_view uri) {
    std::string scheme;
    for (char c : uri) {
        if (c == ':') break;
        scheme += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    bool const letters = !scheme.empty() && scheme.size() < uri.size() && scheme[0] >= 'a' && scheme[0] <= 'z' &&
                         scheme.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789+.-") == std::string::npos;
    if (!letters) throw std::invalid_argument("a URI without a scheme in a calendar entry");
    for (std::string_view refused : {"javascript", "data", "vbscript", "file"})
        if (scheme == refused) throw std::invalid_argument("a URI of the scheme " + scheme + " in a calendar entry");
    std::string out;
    for (char c : uri) {
        auto const byte = static_cast<unsigned char>(c);
        if (control(byte)) throw std::invalid_argument("a control character in a URI of a calendar entry");
        if (plain_uri[byte]) out += c;
        else append_percent(out, c);
    }
    return out;
}

bool valid_utf8(std::string_view text) {
    while (!text.empty()) {
        std::size_t const length = character(text);
        if (length == 0) return false;
        text.remove_prefix(length);
    }
    return true;
}

std::string from_windows_1252(std::string_view bytes) {
    // 0x80–0x9F differ from ISO 8859-1; what Windows leaves empty becomes U+FFFD.
    static constexpr unsigned special[32] = {0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021,
                                             0x02C6, 0x2030, 0x0160, 0x2039, 0x0152, 0xFFFD, 0x017D, 0xFFFD,
                                             0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014,
                                             0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178};
    std::string out;
    for (char c : bytes) {
        unsigned code = static_cast<unsigned char>(c);
        if (code >= 0x80 && code < 0xA0) code = special[code - 0x80];
        if (code < 0x80) {
            out += static_cast<char>(code);
        } else if (code < 0x800) {
            out += static_cast<char>(0xC0 | code >> 6);
            out += static_cast<char>(0x80 | (code & 0x3F));
        } else {
            out += static_cast<char>(0xE0 | code >> 12);
            out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
            out += static_cast<char>(0x80 | (code & 0x3F));
        }
    }
    return out;
}

// Lines are written whole and folded afterwards: nearly all of them fit, and then this is one comparison.
void TextWriter::fold_from(std::size_t start) {
    if (out_.size() - start <= longest_line) {
        out_ += "\r\n";
        return;
    }
    while (out_.size() - start > longest_line) {
        std::size_t cut = start + longest_line;
        while (cut > start + 1 && (static_cast<unsigned char>(out_[cut]) & 0xC0) == 0x80) --cut;
        if (cut == start + 1) cut = start + longest_line;
        out_.insert(cut, "\r\n ");
        start = cut + 2;  // the blank counts
    }
    out_ += "\r\n";
}

TextWriter& TextWriter::line(std::string_view name, std::string_view value) {
    std::size_t const start = out_.size();
    out_ += name;
    out_ += ':';
    out_ += value;
    fold_from(start);
    return *this;
}

TextWriter& TextWriter::line(std::string_view name, std::string_view parameters, std::string_view value) {
    std::size_t const start = out_.size();
    out_ += name;
    out_ += parameters;
    out_ += ':';
    out_ += value;
    fold_from(start);
    return *this;
}

TextWriter& TextWriter::text(std::string_view name, std::string_view value) {
    std::size_t const start = out_.size();
    out_ += name;
    out_ += ':';
    append_escaped(out_, value);
    fold_from(start);
    return *this;
}

TextWriter& TextWriter::uri(std::string_view name, std::string_view value) { return line(name, checked_uri(value)); }

TextWriter& TextWriter::raw(std::string_view lines) {
    out_ += lines;
    return *this;
}

}  // namespace convoke::calendar
