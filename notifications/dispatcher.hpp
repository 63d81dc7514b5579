// Takes mails from the outbox to the transport: claim, render what has no bytes yet, freeze the bytes durably, send
// over all connections at once, mark. Knows no database (outbox_port.hpp) and no network (transport.hpp).
//
// `run` belongs to one executor, a strand or a context with one thread, the transport's; `wake` and `stop` may be
// called from any thread.
#pragma once

#include "notifications/outbox_port.hpp"
#include "notifications/transport.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>

namespace convoke::notifications {

struct DispatcherOptions {
    std::chrono::milliseconds longest_sleep{2'000};   // a wake() that got lost costs no more than this
    // Nothing is begun in the last `lease_margin` of a lease: what is on its way when it ends could be sent twice.
    std::chrono::milliseconds lease{30'000}, renew_every{10'000}, lease_margin{2'000};
    std::chrono::milliseconds drain{4'000};           // what stop waits for mails in DATA
    std::chrono::seconds first_retry{60}, last_retry{3'600}, give_up{48 * 3'600};
    std::chrono::milliseconds first_pause{5'000}, last_pause{300'000};
    std::size_t claims_per_connection = 8;
};

// After the n-th failed attempt (1 …): 1, 2, 4 … 60 minutes.
std::chrono::seconds retry_delay(int attempts, DispatcherOptions const& options);

class Dispatcher {
public:
    struct Status {
        bool paused = false;
        std::string reason;           // of the pause
        std::size_t in_hand = 0;      // claimed, not settled
        std::size_t sent = 0, deferred = 0, failed = 0;
    };
    // One line for people and the log, without personal data: "mail paused: …".
    using Log = std::function<void(std::string_view)>;

    // All references must live until run() has returned.
    Dispatcher(OutboxPort& port, Transport& transport, rendering::Templates const& templates,
               std::function<calendar::sys_seconds()> clock, Log log, boost::asio::any_io_executor executor,
               DispatcherOptions options = {});
    ~Dispatcher();

    // Until stop(): returns when what was being sent is settled; what takes longer than options.drain is broken off (in
    // doubt: the same bytes again), what was not begun goes back to the outbox. Never throws.
    boost::asio::awaitable<void> run();
    void wake();
    void stop();
    Status status() const;            // any thread

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace convoke::notifications
