#include "service/usecases/webhooks.hpp"

#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/core/seal.hpp"
#include "service/domain/webhook_message.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/revision.hpp"

namespace convoke::usecases {

namespace {

constexpr std::string_view sealed_for = "webhook";

void log(Transaction& tx, Context const& context, std::string_view action, Webhook const& hook, std::string_view detail = {}) {
    store::log_change(tx, context.now, origin_of(context), action, hook.community_id, {}, {},
                      "webhook:" + core::format_id(hook.id) + (detail.empty() ? "" : " " + std::string(detail)));
}

void end_open_deliveries(Transaction& tx, Webhook const& hook) { store::supersede_deliveries(tx, hook.id, "the webhook was paused"); }

}  // namespace

result<NewWebhook> create_webhook(Transaction& tx, Context const& context, std::string_view slug, domain::WebhookRequest const& wanted) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    store::lock_row(tx, "community", community.id);
    if (store::count_webhooks(tx, community.id) >= static_cast<std::int64_t>(most_webhooks))
        return Failure(errc::limit_reached, "a community has at most " + std::to_string(most_webhooks) + " webhooks");
    NewWebhook made;
    made.secret = wanted.secret.value_or("whsec_" + core::base64url_encode(core::random_bytes(32)));
    made.hook.id = core::new_id();
    made.hook.community_id = community.id;
    made.hook.url = wanted.url;
    made.hook.events = wanted.events;
    made.hook.paused = wanted.paused;
    made.hook.secret = core::seal(context.instance.secret, sealed_for, made.secret);
    made.hook.created = made.hook.updated = context.now;
    store::insert_webhook(tx, made.hook);
    log(tx, context, "webhook.create", made.hook);
    return made;
}

result<Webhook> find_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    auto hook = store::find_webhook(tx, id);
    if (!hook || hook->community_id != community.id) return Failure(errc::not_found, "there is no such webhook in this community");
    return *std::move(hook);
}

result<std::vector<Webhook>> list_webhooks(Transaction& tx, Context const& context, std::string_view slug, Page const& page) {
    CONVOKE_TRY(community, find_organised_community(tx, context, slug));
    return store::list_webhooks(tx, community.id, page.after, page.limit);
}

result<Webhook> change_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id,
                               std::optional<std::int64_t> expected_revision, domain::WebhookRequest const& wanted) {
    CONVOKE_CHECK(find_webhook(tx, context, slug, id));
    store::lock_row(tx, "webhook", id);
    CONVOKE_TRY(hook, find_webhook(tx, context, slug, id));
    CONVOKE_CHECK(check_revision(expected_revision, hook.revision));
    bool const resumed = hook.paused && !wanted.paused;
    bool const paused = !hook.paused && wanted.paused;
    if (wanted.url == hook.url && wanted.events == hook.events && !wanted.secret && !resumed && !paused) return hook;
    if (resumed || paused || wanted.url != hook.url) {
        hook.failing_since.reset();  // another receiver, or a new beginning
        hook.reason.clear();
    }
    hook.url = wanted.url;
    hook.events = wanted.events;
    hook.paused = wanted.paused;
    if (wanted.secret) hook.secret = core::seal(context.instance.secret, sealed_for, *wanted.secret);
    ++hook.revision;
    hook.updated = context.now;
    store::update_webhook(tx, hook);
    if (paused) end_open_deliveries(tx, hook);
    log(tx, context, "webhook.change", hook, paused ? "paused" : resumed ? "resumed" : "");
    return hook;
}

result<void> remove_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id) {
    CONVOKE_TRY(hook, find_webhook(tx, context, slug, id));
    store::delete_webhook(tx, hook.id);
    log(tx, context, "webhook.remove", hook);
    return {};
}

result<Delivery> test_webhook(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id) {
    CONVOKE_TRY(hook, find_webhook(tx, context, slug, id));
    if (hook.paused) return Failure(errc::invalid_state, "the webhook is paused: set its state to active first");
    store::NewDelivery ping;
    ping.id = core::new_id();
    ping.webhook_id = hook.id;
    ping.event = "ping";
    ping.subject_id = ping.id;
    ping.cause = ping.id;
    ping.url = hook.url;
    ping.now = context.now;
    ping.body = domain::webhook_message({.id = ping.id, .type = ping.event, .at = context.now, .community = slug, .base_url = context.instance.base_url});
    store::insert_delivery(tx, ping);
    log(tx, context, "webhook.test", hook);
    return *store::find_delivery(tx, ping.id);
}

result<std::vector<Delivery>> list_deliveries(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id, Page const& page) {
    CONVOKE_TRY(hook, find_webhook(tx, context, slug, id));
    return store::list_deliveries(tx, hook.id, page.after, page.limit);
}

result<Delivery> retry_delivery(Transaction& tx, Context const& context, std::string_view slug, std::int64_t id, std::int64_t delivery_id) {
    CONVOKE_TRY(hook, find_webhook(tx, context, slug, id));
    auto const delivery = store::find_delivery(tx, delivery_id);
    if (!delivery || delivery->webhook_id != hook.id) return Failure(errc::not_found, "this webhook has no such delivery");
    if (hook.paused) return Failure(errc::invalid_state, "the webhook is paused: set its state to active first");
    if (!store::hurry_delivery(tx, delivery_id, context.now))
        return Failure(errc::invalid_state, "a delivery that is " + delivery->state + " is not made again");
    store::set_retry_time(tx, hook.id, context.now);
    log(tx, context, "webhook.retry", hook, "delivery:" + core::format_id(delivery_id));
    return *store::find_delivery(tx, delivery_id);
}

}  // namespace convoke::usecases
