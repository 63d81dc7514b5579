// An answer to an invitation that came by mail, and what became of it.
#pragma once

#include "calendar/zone.hpp"

#include <cstdint>
#include <optional>
#include <string>

namespace convoke::domain {

struct MailAnswer {
    std::int64_t id = 0;
    std::string state;   // counted, noted, unverified, unprocessed
    std::string reason;  // a slug; "" when counted
    std::string detail;  // for people; "" when there is nothing to say
    std::optional<std::int64_t> event_id, registration_id, person_id;
    std::string sender;
    std::string answer;  // accepted, declined, tentative …; "" = none that could be read
    std::string comment;
    bool verified = false;  // by the right link and from the right address
    std::int64_t sequence = 0;
    std::optional<calendar::sys_seconds> dtstamp;
    calendar::sys_seconds received;
};

}  // namespace convoke::domain
