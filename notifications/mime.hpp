// Letters as MIME (RFC 2045–2049, 2047, 2231, 5322, 6047), through GMime. Any thread.
#pragma once

#include "notifications/letter.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

struct Mailbox {
    std::string name, address;  // UTF-8 without control characters; ASCII
};

struct MimeHead {
    Mailbox from, to;
    std::optional<Mailbox> reply_to;
    std::string subject;
    std::string message_id, in_reply_to;  // without angle brackets
    calendar::sys_seconds date;
    std::string language;                 // Content-Language
    std::string list_unsubscribe_url;
};

// With a calendar part: mixed(alternative(plain, html, calendar; method=…), attachment invite.ics), both ICS parts
// base64 of the same bytes. Without: alternative(plain, html). Boundaries come from the Message-ID: same input, same
// bytes. 7 bit throughout, lines end with CRLF.
std::string mime_text(MimeHead const& head, LetterText const& letter);

// What a mail must never have: bare CR or LF, lines over 998 octets, NUL, 8-bit octets, no end of line at the end.
// Empty when right.
std::vector<std::string> faults_of_mail(std::string_view bytes);

}  // namespace convoke::notifications
