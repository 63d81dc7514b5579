// A mail that came in, as far as the service wants to know it: who wrote it, and the answer to an invitation in it, if it
// holds one (RFC 6047 §2, iMIP). Whether it is believed is the caller's. Any thread; pure; bounded by MailLimits.
#pragma once

#include "calendar/answer.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

struct MailLimits {
    std::size_t head_bytes = 256 * 1024;      // of the mail's own header
    int depth = 20, parts = 200;              // of MIME
    std::size_t calendar_bytes = 256 * 1024;  // one calendar part, its transfer encoding undone
    std::size_t senders = 10;                 // addresses in From that are read
};

// Why a mail is no answer that a program understands. A person may still read it.
enum class Unread {
    nothing,              // it is one: `answer` is set
    damaged,              // no mail at all, or a header beyond the limit
    too_deep,             // beyond the limits of depth or parts
    bounce,               // a delivery report (RFC 3464), whatever it quotes
    complaint,            // a feedback report (RFC 5965)
    receipt,              // a read receipt (RFC 8098)
    tnef,                 // the answer is inside a winmail.dat
    calendar_too_large,
    calendar_unreadable,  // no iCalendar, or beyond the limits of calendar::read_answer
    automatic,            // an automatic reply (RFC 3834) without an answer
    no_calendar,          // what people write
};
// "out_of_office"-like slugs that never change, for the API: "bounce", "no_calendar" …
std::string_view slug(Unread reason);
// "a report about a mail that was not delivered"; for people.
std::string_view words(Unread reason);

struct ReceivedMail {
    std::vector<std::string> from;  // every address of every From: a right mail has one. As written, not normalised
    std::string message_id;         // without angle brackets; "" = none
    std::optional<calendar::sys_seconds> date;  // when it was written, as its Date says; none that can be read
    bool automatic = false;         // says that no person wrote it; calendars' answers often do
    Unread unread = Unread::no_calendar;
    std::string detail;             // of calendar_unreadable: what is wrong with it
    std::optional<calendar::Answer> answer;
};

// `bytes`: the mail as handed over, lines ended by CRLF or LF. Of several calendar parts the one counts that is an answer,
// those that name a method first. What a mail quotes as a message of its own is not looked into.
ReceivedMail read_mail(std::string_view bytes, MailLimits const& limits = {});

}  // namespace convoke::notifications
