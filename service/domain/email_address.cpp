#include "service/domain/email_address.hpp"

#include "calendar/ascii.hpp"

#include <unicode/bytestream.h>
#include <unicode/idna.h>

namespace convoke::domain {
namespace {

bool is_control(char c) {
    auto const byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7f;
}

bool is_ascii(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

// RFC 5322 §3.2.3.
bool is_atext(char c) {
    return is_letter_or_digit(c) || std::string_view("!#$%&'*+-/=?^_`{|}~").find(c) != std::string_view::npos;
}

Failure invalid(std::string detail) { return Failure(errc::email_invalid, std::move(detail)); }

result<void> check_local(std::string_view local) {
    if (local.empty()) return invalid("there is nothing before the @");
    if (!is_ascii(local))
        return Failure(errc::smtputf8_not_supported,
                       "the part before the @ has letters outside ASCII, which mail servers may refuse: "
                       "an address in plain letters is needed");
    if (local.size() > 64) return invalid("the part before the @ has more than 64 characters");
    if (local.front() == '"') return invalid("a quoted part before the @ is not taken");
    if (local.front() == '.' || local.back() == '.' || local.find("..") != std::string_view::npos)
        return invalid("the part before the @ must not begin or end with a dot nor hold two in a row");
    for (char c : local)
        if (c != '.' && !is_atext(c))
            return invalid("the part before the @ must not hold '" + std::string(1, c) + "'");
    return {};
}

// UTS #46, non-transitional, as browsers and registries do it. The instance is immutable and shared by all threads.
icu::IDNA const* idna() {
    static std::unique_ptr<icu::IDNA> const instance = [] {
        UErrorCode status = U_ZERO_ERROR;
        return std::unique_ptr<icu::IDNA>(icu::IDNA::createUTS46Instance(
            UIDNA_USE_STD3_RULES | UIDNA_CHECK_BIDI | UIDNA_CHECK_CONTEXTJ | UIDNA_NONTRANSITIONAL_TO_ASCII, status));
    }();
    return instance.get();
}

result<std::string> to_a_labels(std::string_view domain) {
    if (is_ascii(domain) && calendar::ascii_lower(domain).find("xn--") == std::string::npos) return calendar::ascii_lower(domain);
    icu::IDNA const* converter = idna();
    if (!converter) return Failure(errc::internal, "the table of international domain names is not available");
    std::string out;
    icu::StringByteSink<std::string> sink(&out);
    icu::IDNAInfo info;
    UErrorCode status = U_ZERO_ERROR;
    converter->nameToASCII_UTF8(icu::StringPiece(domain.data(), static_cast<int32_t>(domain.size())), sink, info,
                                status);
    if (U_FAILURE(status) || info.hasErrors()) return invalid("the part after the @ is not a domain name");
    return calendar::ascii_lower(out);
}

result<void> check_domain(std::string_view domain) {
    if (domain.size() > 253) return invalid("the domain has more than 253 characters");
    std::size_t labels = 0;
    std::string_view last;
    for (std::size_t at = 0; at <= domain.size();) {
        std::size_t const dot = std::min(domain.find('.', at), domain.size());
        last = domain.substr(at, dot - at);
        if (last.empty()) return invalid("the part after the @ has an empty piece between dots");
        if (last.size() > 63) return invalid("a piece of the domain has more than 63 characters");
        if (last.front() == '-' || last.back() == '-')
            return invalid("a piece of the domain begins or ends with a hyphen");
        for (char c : last)
            if (c != '-' && !is_letter_or_digit(c))
                return invalid("the part after the @ must not hold '" + std::string(1, c) + "'");
        ++labels;
        at = dot + 1;
    }
    if (labels < 2) return invalid("the part after the @ must be a full domain name such as 'example.org'");
    if (std::all_of(last.begin(), last.end(), [](char c) { return c >= '0' && c <= '9'; }))
        return invalid("the part after the @ must be a domain name, not a number");
    return {};
}

}  // namespace

std::string EmailAddress::key() const { return calendar::ascii_lower(local) + '@' + domain; }

result<EmailAddress> parse_email_address(std::string_view text) {
    if (std::any_of(text.begin(), text.end(), is_control))
        return invalid("an e-mail address holds no line ends or control characters");
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
    if (text.empty()) return Failure(errc::required, "an e-mail address such as 'anna@example.org' is needed");
    // Generous for names that shrink to A-labels, tight enough that nothing long is looked at closely.
    if (text.size() > 1024) return invalid("an e-mail address has at most 254 characters");
    if (text.find('<') != std::string_view::npos || text.find('>') != std::string_view::npos)
        return invalid("the address alone is needed, without a name and without < >");
    std::size_t const at = text.find('@');
    if (at == std::string_view::npos) return invalid("the @ is missing");
    if (text.find('@', at + 1) != std::string_view::npos) return invalid("there is more than one @");
    EmailAddress address;
    address.local = text.substr(0, at);
    CONVOKE_CHECK(check_local(address.local));
    CONVOKE_TRY(domain, to_a_labels(text.substr(at + 1)));
    CONVOKE_CHECK(check_domain(domain));
    address.domain = std::move(domain);
    if (address.local.size() + 1 + address.domain.size() > 254)
        return invalid("an e-mail address has at most 254 characters");
    return address;
}

result<std::string> normalise_email_address(std::string_view text) {
    CONVOKE_TRY(address, parse_email_address(text));
    return address.text();
}

}  // namespace convoke::domain
