#include "service/store/tokens.hpp"

namespace convoke::store {
namespace {

#define TOKEN_COLUMNS "id, name, role, community_id, hash, created_at, revoked_at"

ApiToken read_token(Row const& row) {
    ApiToken token{.id = row.integer(0),
                   .name = row.text(1),
                   .role = row.text(2),
                   .community_id = row.maybe_integer(3),
                   .hash = row.text(4),
                   .created = calendar::sys_seconds(std::chrono::seconds(row.integer(5)))};
    if (auto const revoked = row.maybe_integer(6)) token.revoked = calendar::sys_seconds(std::chrono::seconds(*revoked));
    return token;
}

}  // namespace

void insert_token(Transaction& tx, ApiToken const& token) {
    tx.execute("INSERT INTO api_token (id, name, role, community_id, hash, created_at) VALUES ($1, $2, $3, $4, $5, $6)",
               {token.id, token.name, token.role, token.community_id, token.hash,
                token.created.time_since_epoch().count()});
}

std::optional<ApiToken> find_token(Transaction& tx, std::string_view hash) {
    auto const rows = tx.query("SELECT " TOKEN_COLUMNS " FROM api_token WHERE hash = $1 AND revoked_at IS NULL", {hash});
    if (rows.empty()) return std::nullopt;
    return read_token(rows[0]);
}

bool revoke_token(Transaction& tx, std::int64_t id, calendar::sys_seconds now) {
    return tx.execute("UPDATE api_token SET revoked_at = $2 WHERE id = $1 AND revoked_at IS NULL",
                      {id, now.time_since_epoch().count()}) == 1;
}

std::vector<ApiToken> list_tokens(Transaction& tx, std::optional<std::int64_t> after, std::size_t limit) {
    std::vector<ApiToken> out;
    for (auto const& row : tx.query("SELECT " TOKEN_COLUMNS " FROM api_token WHERE id > $1 ORDER BY id LIMIT $2",
                                    {after.value_or(0), limit}))
        out.push_back(read_token(row));
    return out;
}

}  // namespace convoke::store
