// A tolerant, bounded reader for calendar texts from outside: answers to invitations, other people's files (R1–R20).
// No TZID ever opens a file, no rule is ever expanded, nothing recurses; time and memory are linear in the input.
// Any thread; each call is on its own.
#pragma once

#include "calendar/schedule.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace convoke::calendar {

struct ReadLimits {
    std::size_t bytes = 1 << 20;
    std::size_t line = 64 << 10;   // unfolded
    std::size_t depth = 5;
    std::size_t components = 2000;
    std::size_t lines = 20000;
    std::size_t attendees = 500;   // in one component
};

struct ReadTime {
    enum class Kind {
        date,
        instant,       // given in UTC, or local time in a zone that is known
        floating,      // local time without a zone
        unknown_zone,  // local time in a zone that nobody knows: never taken for UTC (Z11)
    } kind = Kind::floating;
    local_seconds local;                 // as written; midnight for a date
    std::string tzid;                    // as written, "" = none
    std::optional<sys_seconds> instant;  // for Kind::instant
};

struct ReadPerson {
    std::string address;    // mailto: removed, percent-decoded, domain in lower case
    std::string email;      // the EMAIL parameter, "" = none
    std::string name;
    std::string partstat;   // upper case, "" = unsaid
    std::string sent_by, delegated_to, delegated_from;
};

struct ReadComponent {
    std::string kind;  // "VEVENT", "VTODO" …
    std::string uid;
    int sequence = 0;  // capped at 2^31-1 (R18)
    std::optional<sys_seconds> dtstamp;
    std::optional<ReadTime> recurrence_id, start, end;
    std::optional<Duration> duration;     // instead of an end; negative ones are passed over
    std::optional<ReadTime> original_start, original_end;  // X-MS-OLK-ORIGINALSTART/END: what a COUNTER would change
    bool recurrence_id_present = false;   // also where it could not be read
    bool this_and_future = false;  // RANGE of the RECURRENCE-ID
    std::optional<ReadPerson> organizer;
    std::vector<ReadPerson> attendees;
    std::string summary, description, location, status, comment, url;
    bool recurring = false;  // has RRULE or RDATE; never expanded
};

struct ReadCalendar {
    std::string method;  // upper case, "" = none
    std::vector<ReadComponent> components;  // VTIMEZONE and alarms left out
};

// errc::payload_too_large for what is beyond the limits, errc::invalid_value for what is no calendar. Broken pieces
// inside a calendar are passed over: mail programs produce many.
// `charset`: as the Content-Type says, for octets that are not UTF-8; "" or unknown: Windows-1252.
result<ReadCalendar> read_calendar(std::string_view bytes, ReadLimits const& limits = {}, std::string_view charset = {});

// The same mailbox by R9: case, mailto:, percent-encoding, IDNA aside.
bool same_address(std::string_view a, std::string_view b);
// A calendar address or a bare one in the form that ReadPerson::address has.
std::string normal_address(std::string_view text);

}  // namespace convoke::calendar
