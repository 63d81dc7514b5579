#include "service/store/webhooks.hpp"

#include "service/core/ids.hpp"
#include "service/store/instants.hpp"

#include <sstream>

namespace convoke::store {

namespace {

#define WEBHOOK_COLUMNS                                                                                                  \
    "w.id, w.community_id, w.url, w.events, w.secret, w.state, w.reason, w.failing_since, w.revision, w.created_at, w.updated_at"
#define DELIVERY_COLUMNS                                                                                       \
    "id, webhook_id, detail, state, last_error, reply, attempts, created_at, due_at, sent_at"

std::string joined(std::vector<std::string> const& names) {
    std::string text;
    for (auto const& name : names) text += (text.empty() ? "" : " ") + name;
    return text;
}

std::vector<std::string> split(std::string const& text) {
    std::istringstream words(text);
    std::vector<std::string> names;
    for (std::string word; words >> word;) names.push_back(word);
    return names;
}

Webhook read(Row const& row) {
    Webhook hook;
    hook.id = row.integer(0);
    hook.community_id = row.integer(1);
    hook.url = row.text(2);
    hook.events = split(row.text(3));
    hook.secret = row.blob(4).bytes;
    hook.paused = row.text(5) == "paused";
    hook.reason = row.maybe_text(6).value_or("");
    hook.failing_since = maybe_instant(row, 7);
    hook.revision = row.integer(8);
    hook.created = instant_of(row.integer(9));
    hook.updated = instant_of(row.integer(10));
    return hook;
}

std::vector<Webhook> read_all(Rows const& rows) {
    std::vector<Webhook> hooks;
    for (Row const& row : rows) hooks.push_back(read(row));
    return hooks;
}

Delivery read_delivery(Row const& row) {
    Delivery delivery;
    delivery.id = row.integer(0);
    delivery.webhook_id = row.integer(1);
    delivery.event = row.text(2);
    delivery.state = row.text(3);
    delivery.last_error = row.maybe_text(4).value_or("");
    delivery.reply = row.maybe_text(5).value_or("");
    delivery.attempts = row.integer(6);
    delivery.created = instant_of(row.integer(7));
    delivery.due = instant_of(row.integer(8));
    delivery.delivered = maybe_instant(row, 9);
    return delivery;
}

std::string_view state_of(Webhook const& hook) { return hook.paused ? "paused" : "active"; }

std::optional<std::string> reason_of(Webhook const& hook) {
    return hook.reason.empty() ? std::nullopt : std::optional(hook.reason);
}

}  // namespace

void insert_webhook(Transaction& tx, Webhook const& hook) {
    tx.execute("INSERT INTO webhook (id, community_id, url, events, secret, state, retry_at, revision, created_at, updated_at) "
               "VALUES ($1, $2, $3, $4, $5, $6, 0, $7, $8, $8)",
               {hook.id, hook.community_id, hook.url, joined(hook.events), Blob{hook.secret}, state_of(hook), hook.revision,
                seconds_of(hook.created)});
}

void update_webhook(Transaction& tx, Webhook const& hook) {
    tx.execute("UPDATE webhook SET url = $2, events = $3, secret = $4, state = $5, reason = $6, failing_since = $7, revision = $8, "
               "updated_at = $9, retry_at = CASE WHEN $7 IS NULL THEN 0 ELSE retry_at END WHERE id = $1",
               {hook.id, hook.url, joined(hook.events), Blob{hook.secret}, state_of(hook), reason_of(hook), seconds_of(hook.failing_since),
                hook.revision, seconds_of(hook.updated)});
}

void delete_webhook(Transaction& tx, std::int64_t id) {
    tx.execute("DELETE FROM outbox WHERE webhook_id = $1", {id});
    tx.execute("DELETE FROM webhook WHERE id = $1", {id});
}

std::optional<Webhook> find_webhook(Transaction& tx, std::int64_t id) {
    auto const rows = tx.query("SELECT " WEBHOOK_COLUMNS " FROM webhook w WHERE w.id = $1", {id});
    if (rows.empty()) return std::nullopt;
    return read(rows[0]);
}

std::vector<Webhook> list_webhooks(Transaction& tx, std::int64_t community_id, std::optional<std::int64_t> after, std::size_t limit) {
    return read_all(tx.query("SELECT " WEBHOOK_COLUMNS " FROM webhook w WHERE w.community_id = $1 AND w.id > $2 ORDER BY w.id LIMIT $3",
                             {community_id, after.value_or(0), limit}));
}

std::int64_t count_webhooks(Transaction& tx, std::int64_t community_id) {
    return tx.query("SELECT count(*) FROM webhook WHERE community_id = $1", {community_id})[0].integer(0);
}

std::vector<Webhook> active_webhooks(Transaction& tx, std::int64_t community_id) {
    return read_all(tx.query("SELECT " WEBHOOK_COLUMNS " FROM webhook w WHERE w.community_id = $1 AND w.state = 'active' ORDER BY w.id",
                             {community_id}));
}

void set_retry_time(Transaction& tx, std::int64_t id, sys_seconds at) {
    tx.execute("UPDATE webhook SET retry_at = $2 WHERE id = $1", {id, seconds_of(at)});
}

void insert_delivery(Transaction& tx, NewDelivery const& delivery) {
    std::string const text = core::format_id(delivery.id);
    tx.execute("INSERT INTO outbox (id, unique_key, kind, webhook_id, event_id, registration_id, subject_id, cause, recipient, detail, "
               "state, due_at, attempts, message_id, bytes, created_at, frozen_at) "
               "VALUES ($1, $2, 'webhook', $3, $4, $5, $6, $7, $8, $9, 'pending', $10, 0, $11, $12, $10, $10)",
               {delivery.id, "webhook:" + text, delivery.webhook_id, delivery.event_id, delivery.registration_id, delivery.subject_id,
                delivery.cause, delivery.url, delivery.event, seconds_of(delivery.now), text, Blob{delivery.body}});
}

std::vector<Delivery> list_deliveries(Transaction& tx, std::int64_t webhook_id, std::optional<std::int64_t> before, std::size_t limit) {
    std::vector<Delivery> deliveries;
    for (Row const& row : tx.query("SELECT " DELIVERY_COLUMNS " FROM outbox WHERE webhook_id = $1 AND id < $2 ORDER BY id DESC LIMIT $3",
                                   {webhook_id, before.value_or(INT64_MAX), limit}))
        deliveries.push_back(read_delivery(row));
    return deliveries;
}

std::optional<Delivery> find_delivery(Transaction& tx, std::int64_t id) {
    auto const rows = tx.query("SELECT " DELIVERY_COLUMNS ", bytes FROM outbox WHERE id = $1 AND webhook_id IS NOT NULL", {id});
    if (rows.empty()) return std::nullopt;
    Delivery delivery = read_delivery(rows[0]);
    delivery.body = rows[0].blob(10).bytes;
    return delivery;
}

std::vector<Webhook> webhooks_with_work(Transaction& tx, sys_seconds now) {
    // There are few webhooks; what waits for one of them may be much.
    return read_all(tx.query("SELECT " WEBHOOK_COLUMNS " FROM webhook w WHERE w.state = 'active' AND w.retry_at <= $1 AND EXISTS "
                             "(SELECT 1 FROM outbox o WHERE o.webhook_id = w.id AND o.state = 'pending' AND o.due_at <= $1) ORDER BY w.id",
                             {seconds_of(now)}));
}

std::vector<Delivery> claim_deliveries(Transaction& tx, std::int64_t webhook_id, sys_seconds now, sys_seconds lease_until,
                                       std::string const& owner, std::size_t max, std::size_t most_in_hand) {
    // By the few rows that are being sent: + keeps SQLite from counting the many that wait.
    auto const in_hand = static_cast<std::size_t>(
        tx.query("SELECT count(*) FROM outbox WHERE state = 'sending' AND lease_until >= 0 AND +webhook_id = $1", {webhook_id})[0].integer(0));
    if (in_hand >= most_in_hand) return {};
    std::vector<std::int64_t> ids;
    for (Row const& row : tx.query(
             "SELECT o.id FROM outbox o WHERE o.webhook_id = $1 AND o.state = 'pending' AND o.due_at <= $2 AND NOT EXISTS "
             "(SELECT 1 FROM outbox e WHERE e.webhook_id = o.webhook_id AND e.subject_id = o.subject_id AND e.id < o.id "
             "AND e.state IN ('pending', 'sending')) ORDER BY o.due_at, o.id LIMIT $3" +
                 std::string(skip_locked(tx)),
             {webhook_id, seconds_of(now), std::min(max, most_in_hand - in_hand)}))
        ids.push_back(row.integer(0));
    std::vector<Delivery> claimed;
    for (std::int64_t const id : ids)
        if (tx.execute("UPDATE outbox SET state = 'sending', lease_owner = $2, lease_until = $3 WHERE id = $1 AND state = 'pending'",
                       {id, owner, seconds_of(lease_until)}) == 1)
            claimed.push_back(*find_delivery(tx, id));
    return claimed;
}

std::int64_t supersede_deliveries(Transaction& tx, std::int64_t webhook_id, std::string_view reason) {
    return tx.execute("UPDATE outbox SET state = 'superseded', last_error = $2 WHERE webhook_id = $1 AND state = 'pending'",
                      {webhook_id, reason});
}

bool hurry_delivery(Transaction& tx, std::int64_t id, sys_seconds now) {
    // Created anew: it may be tried as long as a new one.
    return tx.execute("UPDATE outbox SET state = 'pending', due_at = $2, created_at = $2 WHERE id = $1 AND webhook_id IS NOT NULL "
                      "AND state IN ('pending', 'failed', 'superseded')",
                      {id, seconds_of(now)}) == 1;
}

std::int64_t delete_old_deliveries(Transaction& tx, sys_seconds before, std::size_t max) {
    std::int64_t deleted = 0;
    for (Row const& hook : tx.query("SELECT id FROM webhook ORDER BY id")) {
        std::vector<std::int64_t> ids;
        for (Row const& row : tx.query("SELECT id, created_at, state FROM outbox WHERE webhook_id = $1 ORDER BY id LIMIT $2", {hook.integer(0), max})) {
            std::string const state = row.text(2);
            if (row.integer(1) < seconds_of(before) && state != "pending" && state != "sending") ids.push_back(row.integer(0));
        }
        for (std::int64_t const id : ids) deleted += tx.execute("DELETE FROM outbox WHERE id = $1", {id});
    }
    return deleted;
}

}  // namespace convoke::store
