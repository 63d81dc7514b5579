// Looking at registrations: one, an event's, a person's. Each is seen by organisers of its event and by its person; who may
// not know of one gets errc::not_found.
#pragma once

#include "service/domain/registration.hpp"
#include "service/usecases/context.hpp"

#include <optional>

namespace convoke::usecases {

using domain::Registration;

result<Registration> find_registration(Transaction& tx, Context const& context, std::int64_t registration_id);
// The registration of a person in an event, if any.
result<std::optional<Registration>> registration_of(Transaction& tx, Context const& context, std::int64_t event_id,
                                                    std::int64_t person_id);

struct RegistrationQuery {
    std::int64_t event_id = 0;
    std::size_t limit = 50;
    std::optional<std::int64_t> after;
};
// Organisers of the event only. Those only invited included, in order of their ids.
result<std::vector<Registration>> list_registrations(Transaction& tx, Context const& context,
                                                     RegistrationQuery const& query);

// Seats taken per mode: numbers only, for everybody who may see the event.
struct SeatsTaken {
    std::int64_t on_site = 0, online = 0;
};
result<SeatsTaken> seats_taken(Transaction& tx, std::int64_t event_id);

struct OwnRegistration {
    Registration registration;
    domain::Event event;
};
// A person's registrations for events that have not ended before `since`, in order of time.
result<std::vector<OwnRegistration>> registrations_of_person(Transaction& tx, Context const& context,
                                                             std::int64_t person_id, sys_seconds since);

// The reminders of the event's next start whose time has passed: who registers now does not get them.
std::vector<Instance::ReminderTime> skipped_reminders(Context const& context, domain::Event const& event);

// For the verbs beside these queries.
Failure no_such_registration();
bool is_organiser(Context const& context, domain::Event const& event);
// Fills in the place in line of who waits.
void add_position(Transaction& tx, Registration& registration);

}  // namespace convoke::usecases
