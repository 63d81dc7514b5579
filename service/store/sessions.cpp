#include "service/store/sessions.hpp"

namespace convoke::store {
namespace {

calendar::sys_seconds instant(std::int64_t value) { return calendar::sys_seconds(std::chrono::seconds(value)); }
std::int64_t count(calendar::sys_seconds instant) { return instant.time_since_epoch().count(); }

// Links and sessions share their first columns.
template <class T>
std::optional<T> first(Rows const& rows) {
    if (rows.empty()) return std::nullopt;
    auto const row = rows[0];
    return T{row.integer(0), row.integer(1), row.text(2), instant(row.integer(3)), instant(row.integer(4))};
}

}  // namespace

void insert_login_link(Transaction& tx, LoginLinkRow const& link) {
    tx.execute("INSERT INTO login_link (id, person_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
               {link.id, link.person_id, link.hash, count(link.created), count(link.expires)});
}

std::optional<LoginLinkRow> find_usable_login_link(Transaction& tx, std::string_view hash, calendar::sys_seconds now) {
    return first<LoginLinkRow>(tx.query("SELECT id, person_id, hash, created_at, expires_at FROM login_link "
                                        "WHERE hash = $1 AND used_at IS NULL AND expires_at > $2",
                                        {hash, count(now)}));
}

bool spend_login_link(Transaction& tx, std::int64_t id, calendar::sys_seconds now) {
    return tx.execute("UPDATE login_link SET used_at = $2 WHERE id = $1 AND used_at IS NULL AND expires_at > $2",
                      {id, count(now)}) == 1;
}

std::int64_t count_login_links_since(Transaction& tx, std::int64_t person_id, calendar::sys_seconds since) {
    return tx.query("SELECT count(*) FROM login_link WHERE person_id = $1 AND created_at > $2", {person_id, count(since)})[0]
        .integer(0);
}

void insert_session(Transaction& tx, SessionRow const& session) {
    tx.execute("INSERT INTO session (id, person_id, hash, created_at, expires_at) VALUES ($1, $2, $3, $4, $5)",
               {session.id, session.person_id, session.hash, count(session.created), count(session.expires)});
}

std::optional<SessionRow> find_session(Transaction& tx, std::string_view hash, calendar::sys_seconds now) {
    return first<SessionRow>(tx.query("SELECT id, person_id, hash, created_at, expires_at FROM session "
                                      "WHERE hash = $1 AND expires_at > $2",
                                      {hash, count(now)}));
}

void extend_session(Transaction& tx, std::int64_t id, calendar::sys_seconds expires) {
    tx.execute("UPDATE session SET expires_at = $2 WHERE id = $1 AND expires_at < $2", {id, count(expires)});
}

void delete_session(Transaction& tx, std::string_view hash) { tx.execute("DELETE FROM session WHERE hash = $1", {hash}); }

std::int64_t count_sessions_of(Transaction& tx, std::int64_t person_id) {
    return tx.query("SELECT count(*) FROM session WHERE person_id = $1", {person_id})[0].integer(0);
}

void delete_sign_ins_of(Transaction& tx, std::int64_t person_id) {
    tx.execute("DELETE FROM session WHERE person_id = $1", {person_id});
    tx.execute("DELETE FROM login_link WHERE person_id = $1", {person_id});
}

std::int64_t delete_expired_sign_ins(Transaction& tx, calendar::sys_seconds links_before, calendar::sys_seconds now) {
    return tx.execute("DELETE FROM login_link WHERE expires_at < $1", {count(links_before)}) +
           tx.execute("DELETE FROM session WHERE expires_at <= $1", {count(now)});
}

}  // namespace convoke::store
