// The loop that wakes up by the clock: plans reminders, lets offers expire, completes what is over, and tidies up.
// It looks once a second and writes only when something is due: what is due leaves within five.
#pragma once

#include "service/core/clock.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <functional>

namespace convoke::jobs {

class Planner {
public:
    // Runs on `executor`, a strand or a context with one thread; all references must outlive run(). Nothing is decided
    // while `hold` says so.
    Planner(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, std::function<bool()> hold,
            boost::asio::any_io_executor executor);

    boost::asio::awaitable<void> run();  // until stop()
    void stop();                         // any thread

private:
    boost::asio::awaitable<void> round();

    store::Database& db_;
    usecases::Instance const& instance_;
    core::Clock const& clock_;
    std::function<bool()> hold_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    bool stopped_ = false;
};

}  // namespace convoke::jobs
