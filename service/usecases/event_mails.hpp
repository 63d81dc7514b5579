// Which mails a change of an event or registration causes. Called inside the verbs' transactions.
#pragma once

#include "calendar/series.hpp"
#include "service/domain/event.hpp"
#include "service/domain/mail.hpp"
#include "service/domain/registration.hpp"
#include "service/usecases/context.hpp"

namespace convoke::usecases {

// One mail of `kind` to the registration's person. `cause`: the change's id. A second call with the same person,
// kind and cause changes nothing.
void cause_mail(Transaction& tx, Context const& context, std::string_view kind, domain::Registration const& registration,
                std::int64_t cause, std::string_view detail = {});

// Everybody the event concerns and who has no registration becomes `invited` and gets one invitation. Again for an event
// that gets another owner: those who are new are invited.
void cause_invitations(Transaction& tx, Context const& context, domain::Event const& event, std::int64_t cause);

// After a change of time or place: everybody who holds an entry, or is about to get one, learns of it. Who has an
// unwritten mail waiting needs no second one: it will say what is true when it goes out. `detail`: "clock-rules" where
// nobody changed anything but the tz database.
void cause_updates(Transaction& tx, Context const& context, domain::Event const& event, domain::ChangeWeight weight,
                   std::int64_t cause, std::string_view detail = {});

// After a change of single dates of a series: one mail for each (interop S10), REQUEST or CANCEL with RECURRENCE-ID.
// Beyond `most_date_mails` cause_updates is kinder.
constexpr std::size_t most_date_mails = calendar::most_dates_apart;
void cause_date_mails(Transaction& tx, Context const& context, domain::Event const& event,
                      std::vector<calendar::DateChange> const& changes, std::int64_t cause);

// After the REQUEST `whole` of a series was written without its changed dates `ids`: one mail for each that is to come.
void cause_mails_of_dates_apart(Transaction& tx, Context const& context, domain::OutboxMail const& whole,
                                std::vector<calendar::local_seconds> const& ids);

// METHOD:CANCEL to everybody who holds an entry or was promised a seat. What was not yet written is not sent at all.
void cause_cancellations(Transaction& tx, Context const& context, domain::Event const& event, std::int64_t cause);

// Replaces the times at which reminders will be planned; none for what is not published or has no hour fixed.
void reset_reminders(Transaction& tx, Context const& context, domain::Event const& event);

}  // namespace convoke::usecases
