#include "calendar/address.hpp"

#include "calendar/ascii.hpp"
#include "calendar/reading.hpp"
#include "calendar/text_writer.hpp"

#include <unicode/idna.h>
#include <unicode/unistr.h>

#include <stdexcept>

namespace convoke::calendar {
namespace {

int hex_digit(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

std::string percent_decoded(std::string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 && hex_digit(text[i + 2]) >= 0) {
            out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
            i += 2;
        } else {
            out += text[i];
        }
    }
    return out;
}

}  // namespace

std::optional<std::string> ascii_domain(std::string_view domain) {
    if (std::all_of(domain.begin(), domain.end(), [](unsigned char c) { return c < 0x80; })) return ascii_lower(domain);
    UErrorCode status = U_ZERO_ERROR;
    std::unique_ptr<icu::IDNA> const idna(
        icu::IDNA::createUTS46Instance(UIDNA_NONTRANSITIONAL_TO_ASCII | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ, status));
    if (U_FAILURE(status)) throw std::runtime_error("ICU has no UTS 46");
    icu::UnicodeString ascii;
    icu::IDNAInfo info;
    idna->nameToASCII(icu::UnicodeString::fromUTF8(icu::StringPiece(domain.data(), static_cast<std::int32_t>(domain.size()))),
                      ascii, info, status);
    if (U_FAILURE(status) || info.hasErrors()) return std::nullopt;
    std::string out;
    ascii.toUTF8String(out);
    return out;
}

std::string mailto(std::string_view address) {
    auto const at = address.rfind('@');
    if (at == std::string_view::npos || at == 0 || at + 1 == address.size())
        throw std::invalid_argument("a calendar entry needs an address of the form name@domain");
    for (char c : address)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f || c == ' ')
            throw std::invalid_argument("a control character or blank in an address of a calendar entry");
    std::string out = "mailto:";
    for (char c : address.substr(0, at)) {
        bool const plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                           std::string_view("!$'*+-._~=").find(c) != std::string_view::npos;
        if (plain) out += c;
        else append_percent(out, c);
    }
    auto const domain = ascii_domain(address.substr(at + 1));
    if (!domain || domain->find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789.-[]:") != std::string::npos)
        throw std::invalid_argument("a mail domain with characters no domain has");
    return out + '@' + *domain;
}

std::string normal_address(std::string_view text) {
    auto const trim = [&] {
        while (!text.empty() && std::string_view(" \t\"'<>").find(text.front()) != std::string_view::npos) text.remove_prefix(1);
        while (!text.empty() && std::string_view(" \t\"'<>").find(text.back()) != std::string_view::npos) text.remove_suffix(1);
    };
    trim();
    for (int i = 0; i < 3 && text.size() >= 7 && ascii_lower(text.substr(0, 7)) == "mailto:"; ++i) {
        text.remove_prefix(7);
        trim();
    }
    std::string out = percent_decoded(text.substr(0, 1000));
    // What decodes to control characters is no address; it must not travel further as one.
    for (char c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) return {};
    auto const at = out.rfind('@');
    if (at == std::string::npos) return out;
    auto const domain = ascii_domain(std::string_view(out).substr(at + 1));
    return out.substr(0, at + 1) + (domain ? *domain : out.substr(at + 1));
}

bool same_address(std::string_view a, std::string_view b) {
    return ascii_lower(normal_address(a)) == ascii_lower(normal_address(b));
}

}  // namespace convoke::calendar
