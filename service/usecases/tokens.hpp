// API tokens: "cvk_" and 32 random bytes in base64url. Only the SHA-256 of the text is stored; the text is answered
// once, by create_token. See context.hpp for the rules of verbs.
#pragma once

#include "service/usecases/context.hpp"
#include "service/usecases/page.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::usecases {

struct NewToken {
    std::int64_t id = 0;
    std::string text;  // for its holder alone; never to a log
};

// `role`: "admin" (every community; no `community` then) or "organiser" (of `community`, a slug). Administrators and
// the command line only. errc: forbidden, invalid_value, required, not_found.
result<NewToken> create_token(Transaction& tx, Context const& context, std::string_view name, std::string_view role,
                              std::optional<std::string> const& community);

// Who a token stands for; nullopt for unknown and revoked ones. For db.read and inside verbs.
std::optional<domain::Actor> actor_of_token(Transaction& tx, std::string_view text);

// errc: forbidden, not_found (also when it is revoked already).
result<void> revoke_token(Transaction& tx, Context const& context, std::int64_t id);

struct TokenInfo {
    std::int64_t id = 0;
    std::string name, role;
    std::optional<std::int64_t> community_id;
    sys_seconds created;
    std::optional<sys_seconds> revoked;
};
result<std::vector<TokenInfo>> list_tokens(Transaction& tx, Context const& context, Page const& page);

}  // namespace convoke::usecases
