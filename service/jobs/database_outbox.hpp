// The dispatcher's port over the database: every call is one transaction of the outbox verbs.
// Used on the dispatcher's executor.
#pragma once

#include "notifications/outbox_port.hpp"
#include "service/core/clock.hpp"
#include "service/jobs/letter_facts.hpp"
#include "service/jobs/mail_counts.hpp"
#include "service/store/database.hpp"
#include "service/usecases/outbox.hpp"

#include <map>
#include <string>

namespace convoke::jobs {

// The dispatcher's word for what became of a mail, in the verbs' words.
usecases::Settled settled(notifications::Settlement const& settlement);

class DatabaseOutbox final : public notifications::OutboxPort {
public:
    // `owner` names this process's leases; all references must outlive the port.
    DatabaseOutbox(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, MailIdentity identity,
                   std::string owner);

    boost::asio::awaitable<result<std::vector<notifications::ClaimedMail>>> claim(std::size_t max) override;
    boost::asio::awaitable<result<notifications::Rendering>> facts(std::int64_t id) override;
    boost::asio::awaitable<result<std::vector<std::int64_t>>> freeze(std::vector<notifications::FrozenMail> mails) override;
    boost::asio::awaitable<result<void>> settle(std::vector<notifications::Settlement> settlements) override;
    boost::asio::awaitable<result<std::vector<std::int64_t>>> renew(std::vector<std::int64_t> ids) override;

    MailCounts const& counts() const { return counts_; }

private:
    usecases::Context context() const;
    void note_dates_apart(std::int64_t id, notifications::LetterFacts const& facts);

    store::Database& db_;
    usecases::Instance const& instance_;
    core::Clock const& clock_;
    MailIdentity identity_;
    std::string owner_;
    std::map<std::int64_t, std::string> kinds_;  // of what is claimed
    std::map<std::int64_t, std::vector<calendar::local_seconds>> dates_apart_;  // of what is written and not yet frozen
    MailCounts counts_;
};

}  // namespace convoke::jobs
