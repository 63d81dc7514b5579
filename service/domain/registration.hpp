// A registration and the rules of seats. Pure.
#pragma once

#include "service/domain/event.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>

namespace convoke::domain {

enum class RegistrationStatus {
    invited, pending, held, offered, confirmed, waitlisted, declined, cancelled, attended, absent
};
std::string_view name_of(RegistrationStatus status);
RegistrationStatus registration_status(std::string_view name);  // throws for a name the store cannot hold

// The statuses that take a seat: held, offered, confirmed, attended, absent.
bool takes_seat(RegistrationStatus status);

struct Registration {
    std::int64_t id = 0;
    std::int64_t event_id = 0, person_id = 0;
    RegistrationStatus status = RegistrationStatus::invited;
    std::string mode;  // on-site, online; "" while only invited
    std::string email;
    std::string name, organisation, country, language, time_zone;
    std::map<std::string, std::string> answers;
    std::optional<std::int64_t> queue_number;  // order on the waiting list, strictly rising
    std::optional<std::int64_t> position;      // 1 is next; computed, only while waitlisted
    std::optional<sys_seconds> confirmed_at, expires_at;
    bool holds_entry = false;                  // a calendar entry of this event was mailed to the person
    std::int64_t revision = 1;
    sys_seconds created, updated;
    sys_seconds shown;  // when what the holder's calendar shows of it last changed; kept by store::update_registration
};

// What someone asks for who registers.
struct RegistrationRequest {
    std::string email, name, mode, language, time_zone, organisation, country;
    std::map<std::string, std::string> answers;
    std::set<std::string> boolean_answers;  // answers that were given as JSON's true or false
    std::vector<Fault> faults;              // what its reader found wrong: registration_request.hpp
};

// The mode to use when none was given: the only one the format allows, on-site for a hybrid event.
// errc::invalid_value when the event does not take place that way.
result<std::string> mode_for(EventDefinition const& definition, std::string const& asked);

// Required questions answered, no unknown ones, choices within their options. Pointers "/answers/ID".
result<void> check_answers(EventDefinition const& definition, std::map<std::string, std::string> const& answers);

// Seats of one mode; nullopt: unlimited.
std::optional<std::int64_t> capacity_of(EventDefinition const& definition, std::string const& mode);

}  // namespace convoke::domain
