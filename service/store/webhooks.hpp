// Statements on webhooks and on their deliveries, which are rows of the outbox (outbox.hpp marks them as it marks mails).
// Inside a transaction only; no rules here.
#pragma once

#include "service/domain/webhook.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <vector>

namespace convoke::store {

using calendar::sys_seconds;
using domain::Webhook;

void insert_webhook(Transaction& tx, Webhook const& hook);
// Everything but id, community and creation. A receiver that is not failing is tried at once.
void update_webhook(Transaction& tx, Webhook const& hook);
// Its deliveries go with it.
void delete_webhook(Transaction& tx, std::int64_t id);
std::optional<Webhook> find_webhook(Transaction& tx, std::int64_t id);
// In order of ids.
std::vector<Webhook> list_webhooks(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after, std::size_t limit);
std::int64_t count_webhooks(Transaction& tx, std::int64_t community_id);
// Those of a community that are not paused.
std::vector<Webhook> active_webhooks(Transaction& tx, std::int64_t community_id);
// When a failing receiver is tried next.
void set_retry_time(Transaction& tx, std::int64_t id, sys_seconds at);

// A delivery to be made: its bytes are written now and never change.
struct NewDelivery {
    std::int64_t id = 0, webhook_id = 0;
    std::string event;                       // "registration.confirmed"
    std::optional<std::int64_t> event_id, registration_id;
    std::int64_t subject_id = 0;             // of one subject, one at a time and in order
    std::int64_t cause = 0;
    std::string url, body;
    sys_seconds now;
};
void insert_delivery(Transaction& tx, NewDelivery const& delivery);

struct Delivery {
    std::int64_t id = 0, webhook_id = 0;
    std::string event, state, last_error, reply, body;
    std::int64_t attempts = 0;
    sys_seconds created, due;
    std::optional<sys_seconds> delivered;
};
// Newest first, those older than `before`; without bodies.
std::vector<Delivery> list_deliveries(Transaction& tx, std::int64_t webhook_id, std::optional<std::int64_t> before, std::size_t limit);
std::optional<Delivery> find_delivery(Transaction& tx, std::int64_t id);  // with its body

// Receivers with something due: not paused, and not waiting for their next try.
std::vector<Webhook> webhooks_with_work(Transaction& tx, sys_seconds now);
// Up to `max` due deliveries of one webhook, at most `most_in_hand` leased at a time over all processes.
std::vector<Delivery> claim_deliveries(Transaction& tx, std::int64_t webhook_id, sys_seconds now, sys_seconds lease_until,
                                       std::string const& owner, std::size_t max, std::size_t most_in_hand);
// Those with no attempt under way end as superseded; how many.
std::int64_t supersede_deliveries(Transaction& tx, std::int64_t webhook_id, std::string_view reason);
// A failed or waiting delivery is due now; false for others.
bool hurry_delivery(Transaction& tx, std::int64_t id, sys_seconds now);
// Ended deliveries that were created before `before`, at most `max`.
std::int64_t delete_old_deliveries(Transaction& tx, sys_seconds before, std::size_t max);

}  // namespace convoke::store
