// Refuses what would only wait: while a crowd queues for longer than `patience`, new requests get 503 with Retry-After
// at once, so that those which are taken are answered in time. A few who wait long are no overload but a slow disk, and
// a crowd that comes at once and is gone in half a second is served: only a queue that stays makes the guard strict.
#pragma once

#include "service/http/message.hpp"
#include "service/http/problem.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

namespace convoke::http {

class OverloadGuard {
public:
    using Duration = std::chrono::steady_clock::duration;

    struct Queue {
        std::size_t length = 0;
        Duration wait{};  // that a new one has to expect
    };
    // What is queued: requests that change something wait for `write`, others for `read`; `connections` are open.
    struct Load {
        Queue read, write;
        std::size_t connections = 0;
    };

    // `load` is asked on every request, from any thread.
    OverloadGuard(std::function<Load()> load, Duration patience = std::chrono::milliseconds(100), std::size_t crowd = 64,
                  Duration tolerance = std::chrono::milliseconds(500));

    // Measures from now on how late the loops run what is ready. Once, before they run; ends with the loops.
    void watch(std::vector<boost::asio::any_io_executor> const& loops);

    // For ServerOptions::admit. Any thread.
    std::optional<Problem> admit(Request const& request) const;

private:
    using Lag = std::atomic<std::chrono::steady_clock::duration::rep>;
    bool stays(bool queued) const;
    static boost::asio::awaitable<void> measure(std::shared_ptr<Lag> lag);

    std::function<Load()> load_;
    Duration patience_;
    std::size_t crowd_;
    Duration tolerance_;  // how long a queue may stay
    // Ticks of the steady clock; 0: not since then.
    mutable Lag queued_since_{0}, strict_until_{0};
    std::vector<std::shared_ptr<Lag>> lags_;
};

}  // namespace convoke::http
