#include "service/jobs/planner.hpp"

#include "service/core/log.hpp"
#include "service/usecases/answers.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/idempotency.hpp"
#include "service/usecases/outbox.hpp"
#include "service/usecases/registrations.hpp"
#include "service/usecases/sign_in.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace convoke::jobs {

namespace asio = boost::asio;
using store::Transaction;

namespace {
constexpr std::chrono::seconds longest_sleep{1};
}

Planner::Planner(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, std::function<bool()> hold,
                 asio::any_io_executor executor)
    : db_(db), instance_(instance), clock_(clock), hold_(std::move(hold)), executor_(std::move(executor)), timer_(executor_) {}

asio::awaitable<void> Planner::run() {
    while (!stopped_) {
        // One event that cannot be handled must not end everybody's reminders.
        try {
            if (!hold_()) co_await round();
        } catch (std::exception const& fault) {
            core::log::error("planner", "round_failed", {{"why", fault.what()}});
        }
        timer_.expires_after(longest_sleep);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
    }
}

asio::awaitable<void> Planner::round() {
    usecases::Context const context{instance_, clock_.now(), domain::Actor::service()};
    // A look first: an idle service writes nothing.
    auto const work = co_await db_.read([&](Transaction& tx) -> result<bool> {
        return usecases::anything_to_plan(tx, context) || usecases::any_old_replies(tx, context.now) || usecases::any_old_answers(tx, context.now);
    });
    if (!work || !*work) co_return;
    // Each in a transaction of its own: what is wrong with one keeps none of the others back.
    using Step = std::int64_t (*)(Transaction&, usecases::Context const&);
    Step const tidy = [](Transaction& tx, usecases::Context const& at) { return usecases::remove_expired_sign_ins(tx, at.now); };
    std::exception_ptr broken;
    for (Step const step : {Step(usecases::plan_reminders), Step(usecases::expire_offers), Step(usecases::complete_past_events), Step(usecases::remove_old_replies), Step(usecases::remove_old_answers), tidy}) {
        try {
            auto const done = co_await db_.write([&](Transaction& tx) -> result<std::int64_t> { return step(tx, context); });
            if (!done) core::log::warn("planner", "step_failed", {{"code", slug(done.error().code)}});
        } catch (...) {
            broken = std::current_exception();
        }
    }
    if (broken) std::rethrow_exception(broken);
}

void Planner::stop() {
    asio::post(executor_, [this] {
        stopped_ = true;
        timer_.cancel();
    });
}

}  // namespace convoke::jobs
