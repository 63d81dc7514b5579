#include "memory_outbox.hpp"

#include "letters.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <stdexcept>

namespace convoke::test {

using namespace notifications;
namespace asio = boost::asio;

MemoryMail& MemoryOutbox::add(std::int64_t id) {
    auto& mail = mails[id];
    mail.id = id;
    mail.facts = letter(LetterKind::reminder, "en");
    mail.facts.message_id = std::to_string(id) + "@events.example";
    mail.due = mail.created = clock_();
    return mail;
}

std::size_t MemoryOutbox::count(std::string const& state) const {
    return static_cast<std::size_t>(std::count_if(mails.begin(), mails.end(), [&](auto const& pair) { return pair.second.state == state; }));
}

result<void> MemoryOutbox::trouble(int& left) {
    if (left == 0) return {};
    --left;
    if (throws) throw std::runtime_error("the engine broke");
    return Failure(errc::database_unavailable, "the database is away");
}

asio::awaitable<result<std::vector<ClaimedMail>>> MemoryOutbox::claim(std::size_t max) {
    ++claims;
    largest_claim = std::max(largest_claim, max);
    CONVOKE_CO_CHECK(trouble(failing_claims));
    std::vector<ClaimedMail> claimed;
    for (auto& [id, mail] : mails) {
        if (claimed.size() == max) break;
        if (mail.state != "pending" || mail.due > clock_()) continue;
        mail.state = "sending";
        claimed.push_back({id, mail.attempts, mail.created, mail.frozen});
    }
    co_return claimed;
}

asio::awaitable<result<Rendering>> MemoryOutbox::facts(std::int64_t id) {
    auto const& mail = mails.at(id);
    if (mail.unreadable) co_return Failure(*mail.unreadable, "cannot be read");
    if (mail.superseded) co_return Rendering(Superseded{*mail.superseded});
    co_return Rendering(mail.facts);
}

asio::awaitable<result<std::vector<std::int64_t>>> MemoryOutbox::freeze(std::vector<FrozenMail> frozen) {
    CONVOKE_CO_CHECK(trouble(failing_freezes));
    std::vector<std::int64_t> ours;
    for (auto& each : frozen) {
        if (stolen.contains(each.id)) continue;
        auto& mail = mails.at(each.id);
        mail.frozen = each.envelope;
        ++mail.froze;
        ours.push_back(each.id);
    }
    co_return ours;
}

asio::awaitable<result<void>> MemoryOutbox::settle(std::vector<Settlement> settlements) {
    CONVOKE_CO_CHECK(trouble(failing_settles));
    for (auto const& each : settlements) {
        ++settled;
        auto& mail = mails.at(each.id);
        mail.reason = each.reason;
        switch (each.kind) {
            case Settlement::Kind::sent: mail.state = "sent"; break;
            case Settlement::Kind::failed: mail.state = "failed"; break;
            case Settlement::Kind::superseded: mail.state = "superseded"; break;
            case Settlement::Kind::deferred: ++mail.attempts; [[fallthrough]];
            case Settlement::Kind::released:
                mail.state = "pending";
                mail.due = each.retry_at;
        }
    }
    co_return result<void>();
}

asio::awaitable<result<std::vector<std::int64_t>>> MemoryOutbox::renew(std::vector<std::int64_t> ids) {
    ++renewals;
    std::erase_if(ids, [&](std::int64_t id) { return stolen.contains(id); });
    co_return ids;
}

asio::awaitable<Delivery> FakeTransport::send(Envelope envelope) {
    const Attempt attempt{std::stoll(envelope.message_id), envelope.message_id, *envelope.bytes};
    most_busy = std::max(most_busy, ++busy);
    attempts.push_back(attempt);
    if (before) before(attempt);
    asio::steady_timer timer(co_await asio::this_coro::executor);
    if (takes.count() > 0) {
        timer.expires_after(takes);
        co_await timer.async_wait(asio::use_awaitable);
    }
    while (hangs && !aborted) {
        timer.expires_after(std::chrono::milliseconds(5));
        co_await timer.async_wait(asio::use_awaitable);
    }
    --busy;
    if (hangs) co_return Delivery{Outcome::deferred, "broken off", true};
    co_return outcome ? outcome(attempt) : Delivery{Outcome::sent, "250 ok"};
}

}  // namespace convoke::test
