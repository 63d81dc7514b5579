#include "service/jobs/database_outbox.hpp"

#include "calendar/series.hpp"

namespace convoke::jobs {

namespace asio = boost::asio;
using notifications::ClaimedMail;
using notifications::Envelope;
using notifications::Settlement;
using store::Transaction;

usecases::Settled settled(Settlement const& settlement) {
    usecases::Settled out;
    out.id = settlement.id;
    out.reason = settlement.reason;
    out.at = settlement.at;
    out.retry_at = settlement.retry_at;
    switch (settlement.kind) {
        case Settlement::Kind::sent: out.kind = usecases::Settled::Kind::sent; break;
        case Settlement::Kind::deferred: out.kind = usecases::Settled::Kind::deferred; break;
        case Settlement::Kind::failed: out.kind = usecases::Settled::Kind::failed; break;
        case Settlement::Kind::superseded: out.kind = usecases::Settled::Kind::superseded; break;
        case Settlement::Kind::released: out.kind = usecases::Settled::Kind::released; break;
    }
    return out;
}

DatabaseOutbox::DatabaseOutbox(store::Database& db, usecases::Instance const& instance, core::Clock const& clock,
                               MailIdentity identity, std::string owner)
    : db_(db), instance_(instance), clock_(clock), identity_(std::move(identity)), owner_(std::move(owner)) {}

usecases::Context DatabaseOutbox::context() const { return {instance_, clock_.now(), domain::Actor::service()}; }

asio::awaitable<result<std::vector<ClaimedMail>>> DatabaseOutbox::claim(std::size_t max) {
    // Looking costs no write: an idle service does not touch its disk.
    usecases::Context const now = context();
    auto const due = co_await db_.read([&](Transaction& tx) -> result<bool> { return usecases::anything_to_claim(tx, now); });
    if (!due) co_return due.error();
    if (!*due) co_return std::vector<ClaimedMail>{};
    auto claimed = co_await db_.write([&](Transaction& tx) -> result<std::vector<domain::OutboxMail>> {
        return usecases::claim_mails(tx, now, owner_, max);
    });
    if (!claimed) co_return claimed.error();
    std::vector<ClaimedMail> mails;
    for (domain::OutboxMail& mail : *claimed) {
        kinds_[mail.id] = mail.kind;
        ClaimedMail one;
        one.id = mail.id;
        one.attempts = static_cast<int>(mail.attempts);
        one.created = mail.created;
        if (mail.frozen)
            one.frozen = Envelope{mail.sender, mail.recipient, mail.message_id,
                                  std::make_shared<std::string const>(std::move(mail.bytes))};
        mails.push_back(std::move(one));
    }
    co_return mails;
}

asio::awaitable<result<notifications::Rendering>> DatabaseOutbox::facts(std::int64_t id) {
    usecases::Context const now = context();
    auto material = co_await db_.read([&](Transaction& tx) { return usecases::mail_material(tx, now, id); });
    if (!material) co_return material.error();
    auto rendering = letter_facts(*material, instance_, identity_);
    if (auto const* facts = std::get_if<notifications::LetterFacts>(&rendering)) note_dates_apart(id, *facts);
    co_return rendering;
}

void DatabaseOutbox::note_dates_apart(std::int64_t id, notifications::LetterFacts const& facts) {
    using notifications::LetterKind;
    dates_apart_.erase(id);
    bool const request = facts.kind == LetterKind::invitation || facts.kind == LetterKind::update || facts.kind == LetterKind::confirmation;
    if (!request || !facts.carries_calendar || facts.date) return;
    if (auto dates = calendar::dates_apart(facts.entry.schedule); !dates.empty()) dates_apart_[id] = std::move(dates);
}

asio::awaitable<result<std::vector<std::int64_t>>> DatabaseOutbox::freeze(std::vector<notifications::FrozenMail> mails) {
    std::vector<usecases::FreshBytes> fresh;
    for (notifications::FrozenMail const& mail : mails) {
        fresh.push_back({mail.id, mail.sequence ? std::optional<std::int64_t>(*mail.sequence) : std::nullopt, mail.envelope.from,
                         mail.subject, *mail.envelope.bytes, {}});
        if (auto const dates = dates_apart_.extract(mail.id)) fresh.back().dates_apart = dates.mapped();
    }
    usecases::Context const now = context();
    co_return co_await db_.write([&](Transaction& tx) -> result<std::vector<std::int64_t>> {
        return usecases::freeze_mails(tx, now, owner_, fresh);
    });
}

asio::awaitable<result<void>> DatabaseOutbox::settle(std::vector<Settlement> settlements) {
    std::vector<usecases::Settled> all;
    for (Settlement const& settlement : settlements) all.push_back(settled(settlement));
    auto const done = co_await db_.write([&](Transaction& tx) -> result<void> {
        usecases::settle_mails(tx, owner_, all);
        return {};
    });
    if (!done) co_return done.error();
    for (Settlement const& settlement : settlements) {
        auto const kind = kinds_.find(settlement.id);
        if (kind == kinds_.end()) continue;
        counts_.note(kind->second, settlement);
        kinds_.erase(kind);
    }
    co_return result<void>();
}

asio::awaitable<result<std::vector<std::int64_t>>> DatabaseOutbox::renew(std::vector<std::int64_t> ids) {
    usecases::Context const now = context();
    co_return co_await db_.write([&](Transaction& tx) -> result<std::vector<std::int64_t>> {
        return usecases::renew_leases(tx, now, owner_, ids);
    });
}

}  // namespace convoke::jobs
