// Whether the machine's clock can be right. A clock reset to 1970 or 2000, as after a dead battery, calls every reminder
// far off and stamps mails with nonsense: while it is so, nothing is sent and nothing is decided by it.
#pragma once

#include "notifications/outbox_port.hpp"
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
    // The same for what looks again by itself; says, as wait() does, when that changes.
    bool hold();

private:
    core::Clock const& clock_;
    ClockFloor floor_;
    std::atomic<bool> stopped_ = false, said_ = false;
};

// An outbox out of which nothing is taken while the clock cannot be right, also where it went wrong after the start. What
// has been taken is settled.
class HeldOutbox final : public notifications::OutboxPort {
public:
    HeldOutbox(notifications::OutboxPort& outbox, ClockGuard& guard) : outbox_(outbox), guard_(guard) {}

    boost::asio::awaitable<result<std::vector<notifications::ClaimedMail>>> claim(std::size_t max) override;
    boost::asio::awaitable<result<notifications::Rendering>> facts(std::int64_t id) override { return outbox_.facts(id); }
    boost::asio::awaitable<result<std::vector<std::int64_t>>> freeze(std::vector<notifications::FrozenMail> mails) override {
        return outbox_.freeze(std::move(mails));
    }
    boost::asio::awaitable<result<void>> settle(std::vector<notifications::Settlement> settlements) override {
        return outbox_.settle(std::move(settlements));
    }
    boost::asio::awaitable<result<std::vector<std::int64_t>>> renew(std::vector<std::int64_t> ids) override {
        return outbox_.renew(std::move(ids));
    }

private:
    notifications::OutboxPort& outbox_;
    ClockGuard& guard_;
};

}  // namespace convoke::cli
