// What the dispatcher does with one mail: render, freeze, conclude, mark.
#include "notifications/dispatcher_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr milliseconds first_settle_wait{200}, last_settle_wait{5'000};
constexpr seconds not_now_delay{5};

Settlement settlement(Settlement::Kind kind, std::int64_t id, std::string reason, sys_seconds at, sys_seconds retry_at = {}) {
    return {kind, id, std::move(reason), at, retry_at};
}

}  // namespace

asio::awaitable<void> Dispatcher::State::prepare(std::vector<std::int64_t> ids) {
    std::vector<FrozenMail> frozen;
    for (const auto id : ids) {
        const auto found = held.find(id);
        if (found == held.end()) continue;
        if (stopping) {
            co_await release({id}, "", clock());
            continue;
        }
        const Held mail = found->second;
        if (auto rendered = co_await render(mail)) frozen.push_back(*std::move(rendered));
    }
    if (!frozen.empty()) co_await freeze(std::move(frozen));
    pump();
}

asio::awaitable<std::optional<FrozenMail>> Dispatcher::State::render(Held const& mail) {
    const auto id = mail.claim.id;
    auto facts = co_await guarded(port.facts(id));
    const auto now = clock();
    std::vector<Settlement> end;
    std::optional<FrozenMail> made;
    if (!facts) {
        const bool gone = facts.error().code == errc::not_found || facts.error().code == errc::invalid_state;
        if (gone) end.push_back(settlement(Settlement::Kind::failed, id, facts.error().detail, now));
        else end.push_back(settlement(Settlement::Kind::released, id, facts.error().detail, now, now + not_now_delay));
    } else if (auto const* superseded = std::get_if<Superseded>(&*facts)) {
        end.push_back(settlement(Settlement::Kind::superseded, id, superseded->reason, now));
    } else {
        auto const& letter = std::get<LetterFacts>(*facts);
        try {
            auto mail_text = compose(letter, templates, now);
            if (mail_text) {
                made = FrozenMail{id, mail_text->subject, std::nullopt, {}};
                if (letter.carries_calendar) made->sequence = letter.entry.sequence;
            } else if (mail_text.error().code == errc::internal) {
                throw std::runtime_error(mail_text.error().detail);
            } else {
                log("a mail was not sent: " + mail_text.error().detail);
                end.push_back(settlement(Settlement::Kind::failed, id, mail_text.error().detail, now));
            }
            if (made) {
                made->envelope = {mail_text->from, mail_text->to, mail_text->message_id,
                                  std::make_shared<std::string const>(std::move(mail_text->bytes))};
            }
        } catch (std::exception const& fault) {
            // A fault of ours (a broken template): the mail waits for its repair as long as any other.
            log("a mail could not be written: " + std::string(fault.what()));
            const bool over = now - mail.claim.created > options.give_up;
            end.push_back(settlement(over ? Settlement::Kind::failed : Settlement::Kind::deferred, id, fault.what(), now,
                                     now + retry_delay(mail.claim.attempts + 1, options)));
        }
    }
    if (!end.empty()) co_await settle(std::move(end));
    co_return made;
}

asio::awaitable<void> Dispatcher::State::freeze(std::vector<FrozenMail> frozen) {
    std::map<std::int64_t, Envelope> envelopes;
    std::vector<std::int64_t> ids;
    for (auto const& mail : frozen) {
        envelopes.emplace(mail.id, mail.envelope);
        ids.push_back(mail.id);
    }
    const auto kept = co_await guarded(port.freeze(std::move(frozen)));
    if (!kept) {
        log("mails cannot be written down: " + kept.error().detail);
        co_await release(std::move(ids), kept.error().detail, clock() + not_now_delay);
        co_return;
    }
    for (const auto id : ids) {
        const auto found = held.find(id);
        if (found == held.end()) continue;
        if (std::find(kept->begin(), kept->end(), id) == kept->end()) {
            held.erase(found);
            continue;
        }
        found->second.envelope = envelopes.at(id);
        ready.push_back(id);
    }
}

asio::awaitable<void> Dispatcher::State::conclude(Held const& mail, Delivery const& delivery) {
    const auto id = mail.claim.id;
    const auto now = clock();
    std::vector<Settlement> end;
    switch (delivery.outcome) {
        case Outcome::sent:
            ++sent;
            end.push_back(settlement(Settlement::Kind::sent, id, delivery.reason, now));
            break;
        case Outcome::refused:
            ++failed;
            end.push_back(settlement(Settlement::Kind::failed, id, delivery.reason, now));
            break;
        case Outcome::deferred:
            // What stop() broke off counts as no attempt, as a crash does.
            if (draining_over) {
                end.push_back(settlement(Settlement::Kind::released, id, delivery.reason, now, now));
            } else if (now - mail.claim.created >= options.give_up) {
                ++failed;
                end.push_back(settlement(Settlement::Kind::failed, id, "given up: " + delivery.reason, now));
            } else {
                ++deferred;
                end.push_back(settlement(Settlement::Kind::deferred, id, delivery.reason, now,
                                         now + retry_delay(mail.claim.attempts + 1, options)));
            }
            break;
        case Outcome::paused: {
            const auto retry_at = now + std::chrono::floor<seconds>(last_pause);
            end.push_back(settlement(Settlement::Kind::released, id, delivery.reason, now, retry_at));
            co_await release_ready(delivery.reason, retry_at);
            break;
        }
    }
    co_await settle(std::move(end));
}

// Stands between a 250 and its durable mark, so it does not give up while we live.
asio::awaitable<void> Dispatcher::State::settle(std::vector<Settlement> settlements) {
    auto pause_between = first_settle_wait;
    bool told = false;
    while (true) {
        const auto done = co_await guarded(port.settle(settlements));
        if (done) break;
        if (!std::exchange(told, true)) log("the outbox cannot be marked: " + done.error().detail);
        if (draining_over) break;
        asio::steady_timer timer(executor, pause_between);
        co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
        pause_between = std::min(pause_between * 2, last_settle_wait);
    }
    for (auto const& each : settlements) held.erase(each.id);
    publish();
}

asio::awaitable<void> Dispatcher::State::release(std::vector<std::int64_t> ids, std::string reason, sys_seconds retry_at) {
    std::vector<Settlement> back;
    for (const auto id : ids) back.push_back(settlement(Settlement::Kind::released, id, reason, clock(), retry_at));
    if (!back.empty()) co_await settle(std::move(back));
}

asio::awaitable<void> Dispatcher::State::release_ready(std::string reason, sys_seconds retry_at) {
    const std::vector<std::int64_t> ids(ready.begin(), ready.end());
    ready.clear();
    co_await release(ids, std::move(reason), retry_at);
}

}  // namespace convoke::notifications
