// What runs beside HTTP and mail in a serving process, on a thread of its own: deliveries to webhooks, the chain of
// the audit log, and notes of who fetched feeds. A receiver that hangs, or a name server that does, holds up no mail this way.
#pragma once

#include "config/settings.hpp"
#include "notifications/dispatcher.hpp"
#include "service/cli/clock_check.hpp"
#include "service/core/clock.hpp"
#include "service/core/metrics_text.hpp"
#include "service/jobs/audit_chain.hpp"
#include "service/jobs/feed_fetches.hpp"
#include "service/jobs/webhook_outbox.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <memory>
#include <thread>

namespace convoke::cli {

class Background {
public:
    // All references must outlive it. Throws CommandFailed for a ca_file that cannot be used.
    Background(config::Settings const& settings, store::Database& db, usecases::Instance const& instance, core::Clock const& clock,
               ClockGuard& guard, rendering::Templates const& templates);

    void start();
    void wake() { dispatcher_.wake(); }  // after a commit; any thread
    void finish() { dispatcher_.stop(); }  // takes up no more deliveries; any thread
    void stop();                         // returns when all is settled and chained; before the database closes

    // A member's feed was fetched; any thread. Not noted under a clock that cannot be right: it would say when.
    void feed_fetched(std::int64_t person_id, std::string_view client) {
        if (!guard_.holding()) fetches_.note(person_id, client);
    }

    void write(core::MetricsText& text) const;  // its figures; any thread

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    ClockGuard& guard_;
    jobs::WebhookOutbox outbox_;
    HeldOutbox held_outbox_{outbox_, guard_};
    std::unique_ptr<notifications::Transport> transport_;
    notifications::Dispatcher dispatcher_;
    jobs::AuditChain chain_;
    jobs::FeedFetches fetches_;
    std::future<void> dispatched_, chained_, fetched_;
    std::thread thread_;
};

}  // namespace convoke::cli
