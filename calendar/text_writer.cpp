#include "calendar/text_writer.hpp"

#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <array>
#include <stdexcept>

namespace convoke::calendar {
namespace {

constexpr std::size_t longest_line = 75;

bool control(unsigned char c) { return c < 0x20 || c == 0x7f; }

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

void hex(std::string& out, unsigned char byte) {
    static constexpr char digits[] = "0123456789ABCDEF";
    out += '%';
    out += digits[byte >> 4];
    out += digits[byte & 15];
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

std::string ascii_domain(std::string_view domain) {
    if (std::all_of(domain.begin(), domain.end(), [](unsigned char c) { return c < 0x80; })) return std::string(domain);
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::IDNA> const idna(icu::IDNA::createUTS46Instance(UIDNA_DEFAULT | UIDNA_NONTRANSITIONAL_TO_ASCII, status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no UTS 46");
    icu::UnicodeString ascii;
    icu::IDNAInfo info;
    idna->nameToASCII(icu::UnicodeString::fromUTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size()))),
                      ascii, info, status);
    if (U_FAILURE(status) || info.hasErrors()) throw std::invalid_argument("a mail domain that cannot be written in ASCII");
    std::string out;
    ascii.toUTF8String(out);
    return out;
}

}  // namespace

void append_escaped(std::string& out, std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
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
        if (byte >= 0x80 || std::string_view(" \"<>\\^`{|}").find(c) != std::string_view::npos) hex(out, byte);
        else out += c;
    }
    return out;
}

std::string mailto(std::string_view address) {
    auto const at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size())
        throw std::invalid_argument("a calendar entry needs an address of the form name@domain");
    for (char c : address)
        if (control(static_cast<unsigned char>(c)) || c == ' ')
            throw std::invalid_argument("a control character or blank in an address of a calendar entry");
    std::string out = "mailto:";
    for (char c : address.substr(0, at)) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("!$'*+-._~=").find(c) != std::string_view::npos;
        if (plain) out += c;
        else hex(out, static_cast<unsigned char>(c));
    }
    std::string const domain = ascii_domain(address.substr(at + 1));
    if (domain.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-[]:") != std::string::npos)
        throw std::invalid_argument("a mail domain with characters no domain has");
    out += '@';
    out += domain;
    return out;
}

// Lines are written whole and folded afterwards: nearly all of them fit, and then this is one comparison.
void TextWriter::fold_from(std::size_t start) {
    if (out_.size() - start <= longest_line) {
        out_ += "\r\n";
        return;
    }
    std::string const whole = out_.substr(start);
    out_.resize(start);
    std::string_view rest = whole;
    std::size_t room = longest_line;
    while (rest.size() > room) {
        std::size_t cut = room;
        while (cut > 0 && (static_cast<unsigned char>(rest[cut]) & 0xC0) == 0x80) --cut;
        if (cut == 0) cut = room;
        out_ += rest.substr(0, cut);
        out_ += "\r\n ";
        rest.remove_prefix(cut);
        room = longest_line - 1;  // the blank counts
    }
    out_ += rest;
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
