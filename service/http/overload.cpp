#include "service/http/overload.hpp"

#include "service/core/spawn.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>

namespace convoke::http {

namespace asio = boost::asio;
using Clock = std::chrono::steady_clock;

OverloadGuard::OverloadGuard(std::function<Load()> load, Duration patience, std::size_t crowd, Duration tolerance)
    : load_(std::move(load)), patience_(patience), crowd_(crowd), tolerance_(tolerance) {}

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

// Strict for some seconds once a queue has stayed: else each pause would let in another half second of everything.
bool OverloadGuard::stays(bool queued) const {
    auto const now = Clock::now().time_since_epoch().count();
    bool const strict = now < strict_until_;
    if (!queued) {
        queued_since_ = 0;
        return false;
    }
    Lag::value_type never = 0;
    queued_since_.compare_exchange_strong(never, now);
    if (!strict && now - queued_since_ < tolerance_.count()) return false;
    strict_until_ = now + (10 * tolerance_).count();
    return true;
}

std::optional<Problem> OverloadGuard::admit(Request const& request) const {
    auto const load = load_();
    auto const& queue = is_safe(request.method) ? load.read : load.write;
    Duration lag{};
    for (auto const& one : lags_) lag = std::max(lag, Duration(one->load()));
    bool const queued = queue.length >= crowd_ && queue.wait > patience_;
    bool const late = load.connections >= 8 * crowd_ && lag > 2 * patience_;
    if (!stays(queued || late)) return std::nullopt;
    Problem problem(503, "overloaded", "The server has more to do than it can at the moment. Try again in 2 s.");
    problem.headers["Retry-After"] = "2";
    return problem;
}

}  // namespace convoke::http
