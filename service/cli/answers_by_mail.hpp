// The ways in for answers: the LMTP listener and the mailbox that is fetched, on a thread of their own, so that reading a
// large mail holds up nothing else.
#pragma once

#include "config/settings.hpp"
#include "notifications/imap_mailbox.hpp"
#include "notifications/lmtp_server.hpp"
#include "service/core/clock.hpp"
#include "service/jobs/answer_intake.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <future>
#include <memory>
#include <optional>
#include <string>
#include <thread>
#include <vector>

namespace convoke::cli {

class AnswersByMail {
public:
    // Does nothing where mail.lmtp_listen and mail.imap are empty. References must outlive it. Throws std::runtime_error
    // for a mailbox that cannot be used.
    AnswersByMail(config::Settings const& settings, store::Database& db, usecases::Instance const& instance, core::Clock const& clock);

    void start();  // throws std::runtime_error for an address it cannot listen on
    void finish();  // begins to stop: answers what is in hand. Any thread
    void stop();    // returns when it has; before the database closes

private:
    boost::asio::awaitable<bool> take_fetched(std::string const& bytes);

    boost::asio::io_context io_{1};
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{io_.get_executor()};
    jobs::AnswerIntake intake_;
    std::optional<notifications::LmtpServer> server_;
    std::unique_ptr<notifications::ImapMailbox> mailbox_;
    std::string reply_to_;
    std::vector<std::future<void>> ends_;
    std::thread thread_;
};

}  // namespace convoke::cli
