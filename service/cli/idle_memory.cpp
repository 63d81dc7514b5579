#include "service/cli/idle_memory.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <malloc.h>
#include <sys/resource.h>

#include <chrono>

namespace convoke::cli {
namespace {

using namespace std::chrono_literals;

std::chrono::microseconds processor_time() {
    rusage used{};
    ::getrusage(RUSAGE_SELF, &used);
    auto const of = [](timeval const& time) { return std::chrono::seconds(time.tv_sec) + std::chrono::microseconds(time.tv_usec); };
    return of(used.ru_utime) + of(used.ru_stime);
}

}  // namespace

boost::asio::awaitable<void> give_back_idle_memory() {
    boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor);
    auto before = processor_time(), given_at = std::chrono::microseconds(-1s);
    for (;;) {
        timer.expires_after(1s);
        co_await timer.async_wait(boost::asio::use_awaitable);
        auto const now = processor_time();
        bool const idle = now - before < 20ms, worked_since = now - given_at > 50ms;
        before = now;
        if (!idle || !worked_since) continue;  // a busy service will need it again
        ::malloc_trim(0);
        given_at = processor_time();
    }
}

}  // namespace convoke::cli
