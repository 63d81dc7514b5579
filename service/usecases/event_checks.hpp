// What the verbs of events ask before anything changes. Only they call these, with the event as it would become.
#pragma once

#include "service/domain/registration.hpp"
#include "service/usecases/context.hpp"

namespace convoke::usecases {

// An online event whose hour is known needs its link before anybody is told (the first promise): errc::link_missing
// without a link and without a day by which it comes, out_of_range for a day after the event.
result<void> check_link(domain::Event const& event);

// A hybrid event may be told of without its link, but never without saying when it comes: by the instance's promise.
void promise_link(Context const& context, domain::Event& event);

// errc::capacity_below_booked for each mode, the number of seats taken in arguments["booked"].
result<void> check_capacity(Transaction& tx, domain::Event const& event);

// Topics are codes of the owning communities' programmes, where they have any. Those the event had `before` may stay.
result<void> check_topics(Transaction& tx, domain::Event const& event, std::vector<std::string> const& before);

}  // namespace convoke::usecases
