// A calendar entry as value, and its text: feeds, single events and iTIP messages (RFC 5545, 5546, 7986).
// One writer: escapes TEXT, encodes parameters (RFC 6868), refuses control characters and CR/LF in URIs, folds at
// 75 octets on UTF-8 borders, ends lines with CRLF, adds the VTIMEZONEs it needs. Any thread; pure.
#pragma once

#include "calendar/schedule.hpp"

#include <optional>
#include <span>
#include <string>
#include <vector>

namespace convoke::calendar {

enum class EntryStatus { tentative, confirmed, cancelled };

struct Entry {
    std::string uid;         // one for the event's whole life
    int sequence = 0;
    sys_seconds created, last_modified;
    Schedule schedule;
    // Whose days a provisional window and all-day dates are, for clients; IANA.
    std::string zone;
    EntryStatus status = EntryStatus::confirmed;
    bool transparent = false;     // does not block time
    std::string summary;          // as shown, prefixes included ("TBC (October 2026): …", "CANCELLED: …")
    std::string description;      // plain text, may hold newlines; the join link goes in its first line (S13)
    std::string location;         // place in words, or the join link for an online event
    std::string url;              // https page of the event
    std::string conference_uri, conference_label;  // RFC 7986 CONFERENCE; "" = none
    std::optional<std::pair<double, double>> geo;
    std::vector<std::string> categories;
    std::string language;         // BCP 47; "" = unsaid
    std::optional<seconds> alarm_before;  // one DISPLAY alarm; feeds only, on the member's wish
    // Of a divided series (RFC 8984 §4.1.3, RFC 9253 §5.1): the UID of its first part and of the part behind this one; "" = none.
    std::string first_uid, next_uid;
};

// RFC 5546. One recipient, one ATTENDEE: nobody else's address is in the text (design §4.6).
struct Attendee {
    std::string address, name;
    std::string partstat = "NEEDS-ACTION";  // ACCEPTED, TENTATIVE, DECLINED
    bool rsvp = true;
};
struct Organizer {
    std::string address, name;
};

// A series goes in the form that series.hpp names: a rule where every reader gives the same instants, date by date where
// not (S11, Z10). Always under the one UID, in mail and feed alike, so that a date is the same thing wherever it came from;
// RANGE=THISANDFUTURE is never written: clients fail on it.

// METHOD:REQUEST (S5). `now` becomes DTSTAMP. A series by its rule comes without its changed dates where series.hpp's
// dates_apart names them: each is a request_date_text of its own, after this one (S10).
// Throws std::logic_error for a provisional schedule: a REQUEST needs DTSTART and we never make an hour up.
std::string request_text(Entry const& entry, Organizer const& organizer, Attendee const& attendee, sys_seconds now);
// METHOD:CANCEL. `whole_event`: STATUS:CANCELLED; else only this person is removed (S8).
std::string cancel_text(Entry const& entry, Organizer const& organizer, Attendee const& attendee, bool whole_event,
                        sys_seconds now);

// One date of a series and nothing else (S10: with the master beside it Outlook refuses the mail): RECURRENCE-ID `id` in
// the form of the master's DTSTART; its new time, title and place, or that it is cancelled.
std::string request_date_text(Entry const& entry, local_seconds id, Organizer const& organizer, Attendee const& attendee,
                              sys_seconds now);
std::string cancel_date_text(Entry const& entry, local_seconds id, Organizer const& organizer, Attendee const& attendee,
                             sys_seconds now);

struct FeedHead {
    std::string uid;          // of the calendar, stable
    std::string name, description;
    std::string zone;         // X-WR-TIMEZONE
    std::string url;          // page
    std::string language;
    std::string colour;       // a CSS3 name (RFC 7986 §5.9); "" = the program's own
    sys_seconds last_modified;
};
// The calendar without METHOD; entries sorted by UID; same input, same bytes. A provisional entry is one all-day,
// transparent, tentative span over its window (F13, design §2).
std::string feed_text(FeedHead const& head, std::span<Entry const> entries);

}  // namespace convoke::calendar
