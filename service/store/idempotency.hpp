// Statements on stored replies. Inside a transaction only; no rules here. See usecases/idempotency.hpp.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace convoke::store {

struct StoredReply {
    std::int64_t token_id = 0;
    std::string key, fingerprint;
    std::optional<std::string> subject;
    std::optional<Blob> reply;  // none once its person has been erased
    calendar::sys_seconds created;
};

// Takes the key until the end of the transaction. False: another process holds it, so its request is still running.
// Never waits. True on SQLite, which has one writer at a time, and for the transaction that holds it already.
bool try_lock_reply(Transaction& tx, std::int64_t token_id, std::string_view key);

std::optional<StoredReply> find_reply(Transaction& tx, std::int64_t token_id, std::string_view key);
void insert_reply(Transaction& tx, StoredReply const& reply);

// The replies go, keys and fingerprints stay: a retry must not do it again.
void erase_replies_about(Transaction& tx, std::string_view subject);

bool any_reply_before(Transaction& tx, calendar::sys_seconds before);
// At most `limit`, the oldest first; how many there were.
std::int64_t delete_replies_before(Transaction& tx, calendar::sys_seconds before, std::int64_t limit);

}  // namespace convoke::store
