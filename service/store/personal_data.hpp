// Statements on everything held about one person: for export and erasure. Inside a transaction only; no rules here.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::store {

struct PersonalMail {
    std::int64_t id = 0;
    std::optional<std::int64_t> event_id;
    std::string kind, recipient, subject, state;
    calendar::sys_seconds created;
    std::optional<calendar::sys_seconds> sent;
};
std::vector<PersonalMail> mails_of_person(Transaction& tx, std::int64_t person_id);

// Open mails end as superseded; of all of them the recipient, subject, bytes and what servers said about them go.
void erase_mails_of_person(Transaction& tx, std::int64_t person_id);

// Names and answers go, the rows stay for the figures; whoever was not yet there has cancelled. No seats are passed
// on here: do that before.
void erase_registrations_of_person(Transaction& tx, std::int64_t person_id);

}  // namespace convoke::store
