// Who calls the API (RFC 6750 §2.1). Tokens are never logged, not even the wrong ones.
#pragma once

#include "service/domain/actor.hpp"
#include "service/http/message.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <string>

namespace convoke::api {

// What stands behind "Authorization: Bearer "; nullopt without it.
std::optional<std::string> bearer_token(http::Request const& request);

// errc::unauthenticated for an unknown or revoked token.
result<domain::Actor> authenticate(store::Transaction& tx, std::string_view token);

Failure unauthenticated();

}  // namespace convoke::api
