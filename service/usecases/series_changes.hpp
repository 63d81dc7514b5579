// What a change of a series may do to people who hold its entry. Only the verbs of events call these.
#pragma once

#include "service/domain/event.hpp"
#include "service/usecases/context.hpp"

namespace convoke::usecases {

// errc::invalid_state where people hold single dates (calendar/series.hpp), or would get them beside what they hold, and
// dates would vanish that no mail could take back: those are excluded one by one, or the rest becomes an event of its own.
result<void> check_held_dates(domain::Event const& before, domain::Event const& after, sys_seconds now);

// The mails after a change of time or place: one for each changed date where only a few dates changed, else one for all.
void cause_mails_of_change(Transaction& tx, Context const& context, domain::Event const& before, domain::Event const& after,
                           domain::ChangeWeight weight, std::int64_t cause);

}  // namespace convoke::usecases
