#include "service/cli/clock_check.hpp"

#include "calendar/zone.hpp"
#include "service/core/log.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <sys/stat.h>

namespace convoke::cli {

namespace asio = boost::asio;
using namespace std::chrono;

ClockFloor clock_floor(std::string const& store_url) {
    // A day is no fault: somebody may build in one zone's evening and run in another's.
    auto const built = calendar::parse_date(CONVOKE_BUILD_DAY);
    ClockFloor floor{sys_days(built.value().time_since_epoch()) - days(1), "before this program was built (" CONVOKE_BUILD_DAY ")"};
    if (!store_url.starts_with("sqlite:")) return floor;
    for (char const* suffix : {"", "-wal"}) {
        struct stat facts {};
        if (::stat((store_url.substr(7) + suffix).c_str(), &facts) != 0) continue;
        sys_seconds const written{seconds(facts.st_mtime)};
        if (written - days(1) > floor.time)
            floor = {written - days(1), "before the database was last written (" + calendar::format_instant(written) + ")"};
    }
    return floor;
}

std::optional<std::string> clock_implausible(sys_seconds now, ClockFloor const& floor) {
    if (now >= floor.time) return std::nullopt;
    return "the clock says " + calendar::format_instant(now) + ", " + floor.reason + ": set the clock, e.g. by NTP";
}

bool ClockGuard::hold() {
    auto const why = clock_implausible(clock_.now(), floor_);
    if (why && !said_.exchange(true)) core::log::warn("serve", "clock_implausible", {{"why", *why}, {"mails", "held back"}});
    if (!why && said_.exchange(false)) core::log::info("serve", "clock_plausible", {{"mails", "sent again"}});
    return why.has_value();
}

asio::awaitable<bool> ClockGuard::wait() {
    asio::steady_timer timer(co_await asio::this_coro::executor);
    while (!stopped_) {
        if (!hold()) co_return true;
        timer.expires_after(250ms);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return false;
}

asio::awaitable<result<std::vector<notifications::ClaimedMail>>> HeldOutbox::claim(std::size_t max) {
    if (guard_.hold()) co_return std::vector<notifications::ClaimedMail>{};
    co_return co_await outbox_.claim(max);
}

}  // namespace convoke::cli
