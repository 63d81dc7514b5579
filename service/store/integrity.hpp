// Whether the database's own file is whole. Inside a transaction that reads; takes as long as reading all of it.
#pragma once

#include "service/store/transaction.hpp"

#include <string>
#include <vector>

namespace convoke::store {

// SQLite's quick_check: what it says of each damage; empty when there is none, and on PostgreSQL, which has its own tools.
std::vector<std::string> find_damage(Transaction& tx);

}  // namespace convoke::store
