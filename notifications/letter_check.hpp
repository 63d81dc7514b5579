// Nothing that could become a second header line, a second recipient or a script link gets into a mail.
#pragma once

#include "notifications/letter.hpp"

namespace convoke::notifications {

// Addresses, identifiers and links are refused, not repaired: they come from our own tables, so a bad one is a fault.
result<void> check_letter(LetterFacts const& facts);

// RFC 5321 dot-string or quoted local part without spaces, ASCII, at most 254 octets.
result<void> check_mailbox(std::string_view address, char const* what);

}  // namespace convoke::notifications
