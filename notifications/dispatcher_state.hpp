// The dispatcher's inside: what it holds and what it does with it. One executor, one thread at a time.
#pragma once

#include "notifications/dispatcher.hpp"

#include <boost/asio/steady_timer.hpp>

#include <deque>
#include <map>
#include <mutex>
#include <vector>

namespace convoke::notifications {

// A port that throws is a port that cannot now.
template <class T>
boost::asio::awaitable<result<T>> guarded(boost::asio::awaitable<result<T>> call) {
    try {
        co_return co_await std::move(call);
    } catch (std::exception const& fault) {
        co_return Failure(errc::internal, fault.what());
    }
}

using SteadyClock = std::chrono::steady_clock;

struct Dispatcher::State : std::enable_shared_from_this<State> {
    State(OutboxPort& port_, Transport& transport_, rendering::Templates const& templates_,
          std::function<sys_seconds()> clock_, Log log_, boost::asio::any_io_executor executor_, DispatcherOptions options_);

    // A mail that is leased to us and not settled yet.
    struct Held {
        ClaimedMail claim;
        std::optional<Envelope> envelope;      // once frozen
        SteadyClock::time_point leased_until;  // by our own clock; afterwards it may be somebody else's
    };

    boost::asio::awaitable<void> run();
    boost::asio::awaitable<bool> claim_some();  // whether there may be more
    boost::asio::awaitable<void> prepare(std::vector<std::int64_t> ids);
    boost::asio::awaitable<std::optional<FrozenMail>> render(Held const& held);
    boost::asio::awaitable<void> freeze(std::vector<FrozenMail> frozen);
    void pump();
    boost::asio::awaitable<void> send_one(std::int64_t id);
    boost::asio::awaitable<void> conclude(Held const& held, Delivery const& delivery);
    boost::asio::awaitable<void> settle(std::vector<Settlement> settlements);
    boost::asio::awaitable<void> release(std::vector<std::int64_t> ids, std::string reason, sys_seconds retry_at);
    boost::asio::awaitable<void> release_ready(std::string reason, sys_seconds retry_at);
    boost::asio::awaitable<void> keep_leases();
    boost::asio::awaitable<bool> wait(boost::asio::steady_timer& timer, std::chrono::milliseconds at_most);  // elapsed
    boost::asio::awaitable<void> drain();

    void pause(std::string const& reason);
    void resume();
    bool paused() const { return SteadyClock::now() < paused_until; }
    std::size_t room() const;
    void spawn(boost::asio::awaitable<void> task);
    void signal();
    void publish();

    OutboxPort& port;
    Transport& transport;
    rendering::Templates const& templates;
    std::function<sys_seconds()> clock;
    Log log;
    boost::asio::any_io_executor executor;
    DispatcherOptions options;

    boost::asio::steady_timer signalled, lease_timer, drained;
    bool stopping = false, draining_over = false;
    bool signal_pending = false;
    bool look = true;                          // the outbox may hold something for us
    std::size_t tasks = 0;                     // detached coroutines alive
    std::size_t sending = 0;
    std::map<std::int64_t, Held> held;
    std::deque<std::int64_t> ready;            // frozen, waiting for a connection

    SteadyClock::time_point paused_until{};
    std::chrono::milliseconds last_pause{0};   // 0: not in trouble; else the next claim is a single probe
    std::size_t sent = 0, deferred = 0, failed = 0;

    mutable std::mutex status_mutex;
    Status status;
};

}  // namespace convoke::notifications
