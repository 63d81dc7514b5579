// Refuses what would only wait: while more requests run than are finished in `patience`, new ones get 503 with
// Retry-After, so that those which are taken are answered in time. What a new request has to expect is known without
// asking what it will wait for (Little's law: those inside, divided by how many leave in a second). Requests that change
// something and those that only read are counted apart.
//
// A few who wait long are no overload but a slow disk; a crowd that comes at once and is gone soon is served: only a
// queue that stays, or one that would take longer than `longest`, makes the guard strict.
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
#include <utility>
#include <vector>

namespace convoke::http {

class OverloadGuard {
public:
    using Clock = std::chrono::steady_clock;
    using Duration = Clock::duration;

    struct Limits {
        std::size_t crowd = 64;                               // as many may always be inside
        Duration patience = std::chrono::milliseconds(100);
        Duration tolerance = std::chrono::milliseconds(500);  // how long a wait beyond `patience` may last
        Duration longest = std::chrono::milliseconds(300);    // nobody is taken who would wait longer
        // A refusal is held back this long: who asks again at once would else cost more than by being served.
        Duration hold = std::chrono::milliseconds(250);
        bool off_for_tests = false;  // the negative control
    };

    // `connections` (open now) is asked on every request, from any thread.
    explicit OverloadGuard(std::function<std::size_t()> connections);
    OverloadGuard(std::function<std::size_t()> connections, Limits limits);
    ~OverloadGuard();

    // Measures from now on how late the loops run what is ready. Once, before they run; ends with the loops.
    void watch(std::vector<boost::asio::any_io_executor> const& loops);

    class Lane;
    // A request that runs, from its whole arrival to the end of its handler; it leaves when this is destroyed. A body
    // that arrives slowly, or an answer that is read slowly, is nobody's queue.
    class Place {
    public:
        explicit Place(Lane& lane) : lane_(&lane) {}
        Place(Place&& other) noexcept : lane_(std::exchange(other.lane_, nullptr)) {}
        Place& operator=(Place&&) = delete;
        ~Place();

    private:
        Lane* lane_;
    };

    // nullopt: answer refusal(), after limits().hold. Any thread.
    std::optional<Place> enter(Request const& request);
    static Problem refusal();
    Limits const& limits() const { return limits_; }

private:
    using Lag = std::atomic<Duration::rep>;
    static boost::asio::awaitable<void> measure(std::shared_ptr<Lag> lag);
    bool loops_are_late() const;

    std::function<std::size_t()> connections_;
    Limits limits_;
    std::unique_ptr<Lane> reads_, changes_;
    std::vector<std::shared_ptr<Lag>> lags_;
};

}  // namespace convoke::http
