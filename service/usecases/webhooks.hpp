// Webhooks: who manages them, what causes deliveries, and what the delivering job needs. A delivery is a row of the
// outbox, written in the transaction of the change, with its bytes; the dispatcher treats it as it treats a mail.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/registration.hpp"
#include "service/domain/webhook.hpp"
#include "service/store/webhooks.hpp"
#include "service/usecases/context.hpp"
#include "service/usecases/outbox.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::usecases {

using domain::Webhook;
using store::Delivery;

// A receiver that has not taken anything for so long is paused: its open deliveries end, and nothing is kept for it
// until an organiser sets it to active again.
inline constexpr std::chrono::hours pause_after{72};
inline constexpr std::size_t most_webhooks = 20;  // of one community

// --- for organisers of the community; not_found for everybody else ---

struct NewWebhook {
    Webhook hook;
    std::string secret;  // for its holder alone; never to a log
};
result<NewWebhook> create_webhook(Transaction& tx, Context const& context, std::string_view slug, domain::WebhookRequest const& wanted);
result<Webhook> find_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id);
result<std::vector<Webhook>> list_webhooks(Transaction& tx, Context const& context, std::string_view slug, Page const& page);
// Setting it to active also forgets that it failed; setting it to paused ends what is open.
result<Webhook> change_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id,
                               std::optional<std::int64_t> expected_revision, domain::WebhookRequest const& wanted);
result<void> remove_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id);
// A delivery of type "ping". errc::invalid_state while it is paused.
result<Delivery> test_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id);
// Newest first; `page.after` is the last one seen.
result<std::vector<Delivery>> list_deliveries(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id, Page const& page);
// Once more, with the same bytes and id, and at once. errc::invalid_state for one that was delivered.
result<Delivery> retry_delivery(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id, std::int64_t delivery_id);

// --- inside verbs ---

// Writes a delivery for every webhook of the owning communities that wants to know of it. `type` "" tells nobody.
// `cause`: the change's line in the audit log.
void tell_webhooks(Transaction& tx, Context const& context, std::string_view type, domain::Event const& event,
                   domain::Registration const* registration, std::int64_t cause);

// --- for the delivering job (service/jobs) ---

struct DueDelivery {
    Delivery delivery;
    std::string url, secret;  // as they are now: an organiser may have put them right
};
bool anything_to_deliver(Transaction& tx, Context const& context);
// Leases up to `max` deliveries: of one receiver a few at a time, of one that fails a single one.
std::vector<DueDelivery> claim_deliveries(Transaction& tx, Context const& context, std::string const& owner, std::size_t max);
// Marks them as settle_mails does, and notes what became of their receivers.
void settle_deliveries(Transaction& tx, Context const& context, std::string const& owner, std::vector<Settled> const& settlements);
// Ended deliveries are kept for 30 days. How many went; at most some hundred at once.
std::int64_t remove_old_deliveries(Transaction& tx, Context const& context);

}  // namespace convoke::usecases
