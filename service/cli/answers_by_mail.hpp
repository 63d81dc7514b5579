// The way in for answers: the LMTP listener on a thread of its own, so that reading a large mail holds up nothing else.
#pragma once

#include "config/settings.hpp"
#include "notifications/lmtp_server.hpp"
#include "service/core/clock.hpp"
#include "service/jobs/answer_intake.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <thread>

namespace convoke::cli {

class AnswersByMail {
public:
    // Does nothing where mail.lmtp_listen is empty. References must outlive it.
    AnswersByMail(config::Settings const& settings, store::Database& db, usecases::Instance const& instance, core::Clock const& clock);

    void start();  // throws std::runtime_error for an address it cannot listen on
    void stop();   // answers what is in hand; before the database closes

private:
    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    jobs::AnswerIntake intake_;
    std::optional<notifications::LmtpServer> server_;
    std::thread thread_;
};

}  // namespace convoke::cli
