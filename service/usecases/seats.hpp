// Giving a seat or a place in line, and passing a freed seat on. Only called under the lock on the event's row.
#pragma once

#include "service/domain/registration.hpp"
#include "service/usecases/context.hpp"

namespace convoke::usecases {

// Seats `registration` (confirmed) or puts it at the end of the line (waitlisted) by what is free in its mode, and
// causes the mail. errc::event_full when there is neither; limit_reached per organisation or country. Not stored yet.
result<void> seat_or_queue(Transaction& tx, Context const& context, domain::Event const& event,
                           domain::Registration& registration);

// errc::event_full with arguments: places ("0"), event (its address) and, where there is one, waitingList (the address of
// the page on which one joins it).
Failure event_full(Context const& context, domain::Event const& event, std::string detail);

// Causes the mail that belongs to a registration's new status. To be called once it is stored.
void tell_status(Transaction& tx, Context const& context, domain::Registration const& registration, std::int64_t cause);

// As long as a seat of this mode is free, the head of the line gets it: at once, or as an offer with a deadline.
void pass_on_free_seats(Transaction& tx, Context const& context, domain::Event const& event, std::string const& mode,
                        std::int64_t cause);

}  // namespace convoke::usecases
