// The durable outbox (design §4.3): what is, was and will be mailed. Causing is done inside the verbs (enqueue);
// the dispatcher claims, freezes and marks; organisers and commands look.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/mail.hpp"
#include "service/domain/registration.hpp"
#include "service/usecases/context.hpp"

#include <optional>

namespace convoke::usecases {

using domain::OutboxMail;

struct OutboxQuery {
    std::optional<std::int64_t> event_id;
    std::optional<std::string> recipient, state;
    std::size_t limit = 50;
    std::optional<std::int64_t> after;
};
result<std::vector<OutboxMail>> list_outbox(Transaction& tx, Context const& context, OutboxQuery const& query);
// With the frozen bytes.
result<OutboxMail> find_mail(Transaction& tx, Context const& context, std::int64_t id);
// A failed mail goes out again, with the same bytes if it has any, and with it the mails of single dates that it caused;
// errc::invalid_state for others.
result<OutboxMail> retry_mail(Transaction& tx, Context const& context, std::int64_t id);

// --- for the dispatcher (service/jobs) ---

inline constexpr std::chrono::seconds lease{30};

// Looks only: whether claim_mails would find or tidy up something.
bool anything_to_claim(Transaction& tx, Context const& context);
// Claims up to `max` due mails for `owner` until now + lease, oldest first; of one person and event only the first
// open one, so that a CANCEL never overtakes its REQUEST. Mails whose not_after is over become superseded.
std::vector<OutboxMail> claim_mails(Transaction& tx, Context const& context, std::string const& owner, std::size_t max);

struct FreshBytes {
    std::int64_t id = 0;
    std::optional<std::int64_t> sequence;
    std::string sender, subject, bytes;
    std::vector<calendar::local_seconds> dates_apart;  // of the series, left out of these bytes (calendar/series.hpp)
};
// Writes the bytes down before the first attempt, and who holds a calendar entry from now on. A series that leaves changed
// dates out causes a mail for each of them that is still to come. The ids still owned.
std::vector<std::int64_t> freeze_mails(Transaction& tx, Context const& context, std::string const& owner,
                                       std::vector<FreshBytes> const& mails);

struct Settled {
    enum class Kind { sent, deferred, failed, superseded, released } kind = Kind::released;
    std::int64_t id = 0;
    std::string reason;
    sys_seconds at, retry_at;
};
// `sent` always succeeds: the mail server has it, whoever holds the lease by now. With a mail that has `failed` the mails of
// single dates fail that it caused when it was written.
void settle_mails(Transaction& tx, std::string const& owner, std::vector<Settled> const& settlements);

std::vector<std::int64_t> renew_leases(Transaction& tx, Context const& context, std::string const& owner,
                                       std::vector<std::int64_t> const& ids);
// SQLite has one dispatcher: whatever is leased at its start belonged to a dead one. No attempt is counted.
void reclaim_all_leases(Transaction& tx);

// Everything a letter is written from, as it stands now.
struct MailMaterial {
    OutboxMail mail;
    domain::Person person;
    std::string name, language, time_zone;          // how the recipient is written to
    std::optional<domain::Event> event;
    std::optional<domain::Registration> registration;
    std::string community_name, contact_email;
    std::optional<std::string> first_message_id;    // of an earlier mail with this event's entry to this person
};
// errc::not_found when the mail's subject is gone; invalid_state when there is nothing to say any more.
result<MailMaterial> mail_material(Transaction& tx, Context const& context, std::int64_t id);

// --- reminders and what else the clock brings ---

// Looks only: whether a reminder, an offer's end, an event's end or a sign-in's end is due.
bool anything_to_plan(Transaction& tx, Context const& context);

// Causes the reminders that are due (design §4.4): a set difference between who is confirmed and what was caused.
// Of several missed times of one occurrence only the latest is sent, none once it has begun. How many were caused.
std::int64_t plan_reminders(Transaction& tx, Context const& context);

// Every mail still to come for an event: what waits in the outbox and the reminders to be planned.
struct ForecastMail {
    std::string kind, recipient, why;
    std::optional<sys_seconds> due;  // nothing: when the date is fixed
};
result<std::vector<ForecastMail>> forecast(Transaction& tx, Context const& context, std::int64_t event_id);

}  // namespace convoke::usecases
