// A POST that is retried is done once (draft-ietf-httpapi-idempotency-key-header-07): the reply is kept in the
// transaction of its effect, so that after any crash there are both or neither, and given again to who asks the same.
//
// A key belongs to the token that brought it; what others did under the same key is not seen. Kept for a day at least,
// then removed by a job. What is stored cannot be read in a copy of the tables: keys and requests are HMACs, the reply
// is sealed.
//
// Where a retry meets its first request while that is running: in the same process it waits its turn and gets the
// stored reply; in another process on the same database (PostgreSQL) it is told idempotency_in_progress at once.
#pragma once

#include "service/usecases/context.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace convoke::usecases {

inline constexpr std::chrono::hours replies_are_kept{24};

struct IdempotentRequest {
    std::string key, fingerprint;
};
// `request`: whatever makes it this request and no other. Any thread; pure.
IdempotentRequest idempotent_request(Instance const& instance, std::string_view key, std::string_view request);

// For the actor of a token only. The stored reply; nullopt: this request was not done yet, or too long ago.
// errc: idempotency_key_reused (another request had the key), idempotency_reply_erased.
result<std::optional<std::string>> recall_reply(Transaction& tx, Context const& context, IdempotentRequest const& request);

// The same for who is going to do it now: nobody else can until the transaction ends.
// errc::idempotency_in_progress besides.
result<std::optional<std::string>> claim_key(Transaction& tx, Context const& context, IdempotentRequest const& request);

// In the transaction that claimed the key. `email`: of the person the reply or the request speaks of, "" for nobody:
// with their erasure the reply goes too.
void keep_reply(Transaction& tx, Context const& context, IdempotentRequest const& request, std::string_view reply,
                std::string_view email);

// Part of a person's erasure. The keys stay: a retry is told idempotency_reply_erased, and does not bring them back.
void erase_replies_about(Transaction& tx, Instance const& instance, std::string_view email);

// For the service's own jobs: whether there are replies older than a day, and some of them (a bounded number, so that
// nobody's registration waits) removed; how many.
bool any_old_replies(Transaction& tx, sys_seconds now);
std::int64_t remove_old_replies(Transaction& tx, Context const& context);

}  // namespace convoke::usecases
