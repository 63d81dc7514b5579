// What an attendee's calendar sends back to us as the organiser (iTIP, RFC 5546 §3.2.3, 3.2.6–3.2.8), as values.
// It says what the text says and what keeps it from having an effect; whether it is believed (token, sender, DKIM)
// and what is done about it is the caller's. Rules, times and places in an answer are echo: nothing of them is
// expanded, and nobody's event changes because of them. Any thread; pure; time linear in the input.
#pragma once

#include "calendar/reading.hpp"

namespace convoke::calendar {

enum class AnswerMethod {
    reply,            // yes, no, perhaps (§3.2.3)
    refresh,          // asks for the current invitation again (§3.2.6)
    counter,          // proposes another time or place (§3.2.7)
    decline_counter,  // an organiser's word; from an attendee it has no effect (§3.2.8)
    other,            // REQUEST, CANCEL, PUBLISH, ADD or none at all: never has an effect (a quoted invitation)
};

enum class Participation { accepted, declined, tentative, delegated, needs_action, unknown };

struct AnswerAttendee {
    std::string address;           // as ReadPerson::address; compare with same_address()
    std::string email;             // the EMAIL parameter, "" = none
    std::string name;
    Participation participation = Participation::unknown;  // unknown: missing, or a word nobody knows: no change
    std::string sent_by, delegated_to, delegated_from;
};

// Why a part has no effect by itself. A person may still read it.
enum class Obstacle {
    method_without_effect,   // AnswerMethod::other or decline_counter
    no_uid,                  // the reply address must say which event
    unknown_participation,   // a REPLY whose every PARTSTAT is missing or unknown
    unreadable_instance,     // RECURRENCE-ID in a zone nobody knows, floating, or no time at all
    this_and_future,         // RANGE=THISANDFUTURE: for a person to decide
    unreadable_proposal,     // a COUNTER without a time that can be placed
};
// "the answer names an occurrence whose time zone is unknown"; for logs and the desk.
std::string_view words(Obstacle obstacle);

// What a COUNTER proposes: a span in time (empty where it names no end), or whole days.
struct Proposal {
    std::optional<Span> span;
    std::optional<local_days> first_day, last_day;  // both included; set when the days are whole
};

// The instance an answer is about.
struct AnsweredInstance {
    std::optional<sys_seconds> instant;
    std::optional<local_days> day;  // RECURRENCE-ID;VALUE=DATE
};

// One VEVENT of an answer.
struct AnswerPart {
    std::string uid;                          // "" = none
    std::optional<AnsweredInstance> instance; // none: the event, or every occurrence
    int sequence = 0;                         // of the invitation that is answered; capped at 2^31-1
    std::optional<sys_seconds> dtstamp;
    std::vector<AnswerAttendee> attendees;    // may be empty (Exchange, Spark): then the token or the sender says who
    std::optional<std::string> organizer;     // address; Exchange leaves it out
    std::string comment;                      // trimmed; "" = none
    std::optional<Proposal> proposal;         // counter only
    std::optional<Proposal> proposed_instead_of;  // X-MS-OLK-ORIGINALSTART/END
    std::string proposed_location;            // counter only
    std::vector<Obstacle> obstacles;          // empty: may have an effect

    bool effective() const { return obstacles.empty(); }
};

struct Answer {
    AnswerMethod method = AnswerMethod::other;
    std::string method_name;              // as written, upper case; "" = none
    bool method_differs = false;          // from what the Content-Type declared (RFC 6047 §2.4)
    bool repaired = false;                // read only after undoing a second quoted-printable encoding
    std::vector<AnswerPart> parts;        // at least one
};

struct AnswerSource {
    std::string_view charset;  // as the Content-Type says; "" or unknown: UTF-8, else Windows-1252
    std::string_view method;   // the Content-Type's method parameter; only compared
};

// The bytes of one calendar part, transfer encoding undone. errc::payload_too_large beyond R19's limits (1 MiB, lines of
// 64 KiB, 50 VEVENTs, 500 ATTENDEEs), errc::invalid_value for what is no calendar or has no VEVENT: such a mail is a
// person's to read.
result<Answer> read_answer(std::string_view bytes, AnswerSource const& source = {});

// The one whose address (or EMAIL, or SENT-BY) is `address`; null when there is none.
AnswerAttendee const* attendee_with(AnswerPart const& part, std::string_view address);

// Which occurrence an instance is: its id as in Occurrence, found by instant in whatever form it came (UTC, TZID, Windows
// names), or by day. None when the schedule has no such occurrence, excluded ones included.
std::optional<local_seconds> occurrence_named(Schedule const& schedule, AnsweredInstance const& instance);

// RFC 5546 §2.1.5: by SEQUENCE, then DTSTAMP; an absent DTSTAMP is the oldest. True when `later` must replace `earlier`;
// false also for equal versions: there the order of arrival decides (some programs echo the invitation's DTSTAMP).
struct AnswerVersion {
    int sequence = 0;
    std::optional<sys_seconds> dtstamp;
    friend bool operator==(AnswerVersion const&, AnswerVersion const&) = default;
};
bool supersedes(AnswerVersion const& later, AnswerVersion const& earlier);

// The same for the same answer come again, by another way or in another form (R20). ASCII without blanks, at most 700
// characters, so it fits a unique key.
std::string repetition_key(Answer const& answer, AnswerPart const& part, std::string_view attendee_address);

}  // namespace convoke::calendar
