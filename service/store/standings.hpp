// How a person stands towards their events: what a feed needs of a registration, and nothing else of it. A feed of a
// thousand events reads a thousand of these after every change. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/registration.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <string>
#include <unordered_map>

namespace convoke::store {

struct Standing {
    domain::RegistrationStatus status = domain::RegistrationStatus::invited;
    std::string mode;              // as in Registration
    calendar::sys_seconds shown;
};

// By event.
std::unordered_map<std::int64_t, Standing> standings_of_person(Transaction& tx, std::int64_t person_id);

}  // namespace convoke::store
