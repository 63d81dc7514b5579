// Taking, giving up and passing on seats. The only place where a registration changes.
// Invariant (design §4.2): confirmed + held + offered seats ≤ capacity per event and mode, at every instant, on both
// engines, from any number of processes: the event's row is locked first. A freed seat goes to the next in line.
#pragma once

#include "service/domain/registration.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/registration_queries.hpp"

#include <optional>

namespace convoke::usecases {

using domain::RegistrationRequest;

// Registers somebody: by an organiser (policy does not bind them), by a person for themselves, or by the holder of an
// answer token (actor: that person). Result: confirmed, waitlisted or pending.
// errc: already_registered, event_full (no waiting list), registration_closed, event_cancelled, event_provisional,
// invalid_state (draft), forbidden (policy), limit_reached (per organisation or country), validation.
result<Registration> register_participant(Transaction& tx, Context const& context, std::int64_t event_id,
                                          RegistrationRequest const& request);

// The public form: a stranger types an address. A seat is held for 24 hours until the address is confirmed by the link
// in a mail (Answer::confirm by its holder). Answers the same whoever the address belongs to: somebody who is registered
// already gets a sign-in link instead. Only for the policies open and approval (errc::forbidden otherwise).
// errc as register_participant; event_full also where there is a waiting list: it is for known addresses.
result<void> hold_seat(Transaction& tx, Context const& context, std::int64_t event_id, RegistrationRequest const& request);

enum class Answer { confirm, decline, cancel, approve, attend, absent };
// confirm: an invited, offered, waitlisted-with-a-free-seat or declined person takes a seat (or joins the line).
// decline: an invited or offered person says no. cancel: gives a seat or place in line back. approve: organisers,
// pending → seat or line. attend/absent: organisers. Answering the same again changes nothing and succeeds.
// `mode` may change with confirm.
result<Registration> answer_registration(Transaction& tx, Context const& context, std::int64_t registration_id,
                                         Answer answer, std::optional<std::string> const& mode = {});

// Offers and holds whose time is over fall to the next in line. Run by a job.
std::int64_t expire_offers(Transaction& tx, Context const& context);

}  // namespace convoke::usecases
