// The durable outbox (design §4.3): what is, was and will be mailed. Causing is done inside the verbs (enqueue);
// the dispatcher claims, freezes and marks; organisers and commands look.
#pragma once

#include "service/domain/mail.hpp"
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
// A failed mail goes out again, with the same bytes if it has any; errc::invalid_state for others.
result<OutboxMail> retry_mail(Transaction& tx, Context const& context, std::int64_t id);

// --- for the dispatcher ---

// Claims up to `max` due mails for `owner` until now + 30 s, oldest first; of one person and event only the first
// open one, so that a CANCEL never overtakes its REQUEST. Mails whose not_after is over become superseded.
std::vector<OutboxMail> claim_mails(Transaction& tx, Context const& context, std::string const& owner, std::size_t max);

struct Frozen {
    std::int64_t id = 0;
    std::int64_t sequence = 0;
    bool has_sequence = false;
    std::string sender, subject, bytes;
};
// Writes the bytes down before the first attempt. Returns the ids that are still this owner's.
std::vector<std::int64_t> freeze_mails(Transaction& tx, Context const& context, std::string const& owner,
                                       std::vector<Frozen> const& mails);
bool mark_sent(Transaction& tx, Context const& context, std::string const& owner, std::int64_t id,
               std::string const& reply);
bool mark_deferred(Transaction& tx, Context const& context, std::string const& owner, std::int64_t id,
                   std::string const& reason, sys_seconds retry_at);
bool mark_failed(Transaction& tx, Context const& context, std::string const& owner, std::int64_t id,
                 std::string const& reason);
// The mail server was the trouble, not the mail: back to pending, no attempt counted.
bool mark_paused(Transaction& tx, Context const& context, std::string const& owner, std::int64_t id,
                 std::string const& reason, sys_seconds retry_at);
void mark_superseded(Transaction& tx, Context const& context, std::int64_t id, std::string const& reason);
void renew_leases(Transaction& tx, Context const& context, std::string const& owner);
// SQLite has one dispatcher: whatever is leased at its start belonged to a dead one. No attempt is counted.
void reclaim_all_leases(Transaction& tx, Context const& context);

// When the next mail or reminder is due, if anything is waiting; for the dispatcher's sleep.
std::optional<sys_seconds> next_due(Transaction& tx);

}  // namespace convoke::usecases
