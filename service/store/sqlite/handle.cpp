#include "service/store/sqlite/handle.hpp"

#include "service/store/errors.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <string_view>
#include <thread>

namespace convoke::store::sqlite {
namespace {

using Kind = EngineError::Kind;

// "UNIQUE constraint failed: registration.event, registration.email" → "registration(event,email)".
// "…: index 'name'" → "name"; "CHECK constraint failed: name" → "name".
std::string constraint_name(std::string_view message) {
    auto const colon = message.find(": ");
    if (colon == std::string_view::npos) return {};
    auto rest = message.substr(colon + 2);
    if (rest.starts_with("index '")) return std::string(rest.substr(7, rest.size() - 8));
    auto const dot = rest.find('.');
    if (dot == std::string_view::npos) return std::string(rest);
    std::string const table(rest.substr(0, dot));
    std::string name = table + "(";
    while (true) {
        auto const comma = rest.find(", ");
        name += rest.substr(table.size() + 1, comma == std::string_view::npos ? comma : comma - table.size() - 1);
        if (comma == std::string_view::npos) break;
        name += ',';
        rest.remove_prefix(comma + 2);
    }
    return name + ")";
}

[[noreturn]] void fail_constraint(int code, std::string_view message) {
    using Violation = ConstraintViolation::Kind;
    switch (code) {
        case SQLITE_CONSTRAINT_UNIQUE:
        case SQLITE_CONSTRAINT_PRIMARYKEY:
        case SQLITE_CONSTRAINT_ROWID: throw ConstraintViolation(Violation::unique, constraint_name(message));
        case SQLITE_CONSTRAINT_FOREIGNKEY: throw ConstraintViolation(Violation::foreign_key, "");
        case SQLITE_CONSTRAINT_CHECK: throw ConstraintViolation(Violation::check, constraint_name(message));
        case SQLITE_CONSTRAINT_NOTNULL: throw ConstraintViolation(Violation::not_null, constraint_name(message));
        default: throw ConstraintViolation(Violation::other, constraint_name(message));
    }
}

void create_private(std::string const& path) {
    int const file = ::open(path.c_str(), O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0600);
    if (file >= 0) {
        ::close(file);
    } else if (errno != EEXIST) {
        auto const kind = errno == ENOSPC || errno == EDQUOT ? Kind::storage_full : Kind::unavailable;
        throw EngineError(kind, "cannot create the database file: " + std::string(std::strerror(errno)), true);
    }
}

// Switching a new file to WAL needs it alone, and SQLite does not call the busy handler for all of that.
void enter_wal(sqlite3* handle) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (true) {
        sqlite3_stmt* raw = nullptr;
        int code = sqlite3_prepare_v2(handle, "PRAGMA journal_mode=WAL", -1, &raw, nullptr);
        if (code == SQLITE_OK) code = sqlite3_step(raw);
        bool const wal = code == SQLITE_ROW && std::string_view(reinterpret_cast<char const*>(sqlite3_column_text(raw, 0))) == "wal";
        bool const answered = code == SQLITE_ROW;
        if (answered) code = SQLITE_OK;
        sqlite3_finalize(raw);
        if (wal) return;
        if (answered) throw EngineError(Kind::broken, "SQLite cannot use a write-ahead log here: the database must be on a local file system");
        if ((code & 0xff) != SQLITE_BUSY || std::chrono::steady_clock::now() > deadline) fail(handle, code);
        std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
}

// The errno of a write that failed. sqlite3_system_errno knows those of opening only; the log and the database file each
// remember their own.
int last_errno(sqlite3* handle) {
    if (int const known = sqlite3_system_errno(handle); known != 0) return known;
    for (int const which : {SQLITE_FCNTL_JOURNAL_POINTER, SQLITE_FCNTL_FILE_POINTER}) {
        sqlite3_file* file = nullptr;
        if (sqlite3_file_control(handle, "main", which, &file) != SQLITE_OK || file == nullptr || file->pMethods == nullptr) continue;
        int number = 0;
        if (file->pMethods->xFileControl(file, SQLITE_FCNTL_LAST_ERRNO, &number) == SQLITE_OK && number != 0) return number;
    }
    return 0;
}

}  // namespace

void fail(sqlite3* handle, int code) {
    std::string const message = handle != nullptr ? sqlite3_errmsg(handle) : sqlite3_errstr(code);
    int const system = handle != nullptr && ((code & 0xff) == SQLITE_IOERR || (code & 0xff) == SQLITE_CANTOPEN) ? last_errno(handle) : 0;
    switch (code & 0xff) {
        case SQLITE_CONSTRAINT: fail_constraint(code, message);
        case SQLITE_FULL: throw EngineError(Kind::storage_full, message);
        case SQLITE_BUSY:
        case SQLITE_LOCKED:
        case SQLITE_PROTOCOL:
        case SQLITE_INTERRUPT:
        case SQLITE_NOMEM: throw EngineError(Kind::unavailable, message);
        case SQLITE_CANTOPEN:
        case SQLITE_IOERR:
            // After a failed write or sync nothing that this connection remembers of the file is trusted.
            throw EngineError(system == ENOSPC || system == EDQUOT || system == EFBIG ? Kind::storage_full : Kind::unavailable, message, true);
        case SQLITE_READONLY:
            if (code == SQLITE_READONLY_DBMOVED) throw EngineError(Kind::unavailable, message, true);
            throw EngineError(Kind::broken, message);
        default: throw EngineError(Kind::broken, message);
    }
}

void script(sqlite3* handle, char const* sql) {
    int const code = sqlite3_exec(handle, sql, nullptr, nullptr, nullptr);
    if (code != SQLITE_OK) fail(handle, code);
}

Handle open(std::string const& path, int busy_ms) {
    create_private(path);
    sqlite3* raw = nullptr;
    int const code = sqlite3_open_v2(path.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nullptr);
    Handle handle(raw);
    if (code != SQLITE_OK) fail(raw, code);
    sqlite3_busy_timeout(raw, busy_ms);
    enter_wal(raw);
    script(raw,
           "PRAGMA synchronous=FULL;"
           "PRAGMA foreign_keys=ON;"
           "PRAGMA secure_delete=ON;"
           "PRAGMA temp_store=MEMORY;"
           "PRAGMA trusted_schema=OFF;"
           "PRAGMA wal_autocheckpoint=0;"
           "PRAGMA journal_size_limit=67108864");
    return handle;
}

}  // namespace convoke::store::sqlite
