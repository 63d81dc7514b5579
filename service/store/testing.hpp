// What only tests may do to a database: the protections switched off, so that a test can be seen to fail.
#pragma once

#include "service/store/database.hpp"

namespace convoke::store::testing {

// Jobs of one group are no longer isolated from each other.
void switch_savepoints_off(Database& database);

}  // namespace convoke::store::testing
