#include "service/http/overload.hpp"

#include "service/core/spawn.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <mutex>

namespace convoke::http {

namespace asio = boost::asio;
using Clock = OverloadGuard::Clock;

class OverloadGuard::Lane {
public:
    explicit Lane(Limits const& limits) : limits_(limits) {}

    bool enter(bool late) {
        std::lock_guard const lock(mutex_);
        auto const now = Clock::now();
        if (!limits_.off_for_tests && stays(late, expected_wait(now), now)) return false;
        if (++running_ == limits_.crowd) begin_windows(now);
        return true;
    }

    void leave() {
        std::lock_guard const lock(mutex_);
        --running_;
        ++finished_;
    }

private:
    // How many leave is counted over the last one to two windows, and only while there is a crowd: else the pace would
    // be the callers', not ours.
    static constexpr Duration window = std::chrono::milliseconds(200);

    void begin_windows(Clock::time_point now) {
        if (now - seen_ > 10 * limits_.tolerance) each_.reset();  // another time's pace
        before_ = begin_ = now;
        finished_before_ = finished_ = 0;
    }

    Duration expected_wait(Clock::time_point now) {
        if (running_ < limits_.crowd) return {};
        if (now - begin_ > window) {
            before_ = std::exchange(begin_, now);
            finished_before_ = std::exchange(finished_, 0);
        }
        auto const elapsed = now - before_;
        auto const finished = finished_before_ + finished_;
        // One group commit of a slow disk is no standstill.
        if (finished > 0 ? elapsed >= limits_.patience / 2 : elapsed >= 2 * limits_.patience) {
            each_ = elapsed / std::max<std::size_t>(finished, 1);
            seen_ = now;
        }
        // Before anything is known two crowds are taken: what comes within a moment is rarely more.
        if (!each_) return running_ < 2 * limits_.crowd ? Duration() : 2 * limits_.longest;
        return *each_ * running_;
    }

    // Strict for some seconds once a queue has stayed: else each pause would let in another half second of everything.
    bool stays(bool late, Duration wait, Clock::time_point now) {
        if (!late && wait <= limits_.patience) {
            queued_since_.reset();
            return false;
        }
        if (!queued_since_) queued_since_ = now;
        bool const refuse = now < strict_until_ || now - *queued_since_ >= limits_.tolerance || wait > limits_.longest;
        if (refuse) strict_until_ = now + 10 * limits_.tolerance;
        return refuse;
    }

    Limits const& limits_;
    std::mutex mutex_;
    std::size_t running_ = 0;
    Clock::time_point before_{}, begin_{};  // of the two windows
    std::size_t finished_before_ = 0, finished_ = 0;
    std::optional<Duration> each_;  // the time between two that leave, as last seen
    Clock::time_point seen_{};      // when that was
    std::optional<Clock::time_point> queued_since_;
    Clock::time_point strict_until_{};
};

OverloadGuard::Place::~Place() {
    if (lane_ != nullptr) lane_->leave();
}

OverloadGuard::OverloadGuard(std::function<std::size_t()> connections) : OverloadGuard(std::move(connections), Limits()) {}

OverloadGuard::OverloadGuard(std::function<std::size_t()> connections, Limits limits)
    : connections_(std::move(connections)),
      limits_(limits),
      reads_(std::make_unique<Lane>(limits_)),
      changes_(std::make_unique<Lane>(limits_)) {}

OverloadGuard::~OverloadGuard() = default;

void OverloadGuard::watch(std::vector<asio::any_io_executor> const& loops) {
    for (auto const& loop : loops) {
        lags_.push_back(std::make_shared<Lag>(0));
        core::spawn(loop, "loop-lag", measure(lags_.back()));
    }
}

asio::awaitable<void> OverloadGuard::measure(std::shared_ptr<Lag> lag) {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    for (;;) {
        auto const due = Clock::now() + std::chrono::milliseconds(100);
        timer.expires_at(due);
        co_await timer.async_wait(asio::use_awaitable);
        *lag = (Clock::now() - due).count();
    }
}

bool OverloadGuard::loops_are_late() const {
    if (connections_() < 8 * limits_.crowd) return false;
    return std::any_of(lags_.begin(), lags_.end(), [&](auto const& lag) { return Duration(lag->load()) > 2 * limits_.patience; });
}

std::optional<OverloadGuard::Place> OverloadGuard::enter(Request const& request) {
    auto& lane = is_safe(request.method) ? *reads_ : *changes_;
    if (!lane.enter(loops_are_late())) return std::nullopt;
    return std::make_optional<Place>(lane);
}

Problem OverloadGuard::refusal() {
    Problem problem(503, "overloaded", "The server has more to do than it can at the moment. Try again in 2 s.");
    problem.headers["Retry-After"] = "2";
    return problem;
}

}  // namespace convoke::http
