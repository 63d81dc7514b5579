// A mail as the outbox knows it. Plain values; how it looks is notifications' business.
#pragma once

#include "calendar/zone.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace convoke::domain {

using calendar::sys_seconds;

// The kinds are names in the store and the API: invitation, update, cancellation, confirmation, pending, refused,
// waitlisted, offer, declined, address-check, reminder, sign-in.
struct OutboxMail {
    std::int64_t id = 0;
    std::string kind;
    std::int64_t person_id = 0;
    std::optional<std::int64_t> event_id, registration_id;
    std::optional<std::int64_t> subject_id;  // what else it is about: the login link of a sign-in
    std::int64_t cause = 0;       // id of the change that caused it; for a reminder its start instant
    std::string recipient;        // address at the time of causing
    std::string detail;           // what only the cause knows, e.g. the reminder's lead "P1D"
    std::string state;            // pending, sending, sent, failed, superseded
    sys_seconds due;
    std::optional<sys_seconds> not_after;
    std::int64_t attempts = 0;
    std::string message_id;
    std::optional<std::int64_t> sequence;
    std::string sender, subject, bytes;  // "" until the first attempt froze them
    std::string last_error, reply;
    sys_seconds created;
    std::optional<sys_seconds> frozen, sent;
};

// A mail about one date of a series says so in its detail: "date:2027-05-19T10:00:00" (the wall time the rule gives), or
// "date-moved:…" where the answer is asked for again.
std::string detail_of_date(calendar::local_seconds id, bool moved);
// Of a date that is unlike the others and goes with a mail of the whole series (calendar::dates_apart): nothing has changed
// that the series' mail does not tell. "date-apart:…", or "date-apart-asked:…" where that mail asks for the answer again.
std::string detail_of_date_apart(calendar::local_seconds id, bool asked_again);
std::optional<calendar::local_seconds> date_of_detail(std::string_view detail);
bool stands_apart(std::string_view detail);
bool moves_date(std::string_view detail);  // the answer for this date is asked for again
// Whether an update of this detail asks for the answer again: the time of the event, or of this date, is another.
bool asks_again(std::string_view detail);

}  // namespace convoke::domain
