// One letter to one person: every fact it says, and the mail made from it. Nothing is looked up here; `now` and all
// identifiers are parameters, so the same facts give the same bytes. Any thread.
#pragma once

#include "calendar/entry.hpp"
#include "calendar/failure.hpp"
#include "calendar/schedule.hpp"
#include "notifications/mail.hpp"
#include "notifications/rendering/templates.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

enum class LetterKind {
    invitation,     // a fixed event asks for an answer; METHOD:REQUEST
    update,         // time, place or link changed; METHOD:REQUEST with a higher SEQUENCE
    cancellation,   // the event does not take place, or (whole_event false) this person is out of it; METHOD:CANCEL
    confirmation,   // a seat is yours; METHOD:REQUEST, PARTSTAT=ACCEPTED
    pending,        // the organiser decides
    refused,        // the organiser decided: no
    waitlisted,     // full; position in the queue
    offer,          // a seat came free; accept before the deadline
    declined,       // receipt: your registration is cancelled or declined (carries CANCEL where the person held an entry)
    address_check,  // a stranger's form: confirm the address, the seat is held until then
    reminder,
    sign_in,        // a single-use link; no event
};

// "invitation", "address-check", "sign-in" …: the name in the outbox and of the template ("letters/invitation.txt").
std::string_view name_of(LetterKind kind);
std::optional<LetterKind> letter_kind(std::string_view name);

// A series that changes from one date on: the entry that ends before it, or the one that goes on from there.
struct SeriesSplit {
    calendar::local_days from;
    bool begins = false;
    bool time = false, place = false, link = false, title = false;  // what is another from then on
};

struct LetterFacts {
    LetterKind kind = LetterKind::invitation;

    // The reader. Language BCP 47, zone IANA; unknown ones become English and the event's zone.
    std::string recipient_address, recipient_name, recipient_zone, recipient_language;

    // Who writes.
    std::string community_name;                   // several, joint: already joined by the caller ("CoP MI and CoP EES")
    std::string contact_email;                    // for questions; "" = none
    std::string from_address, from_name;          // header From
    std::string envelope_from;                    // bounces; "" = from_address
    std::string reply_to;                         // "" = none
    std::string message_id;                       // without angle brackets, globally unique, ours
    std::string in_reply_to;                      // Message-ID of the first invitation of this UID to this person; "" = none
    std::string list_unsubscribe_url;             // https, RFC 8058; only reminders use it; "" = none

    // The event.
    std::string event_title;
    std::string event_kind;                       // "event", "study-visit", "working-group-meeting", "plenary"
    std::string event_format;                     // "online", "on-site", "hybrid"
    std::string description;                      // plain text
    std::string place;                            // in words, "" = none
    std::string join_link, join_label;            // "" where this person must not see it
    std::optional<calendar::local_days> link_due; // the link will come by this day (said only while join_link is "")
    std::vector<std::string> interpretation;      // BCP 47
    calendar::Schedule schedule;                  // of the occurrence this letter is about
    std::string attendance;                       // confirmation, reminder: "on-site" or "online"; "" = unsaid

    // What happened.
    std::string reason;                           // of a cancellation or refusal, the organiser's words; "" = none
    std::vector<std::string> changes;             // of an update, in the reader's language, one each
    std::optional<SeriesSplit> split;             // of an update
    int waitlist_position = 0;
    std::optional<calendar::sys_seconds> deadline;// offer, address_check, sign_in: until when the link works

    // Pages, absolute https. Links lead to a page with a button (design §4.5); "" leaves the link out.
    std::string event_url, answer_url, accept_url, manage_url, feed_url, sign_in_url;

    // The calendar part. `entry` gives an invitation, update, confirmation a REQUEST and a cancellation or receipt
    // (declined) a CANCEL when carries_calendar is true; the other kinds never carry one.
    bool carries_calendar = false;
    bool whole_event = true;                      // cancellation: STATUS:CANCELLED, not just this person
    std::optional<calendar::local_seconds> date;  // update, cancellation: of this date of the series alone (RECURRENCE-ID)
    bool date_apart = false;                      // it is unlike the others and goes with the series' mail: no news
    calendar::Entry entry;
    calendar::Organizer organizer;
    calendar::Attendee attendee;                  // partstat as we know it; a confirmation makes it ACCEPTED
};

// The letter's three texts, before MIME.
struct LetterText {
    std::string language, subject, text, html;
    std::string method, ics;                      // "" = no calendar part
};
// Failures: errc::email_invalid, smtputf8_not_supported, control_character, url_scheme, invalid_value: addresses,
// identifiers and links are refused when anything is wrong with them (letter_check.hpp), names and titles are made one
// line; errc::event_provisional: a calendar part was asked for and there is no hour.
result<LetterText> write_letter(LetterFacts const& facts, rendering::Templates const& templates, calendar::sys_seconds now);

// write_letter and the MIME around it (RFC 6047; interop.md M1–M14). `now` becomes Date and DTSTAMP.
result<Mail> compose(LetterFacts const& facts, rendering::Templates const& templates, calendar::sys_seconds now);

}  // namespace convoke::notifications
