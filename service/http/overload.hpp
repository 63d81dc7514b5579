// Refuses what would only wait: while requests queue for longer than `patience`, new ones get 503 with Retry-After at
// once, so that those which are taken are answered in time.
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

    // What a request has to expect behind the server: a safe one waits for `read`, any other for `write`.
    struct Waits {
        Duration read{}, write{};
    };

    // `waits` is asked on every request, from any thread.
    OverloadGuard(std::function<Waits()> waits, Duration patience = std::chrono::milliseconds(100));

    // Measures from now on how late the loops run what is ready. Once, before they run; ends with the loops.
    void watch(std::vector<boost::asio::any_io_executor> const& loops);

    // For ServerOptions::admit. Any thread.
    std::optional<Problem> admit(Request const& request) const;

private:
    using Lag = std::atomic<std::chrono::steady_clock::duration::rep>;
    static boost::asio::awaitable<void> measure(std::shared_ptr<Lag> lag);

    std::function<Waits()> waits_;
    Duration patience_;
    std::vector<std::shared_ptr<Lag>> lags_;
};

}  // namespace convoke::http
