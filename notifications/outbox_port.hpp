// What the dispatcher needs of a durable outbox. Implemented over the database in service/jobs, in memory in tests.
// Every function is called from the dispatcher's executor, several at a time; the results must be durable when the
// awaitable completes. A Failure means "not now" (database away): the dispatcher keeps what it knows and asks again.
#pragma once

#include "calendar/failure.hpp"
#include "notifications/letter.hpp"

#include <boost/asio/awaitable.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

namespace convoke::notifications {

using calendar::sys_seconds;

// A mail leased to this dispatcher for 30 s (design §4.3).
struct ClaimedMail {
    std::int64_t id = 0;
    int attempts = 0;                  // finished attempts that count
    sys_seconds created;               // when it was due for the first time: gives up 48 h later
    std::optional<Envelope> frozen;    // the bytes of an earlier attempt
};

// The bytes as they will go out, however often it takes.
struct FrozenMail {
    std::int64_t id = 0;
    std::string subject;
    std::optional<int> sequence;       // iCalendar SEQUENCE in it; none without calendar part
    Envelope envelope;
};

// Instead of facts: the mail has nothing to say any more (reminder of a cancelled event …). It ends here.
struct Superseded {
    std::string reason;
};
using Rendering = std::variant<LetterFacts, Superseded>;

struct Settlement {
    enum class Kind {
        sent,        // final; `reason` is the server's reply
        deferred,    // attempts + 1, due again at `retry_at`
        failed,      // final
        superseded,  // final; nothing was sent
        released,    // as if never claimed: attempts stay; due again at `retry_at`; `reason` becomes lastError unless ""
    } kind = Kind::released;
    std::int64_t id = 0;
    std::string reason;
    sys_seconds at;                    // when it happened
    sys_seconds retry_at;              // deferred, released
};

class OutboxPort {
public:
    virtual ~OutboxPort() = default;
    // At most `max` due mails, oldest first, leased to us. Never two of one (person, UID) at a time and never a later
    // one before an earlier one is final: the order is kept here.
    virtual boost::asio::awaitable<result<std::vector<ClaimedMail>>> claim(std::size_t max) = 0;
    // The facts from the state as it is now. A Failure with errc::not_found or invalid_state is this mail's end (failed);
    // any other is "not now".
    virtual boost::asio::awaitable<result<Rendering>> facts(std::int64_t id) = 0;
    // Called before the first byte goes out; durable when it completes. Returns the ids that are still ours.
    virtual boost::asio::awaitable<result<std::vector<std::int64_t>>> freeze(std::vector<FrozenMail> mails) = 0;
    // Must succeed for a mail that was sent, even if its lease is lost by now.
    virtual boost::asio::awaitable<result<void>> settle(std::vector<Settlement> settlements) = 0;
    // Another 30 s; returns the ids that are still ours. What is not is not sent any more.
    virtual boost::asio::awaitable<result<std::vector<std::int64_t>>> renew(std::vector<std::int64_t> ids) = 0;
};

}  // namespace convoke::notifications
