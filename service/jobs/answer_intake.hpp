// From a mail that was handed over to the verb: reads it, and keeps it for each of its recipients in a transaction of its
// own. Any thread; may run several times at once.
#pragma once

#include "notifications/lmtp_session.hpp"
#include "service/core/clock.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <boost/asio/awaitable.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace convoke::jobs {

class AnswerIntake {
public:
    // `addresses`: the reply address and what else mails come back to, without tags. References must outlive it.
    AnswerIntake(store::Database& db, usecases::Instance const& instance, core::Clock const& clock, std::vector<std::string> addresses);

    // One of the addresses, with or without a tag: "rsvp@events.example", "rsvp+TOKEN@events.example".
    bool accepts(std::string_view address) const;

    // For LmtpOptions::take. 451 while the database is away, full or overloaded.
    boost::asio::awaitable<std::vector<notifications::LmtpReply>> take(notifications::LmtpMail const& mail);

private:
    store::Database& db_;
    usecases::Instance const& instance_;
    core::Clock const& clock_;
    std::vector<std::string> addresses_;
};

// "TOKEN" of "rsvp+TOKEN@events.example"; "" without one.
std::string tag_of(std::string_view address);

}  // namespace convoke::jobs
