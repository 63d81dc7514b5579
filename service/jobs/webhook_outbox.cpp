#include "service/jobs/webhook_outbox.hpp"

#include "service/core/ids.hpp"
#include "service/jobs/database_outbox.hpp"

namespace convoke::jobs {

namespace asio = boost::asio;
using notifications::ClaimedMail;
using notifications::Envelope;
using notifications::Settlement;
using store::Transaction;

namespace {

constexpr std::chrono::minutes tidy_every{10};

}  // namespace

WebhookOutbox::WebhookOutbox(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, std::string owner)
    : db_(db), instance_(instance), clock_(clock), owner_(std::move(owner)) {}

usecases::Context WebhookOutbox::context() const { return {instance_, clock_.now(), domain::Actor::service()}; }

asio::awaitable<result<std::vector<ClaimedMail>>> WebhookOutbox::claim(std::size_t max) {
    usecases::Context const now = context();
    if (std::chrono::steady_clock::now() - tidied_ > tidy_every) {
        tidied_ = std::chrono::steady_clock::now();
        co_await db_.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::remove_old_deliveries(tx, now); });
    }
    // Looking costs no write: an idle service does not touch its disk.
    auto const due = co_await db_.read([&](Transaction& tx) -> result<bool> { return usecases::anything_to_deliver(tx, now); });
    if (!due) co_return due.error();
    if (!*due) co_return std::vector<ClaimedMail>{};
    auto claimed = co_await db_.write([&](Transaction& tx) -> result<std::vector<usecases::DueDelivery>> {
        return usecases::claim_deliveries(tx, now, owner_, max);
    });
    if (!claimed) co_return claimed.error();
    std::vector<ClaimedMail> mails;
    for (usecases::DueDelivery& due_one : *claimed) {
        auto& delivery = due_one.delivery;
        std::string const id = core::format_id(delivery.id);
        // What was allowed when it was set up may not be any more; the transport says so then.
        if (auto const target = domain::parse_webhook_url(due_one.url, instance_.webhooks))
            calls_[id] = {target->host, target->port, target->target, std::move(due_one.secret), delivery.event};
        ClaimedMail one;
        one.id = delivery.id;
        one.attempts = static_cast<int>(delivery.attempts);
        one.created = delivery.created;
        one.frozen = Envelope{"", "", id, std::make_shared<std::string const>(std::move(delivery.body))};
        mails.push_back(std::move(one));
    }
    co_return mails;
}

asio::awaitable<result<notifications::Rendering>> WebhookOutbox::facts(std::int64_t) {
    co_return Failure(errc::invalid_state, "a delivery is written when it is caused");
}

asio::awaitable<result<std::vector<std::int64_t>>> WebhookOutbox::freeze(std::vector<notifications::FrozenMail>) {
    co_return std::vector<std::int64_t>{};
}

asio::awaitable<result<void>> WebhookOutbox::settle(std::vector<Settlement> settlements) {
    std::vector<usecases::Settled> all;
    for (Settlement const& settlement : settlements) all.push_back(settled(settlement));
    usecases::Context const now = context();
    auto const done = co_await db_.write([&](Transaction& tx) -> result<void> {
        usecases::settle_deliveries(tx, now, owner_, all);
        return {};
    });
    if (!done) co_return done.error();
    for (Settlement const& settlement : settlements) {
        calls_.erase(core::format_id(settlement.id));
        if (settlement.kind == Settlement::Kind::sent) ++counts.delivered;
        if (settlement.kind == Settlement::Kind::deferred) ++counts.deferred;
        if (settlement.kind == Settlement::Kind::failed) ++counts.failed;
    }
    co_return result<void>();
}

asio::awaitable<result<std::vector<std::int64_t>>> WebhookOutbox::renew(std::vector<std::int64_t> ids) {
    usecases::Context const now = context();
    co_return co_await db_.write([&](Transaction& tx) -> result<std::vector<std::int64_t>> {
        return usecases::renew_leases(tx, now, owner_, ids);
    });
}

std::optional<notifications::WebhookCall> WebhookOutbox::call(std::string const& delivery) const {
    auto const found = calls_.find(delivery);
    if (found == calls_.end()) return std::nullopt;
    return found->second;
}

}  // namespace convoke::jobs
