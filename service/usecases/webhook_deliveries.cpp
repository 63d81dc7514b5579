#include "service/core/ids.hpp"
#include "service/core/seal.hpp"
#include "service/domain/webhook_message.hpp"
#include "service/store/communities.hpp"
#include "service/store/outbox.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/webhooks.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

using std::chrono::seconds;

constexpr std::size_t in_hand_of_one = 4;
constexpr seconds shortest_wait{5}, longest_wait{3600};
constexpr std::chrono::hours kept{30 * 24};

void noted_taken(Transaction& tx, Context const& context, Webhook hook) {
    if (!hook.failing_since) return;
    hook.failing_since.reset();
    hook.reason.clear();
    ++hook.revision;
    hook.updated = context.now;
    store::update_webhook(tx, hook);
}

void pause(Transaction& tx, Context const& context, Webhook hook, std::string reason) {
    hook.paused = true;
    hook.reason = std::move(reason);
    ++hook.revision;
    hook.updated = context.now;
    store::update_webhook(tx, hook);
    store::supersede_deliveries(tx, hook.id, "the webhook was paused");
    store::log_change(tx, context.now, origin_of(context), "webhook.pause", hook.community_id, {}, {}, "webhook:" + core::format_id(hook.id));
}

void noted_not_taken(Transaction& tx, Context const& context, Webhook hook, std::string const& reason) {
    if (!hook.failing_since) {
        hook.failing_since = context.now;
        hook.reason = reason;
        ++hook.revision;
        hook.updated = context.now;
        store::update_webhook(tx, hook);
    }
    // The longer it has failed, the longer the pause: 5, 5, 10, 20 … seconds, at most an hour.
    auto const failing = std::max(seconds(0), context.now - *hook.failing_since);
    store::set_retry_time(tx, hook.id, context.now + std::clamp(failing, shortest_wait, longest_wait));
    if (failing >= pause_after) pause(tx, context, hook, "nothing was taken for " + std::to_string(pause_after.count()) + " hours: " + reason);
}

}  // namespace

void tell_webhooks(Transaction& tx, Context const& context, std::string_view type, domain::Event const& event,
                   domain::Registration const* registration, std::int64_t cause) {
    if (type.empty()) return;
    for (std::size_t i = 0; i < event.community_ids.size(); ++i)
        for (Webhook const& hook : store::active_webhooks(tx, event.community_ids[i])) {
            if (!domain::wants(hook, type)) continue;
            store::NewDelivery delivery;
            delivery.id = core::new_id();
            delivery.webhook_id = hook.id;
            delivery.event = type;
            delivery.event_id = event.id;
            if (registration) delivery.registration_id = registration->id;
            delivery.subject_id = registration ? registration->id : event.id;
            delivery.cause = cause;
            delivery.url = hook.url;
            delivery.now = context.now;
            delivery.body = domain::webhook_message({.id = delivery.id,
                                                     .type = type,
                                                     .at = context.now,
                                                     .community = event.definition.communities[i],
                                                     .base_url = context.instance.base_url,
                                                     .event = &event,
                                                     .registration = registration});
            store::insert_delivery(tx, delivery);
        }
}

bool anything_to_deliver(Transaction& tx, Context const& context) { return !store::webhooks_with_work(tx, context.now).empty(); }

std::vector<DueDelivery> claim_deliveries(Transaction& tx, Context const& context, std::string const& owner, std::size_t max) {
    std::vector<DueDelivery> due;
    for (Webhook const& hook : store::webhooks_with_work(tx, context.now)) {
        if (due.size() >= max) break;
        auto const secret = core::unseal(context.instance.secret, "webhook", hook.secret);
        if (!secret) {
            pause(tx, context, hook, "its secret cannot be read any more: give it a new one");
            continue;
        }
        std::size_t const most = hook.failing_since ? 1 : in_hand_of_one;
        for (Delivery& delivery : store::claim_deliveries(tx, hook.id, context.now, context.now + lease, owner, max - due.size(), most))
            due.push_back({std::move(delivery), hook.url, *secret});
    }
    return due;
}

void settle_deliveries(Transaction& tx, Context const& context, std::string const& owner, std::vector<Settled> const& settlements) {
    using Kind = Settled::Kind;
    for (Settled const& settled : settlements) {
        auto const delivery = store::find_delivery(tx, settled.id);
        if (!delivery) continue;  // went with its webhook
        store::lock_row(tx, "webhook", delivery->webhook_id);
        auto const hook = store::find_webhook(tx, delivery->webhook_id);
        if (!hook) continue;
        if (settled.kind == Kind::deferred && hook->paused) {
            store::settle_ended(tx, settled.id, "superseded", "the webhook was paused");
            continue;
        }
        settle_mails(tx, owner, {settled});
        if (settled.kind == Kind::sent) noted_taken(tx, context, *hook);
        if (settled.kind == Kind::deferred) noted_not_taken(tx, context, *hook, settled.reason);
        if (settled.kind == Kind::failed && !hook->paused) {
            // 410 Gone is the receiver's own word that nobody is there any more (RFC 9110 §15.5.11).
            if (settled.reason.starts_with("410")) pause(tx, context, *hook, "the receiver said 410 Gone");
            else noted_not_taken(tx, context, *hook, settled.reason);
        }
    }
}

std::int64_t remove_old_deliveries(Transaction& tx, Context const& context) { return store::delete_old_deliveries(tx, context.now - kept, 500); }

}  // namespace convoke::usecases
