// `IN ($1, $2 …)` for a list of ids, in a few fixed lengths so that prepared statements stay few.
#pragma once

#include "service/store/transaction.hpp"

#include <cstdint>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace convoke::store {

// Runs `before` + "($1,…)" + `after` for the ids, in chunks, and calls `each` for every row. The first parameter of
// the statement is $1; no other parameters. Nothing is run for an empty list.
void for_ids(Transaction& tx, std::string_view before, std::span<std::int64_t const> ids, std::string_view after,
             std::function<void(Row const&)> const& each);

}  // namespace convoke::store
