// Statements on sign-in links and sessions: hashes only. Inside a transaction only; no rules here.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::store {

struct LoginLinkRow {
    std::int64_t id = 0, person_id = 0;
    std::string hash;  // SHA-256 of the token's text, in hex
    calendar::sys_seconds created, expires;
};
void insert_login_link(Transaction& tx, LoginLinkRow const& link);
// Unused and not expired at `now`.
std::optional<LoginLinkRow> find_usable_login_link(Transaction& tx, std::string_view hash, calendar::sys_seconds now);
// Of a thousand who try at once one gets true.
bool spend_login_link(Transaction& tx, std::int64_t id, calendar::sys_seconds now);
std::int64_t count_login_links_since(Transaction& tx, std::int64_t person_id, calendar::sys_seconds since);

struct SessionRow {
    std::int64_t id = 0, person_id = 0;
    std::string hash;
    calendar::sys_seconds created, expires;
};
void insert_session(Transaction& tx, SessionRow const& session);
// Not expired at `now`.
std::optional<SessionRow> find_session(Transaction& tx, std::string_view hash, calendar::sys_seconds now);
void extend_session(Transaction& tx, std::int64_t id, calendar::sys_seconds expires);
void delete_session(Transaction& tx, std::string_view hash);
std::int64_t count_sessions_of(Transaction& tx, std::int64_t person_id);

// Links and sessions of a person, whatever their state.
void delete_sign_ins_of(Transaction& tx, std::int64_t person_id);
// Links that expired before `links_before` (they still count for the limit for a while) and sessions over at `now`.
std::int64_t delete_expired_sign_ins(Transaction& tx, calendar::sys_seconds links_before, calendar::sys_seconds now);

}  // namespace convoke::store
