// Statements on API tokens. The token itself is never here, only its hash. Inside a transaction only; no rules here.
#pragma once

#include "calendar/zone.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::store {

struct ApiToken {
    std::int64_t id = 0;
    std::string name, role;  // admin, organiser
    std::optional<std::int64_t> community_id;
    std::string hash;        // SHA-256 of the token's text, in hex
    calendar::sys_seconds created;
    std::optional<calendar::sys_seconds> revoked;
};

void insert_token(Transaction& tx, ApiToken const& token);
// Revoked ones are not found.
std::optional<ApiToken> find_token(Transaction& tx, std::string_view hash);
// False when there is no such token or it is revoked already.
bool revoke_token(Transaction& tx, std::int64_t id, calendar::sys_seconds now);
// In order of ids, those after `after`, revoked ones included.
std::vector<ApiToken> list_tokens(Transaction& tx, std::optional<std::int64_t> after, std::size_t limit);

}  // namespace convoke::store
