// Whether the machine's clock can be right. A clock reset to 1970 or 2000, as after a dead battery, calls every reminder
// far off and stamps mails with nonsense: while it is so, nothing is sent.
#pragma once

#include "service/core/clock.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <optional>
#include <string>

namespace convoke::cli {

// No clock that is right shows less than this, and why.
struct ClockFloor {
    std::chrono::sys_seconds time;
    std::string reason;
};

// From the day this program was built (UTC; SOURCE_DATE_EPOCH where it is set) and the SQLite database's last write, less
// a day. Ask before the database is opened: what this process writes under a wrong clock proves nothing.
ClockFloor clock_floor(std::string const& store_url);

// Why `now` cannot be right, with the remedy; nullopt when it can.
std::optional<std::string> clock_implausible(std::chrono::sys_seconds now, ClockFloor const& floor);

// Holds back what must not happen under a wrong clock. Any thread.
class ClockGuard {
public:
    ClockGuard(core::Clock const& clock, ClockFloor floor) : clock_(clock), floor_(std::move(floor)) {}

    // True as soon as the clock can be right, false when stopped before. Looks anew four times a second; says once that it
    // holds back (clock_implausible) and that it no longer does.
    boost::asio::awaitable<bool> wait();
    void stop() { stopped_ = true; }
    bool holding() const { return clock_implausible(clock_.now(), floor_).has_value(); }

private:
    core::Clock const& clock_;
    ClockFloor floor_;
    std::atomic<bool> stopped_ = false, said_ = false;
};

}  // namespace convoke::cli
