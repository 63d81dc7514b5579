#include "notifications/dispatcher_state.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;
using std::chrono::seconds;

// Servers repeat addresses in their refusals; log and health page hold none.
std::string without_addresses(std::string const& text) {
    std::string out;
    for (std::size_t at = 0; at < text.size();) {
        const auto end = std::min(text.find(' ', at), text.size());
        const auto word = text.substr(at, end - at);
        if (!out.empty()) out += ' ';
        out += word.find('@') == std::string::npos ? word : "<address>";
        at = end + 1;
    }
    return out;
}

}  // namespace

Dispatcher::State::State(OutboxPort& port_, Transport& transport_, rendering::Templates const& templates_,
                         std::function<sys_seconds()> clock_, Log log_, asio::any_io_executor executor_,
                         DispatcherOptions options_)
    : port(port_),
      transport(transport_),
      templates(templates_),
      clock(std::move(clock_)),
      log(std::move(log_)),
      executor(executor_),
      options(options_),
      signalled(executor_),
      lease_timer(executor_),
      drained(executor_) {}

void Dispatcher::State::spawn(asio::awaitable<void> task) {
    ++tasks;
    asio::co_spawn(executor, std::move(task), [self = shared_from_this()](std::exception_ptr error) {
        --self->tasks;
        if (error) {
            try {
                std::rethrow_exception(error);
            } catch (std::exception const& fault) {
                self->log(std::string("mail dispatch: ") + fault.what());
            }
        }
        if (self->held.empty()) self->look = true;
        self->signal();
        self->drained.cancel();
    });
}

void Dispatcher::State::signal() {
    signal_pending = true;
    signalled.cancel();
}

asio::awaitable<bool> Dispatcher::State::wait(asio::steady_timer& timer, milliseconds at_most) {
    timer.expires_after(at_most);
    auto [cancelled] = co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
    co_return !cancelled;
}

std::size_t Dispatcher::State::room() const {
    if (last_pause.count() > 0) return held.empty() ? 1 : 0;
    const auto most = transport.connections() * options.claims_per_connection;
    // Half empty before asking again: few large claims rather than many small ones.
    return held.size() * 2 > most ? 0 : most - held.size();
}

asio::awaitable<void> Dispatcher::State::run() {
    spawn(keep_leases());
    while (!stopping) {
        if (!paused()) pump();
        if (!paused() && look && room() > 0) {
            look = false;
            if (co_await claim_some()) look = true;
            publish();
            continue;
        }
        if (std::exchange(signal_pending, false)) continue;
        const auto left = std::chrono::ceil<milliseconds>(paused_until - SteadyClock::now());
        if (co_await wait(signalled, paused() ? std::max(left, milliseconds(1)) : options.longest_sleep)) look = true;
    }
    co_await drain();
    publish();
}

asio::awaitable<bool> Dispatcher::State::claim_some() {
    const auto asked_at = SteadyClock::now();
    const auto asked = room();
    auto claimed = co_await guarded(port.claim(asked));
    if (!claimed) {
        log("the outbox cannot be read: " + claimed.error().detail);
        co_return false;
    }
    std::vector<std::int64_t> fresh;
    for (auto& mail : *claimed) {
        const auto id = mail.id;
        Held entry{std::move(mail), std::nullopt, asked_at + options.lease};
        if (entry.claim.frozen) {
            entry.envelope = std::move(entry.claim.frozen);
            ready.push_back(id);
        } else {
            fresh.push_back(id);
        }
        held.insert_or_assign(id, std::move(entry));
    }
    const bool full = claimed->size() >= asked;
    pump();
    if (!fresh.empty()) spawn(prepare(std::move(fresh)));
    co_return full;
}

void Dispatcher::State::pump() {
    // After trouble one mail tries the way before the others follow.
    const auto lanes = last_pause.count() > 0 ? std::size_t{1} : transport.connections();
    while (!stopping && !paused() && sending < lanes && !ready.empty()) {
        const auto id = ready.front();
        ready.pop_front();
        const auto found = held.find(id);
        if (found == held.end()) continue;
        if (found->second.leased_until - options.lease_margin <= SteadyClock::now()) {
            held.erase(found);  // not renewed in time: somebody else's by now, or soon
            continue;
        }
        ++sending;
        spawn(send_one(id));
    }
}

asio::awaitable<void> Dispatcher::State::send_one(std::int64_t id) {
    const Held mail = held.at(id);
    Delivery delivery;
    try {
        delivery = co_await transport.send(*mail.envelope);
    } catch (std::exception const& fault) {
        delivery = {Outcome::paused, fault.what()};
    }
    if (delivery.outcome == Outcome::paused)
        pause(delivery.reason);
    else
        resume();
    // The lane stays taken until the mark is durable: a crash leaves at most one mail in doubt per connection.
    co_await conclude(mail, delivery);
    --sending;
    pump();
}

asio::awaitable<void> Dispatcher::State::keep_leases() {
    while (!stopping || sending > 0) {
        co_await wait(lease_timer, options.renew_every);
        if (draining_over) co_return;
        std::vector<std::int64_t> ids;
        for (auto const& [id, mail] : held) ids.push_back(id);
        if (ids.empty()) continue;
        const auto asked_at = SteadyClock::now();
        const auto ours = co_await guarded(port.renew(ids));
        if (!ours) {
            log("leases cannot be renewed: " + ours.error().detail);
            continue;
        }
        for (const auto id : ids) {
            const auto found = held.find(id);
            if (found == held.end()) continue;
            const bool still = std::find(ours->begin(), ours->end(), id) != ours->end();
            found->second.leased_until = still ? asked_at + options.lease : SteadyClock::time_point{};
        }
    }
}

void Dispatcher::State::pause(std::string const& reason) {
    // Four connections that fail together are one failure.
    if (paused()) return;
    last_pause = last_pause.count() == 0 ? options.first_pause : std::min(last_pause * 2, options.last_pause);
    paused_until = SteadyClock::now() + last_pause;
    const auto why = without_addresses(reason);
    log("mail paused for " + std::to_string(std::chrono::ceil<seconds>(last_pause).count()) + " s: " + why);
    const std::lock_guard lock(status_mutex);
    status.reason = why;
}

void Dispatcher::State::resume() {
    if (last_pause.count() == 0) return;
    if (paused()) return;
    last_pause = milliseconds(0);
    log("mail goes out again");
}

asio::awaitable<void> Dispatcher::State::drain() {
    co_await release_ready("", clock());
    lease_timer.cancel();
    const auto over = SteadyClock::now() + options.drain;
    while (tasks > 0 && SteadyClock::now() < over) {
        drained.expires_at(over);
        co_await drained.async_wait(asio::as_tuple(asio::use_awaitable));
        lease_timer.cancel();
    }
    draining_over = true;
    if (tasks > 0) transport.abort();
    lease_timer.cancel();
    while (tasks > 0) {
        drained.expires_after(std::chrono::seconds(1));
        co_await drained.async_wait(asio::as_tuple(asio::use_awaitable));
        lease_timer.cancel();
    }
    co_await release_ready("", clock());
}

void Dispatcher::State::publish() {
    const std::lock_guard lock(status_mutex);
    status.paused = last_pause.count() > 0;
    if (!status.paused) status.reason.clear();
    status.in_hand = held.size();
    status.sent = sent;
    status.deferred = deferred;
    status.failed = failed;
}

}  // namespace convoke::notifications
