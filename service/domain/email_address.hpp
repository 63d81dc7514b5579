// An e-mail address as the service keeps it: checked once where it comes in, afterwards a plain string.
// What is taken: RFC 5321 §4.1.2 dot-string local parts in ASCII and domain names of at least two labels, also
// internationalised ones (RFC 5891, through UTS #46), which are kept as A-labels. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"

#include <string>
#include <string_view>

namespace convoke::domain {

struct EmailAddress {
    std::string local;   // as written: "Anna.Kovacs"
    std::string domain;  // lower case, A-labels: "xn--mnchen-3ya.example"

    std::string text() const { return local + '@' + domain; }
    // What two spellings of one mailbox have in common: all lower case. For uniqueness, never for sending.
    std::string key() const;

    friend bool operator==(EmailAddress const&, EmailAddress const&) = default;
};

// Spaces around the address are dropped; everything else must be the address alone (no "Name <address>").
// errc::required for an empty text, smtputf8_not_supported for a local part outside ASCII, email_invalid for everything
// else, saying what is wrong: control characters and line ends anywhere, more than 254 octets in all or 64 before the @ …
result<EmailAddress> parse_email_address(std::string_view text);

// parse_email_address(text)->text().
result<std::string> normalise_email_address(std::string_view text);

}  // namespace convoke::domain
