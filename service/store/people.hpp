// Statements on persons: a person is an address. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/community.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string_view>

namespace convoke::store {

using domain::Person;

std::optional<Person> find_person(Transaction& tx, std::int64_t id);

// `address`: normalised (domain::normalise_email_address); found in any spelling of its case.
std::optional<Person> find_person(Transaction& tx, std::string_view address);

// The person with this address; made with the given profile if there is none. What the person row does not know yet
// (name, organisation, country, language, zone) is filled in, what it knows is left. `wanted.email`: normalised.
Person find_or_add_person(Transaction& tx, calendar::sys_seconds now, Person const& wanted);

// Name, organisation, country, language, zone and what was chosen for the feed.
void update_person(Transaction& tx, Person const& person);

// A new feed version revokes the feed's old address. Answers the new version.
std::int64_t renew_feed_version(Transaction& tx, std::int64_t person_id);

// Nothing of the person is left but the id: address "erased-ID@invalid", no profile, the feed revoked.
void erase_person(Transaction& tx, std::int64_t person_id);
// What stands for the address of one who has been erased; no mail can be sent there.
std::string erased_address(std::int64_t person_id);

}  // namespace convoke::store
