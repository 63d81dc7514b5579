#include "service/store/idempotency.hpp"

#include "service/store/instants.hpp"

namespace convoke::store {

bool try_lock_reply(Transaction& tx, std::int64_t token_id, std::string_view key) {
    return try_lock_name(tx, "reply:" + std::to_string(token_id) + ":" + std::string(key));
}

std::optional<StoredReply> find_reply(Transaction& tx, std::int64_t token_id, std::string_view key) {
    auto const rows = tx.query("SELECT fingerprint, subject, reply, created_at FROM idempotent_request "
                               "WHERE token_id = $1 AND key = $2",
                               {token_id, key});
    if (rows.empty()) return std::nullopt;
    auto const row = rows[0];
    return StoredReply{.token_id = token_id,
                       .key = std::string(key),
                       .fingerprint = row.text(0),
                       .subject = row.maybe_text(1),
                       .reply = row.maybe_blob(2),
                       .created = instant_of(row.integer(3))};
}

void insert_reply(Transaction& tx, StoredReply const& reply) {
    tx.execute("INSERT INTO idempotent_request (token_id, key, fingerprint, subject, reply, created_at) "
               "VALUES ($1, $2, $3, $4, $5, $6)",
               {reply.token_id, reply.key, reply.fingerprint, reply.subject, reply.reply, seconds_of(reply.created)});
}

void erase_replies_about(Transaction& tx, std::string_view subject) {
    tx.execute("UPDATE idempotent_request SET reply = NULL, subject = NULL WHERE subject = $1", {subject});
}

bool any_reply_before(Transaction& tx, calendar::sys_seconds before) {
    return tx.query("SELECT EXISTS (SELECT 1 FROM idempotent_request WHERE created_at < $1)", {seconds_of(before)})[0].boolean(0);
}

std::int64_t delete_replies_before(Transaction& tx, calendar::sys_seconds before, std::int64_t limit) {
    return tx.execute("DELETE FROM idempotent_request WHERE (token_id, key) IN "
                      "(SELECT token_id, key FROM idempotent_request WHERE created_at < $1 ORDER BY created_at LIMIT $2)",
                      {seconds_of(before), limit});
}

}  // namespace convoke::store
