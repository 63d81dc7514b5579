// An open SQLite database, and its errors in the store's words. For service/store/sqlite only.
#pragma once

#include <sqlite3.h>

#include <memory>
#include <string>

namespace convoke::store::sqlite {

struct HandleCloser {
    void operator()(sqlite3* handle) const { sqlite3_close_v2(handle); }
};
using Handle = std::unique_ptr<sqlite3, HandleCloser>;

// Opens `path`, creating it (readable by its owner only) if missing, and sets what every connection has:
// WAL, synchronous=FULL, foreign keys, secure delete, no automatic checkpoint, `busy_ms` of patience.
Handle open(std::string const& path, int busy_ms);

// Throws ConstraintViolation or EngineError for the result code of the call that just failed on `handle`.
[[noreturn]] void fail(sqlite3* handle, int code);

// Runs statements without parameters and answers.
void script(sqlite3* handle, char const* sql);

}  // namespace convoke::store::sqlite
