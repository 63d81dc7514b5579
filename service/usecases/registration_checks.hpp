// What the verbs of registrations ask before anything changes. Only they call these.
#pragma once

#include "service/domain/event.hpp"
#include "service/usecases/context.hpp"

namespace convoke::usecases {

// Why nobody can register now, if so: event_cancelled, invalid_state (draft), event_provisional, registration_closed with
// the hour and its zone, also as arguments "opens" or "closed" (RFC 3339) and "timeZone".
result<void> check_open(Context const& context, domain::Event const& event);

// Whether the policy lets this person in who is not registered by an organiser: errc::forbidden.
result<void> check_policy(Transaction& tx, domain::Event const& event, std::int64_t person_id, bool was_invited);

// Who came is noted from the first day of the event on, who did not come once it has begun: errc::invalid_state,
// with the moment in arguments "from".
result<void> check_attendance(Context const& context, domain::Event const& event, bool came);

}  // namespace convoke::usecases
