// Statements on registrations. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/registration.hpp"
#include "service/store/transaction.hpp"

#include <map>
#include <optional>
#include <vector>

namespace convoke::store {

using calendar::sys_seconds;
using domain::Registration;
using domain::RegistrationStatus;

// False when the person has a registration for the event already (nothing is changed then).
bool insert_registration(Transaction& tx, Registration const& registration);
void update_registration(Transaction& tx, Registration const& registration);
std::optional<Registration> find_registration(Transaction& tx, std::int64_t id);
std::optional<Registration> registration_of(Transaction& tx, std::int64_t event_id, std::int64_t person_id);
std::vector<Registration> list_registrations(Transaction& tx, std::int64_t event_id, std::int64_t after_id, std::size_t limit);
// Those in one of the given statuses.
std::vector<Registration> registrations_in(Transaction& tx, std::int64_t event_id, std::vector<RegistrationStatus> const& statuses);
// Newest events first is the caller's business; by event id here.
std::vector<Registration> registrations_of_person(Transaction& tx, std::int64_t person_id);

// Seats taken in a mode. Exact only under the lock on the event's row.
std::int64_t seats_taken(Transaction& tx, std::int64_t event_id, std::string const& mode);
// By others than this person.
std::int64_t seats_taken_by_organisation(Transaction& tx, std::int64_t event_id, std::string const& organisation, std::int64_t except_person);
std::int64_t seats_taken_by_country(Transaction& tx, std::int64_t event_id, std::string const& country, std::int64_t except_person);
// A mode's line, head first.
std::vector<Registration> waiting_in_line(Transaction& tx, std::int64_t event_id, std::string const& mode);
// Under the lock on the event's row: behind everybody.
std::int64_t next_queue_number(Transaction& tx, std::int64_t event_id);
// Everybody's place in line by registration, 1 for the head of each mode's.
std::map<std::int64_t, std::int64_t> places_in_line(Transaction& tx, std::int64_t event_id);
// 1 for the head.
std::int64_t place_in_line(Transaction& tx, Registration const& registration);

// Offers and holds that ended by `now`.
std::vector<Registration> expired(Transaction& tx, sys_seconds now, std::size_t limit);

// How many in each status.
std::vector<std::pair<RegistrationStatus, std::int64_t>> count_by_status(Transaction& tx, std::int64_t event_id);

// Whether a calendar entry of the event is in their calendar: a mail with it has been written (or taken back).
void note_entry_held(Transaction& tx, std::int64_t registration_id, bool held);

}  // namespace convoke::store
