// libpq's errors in the store's words. For service/store/postgres only.
#pragma once

#include <libpq-fe.h>

namespace convoke::store::postgres {

// Throws ConstraintViolation or EngineError for a result that is an error (may be null) on `connection`.
[[noreturn]] void fail(PGconn const* connection, PGresult const* result);

}  // namespace convoke::store::postgres
