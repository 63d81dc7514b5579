// Brings a database to this program's schema: numbered files, each in its own transaction, one process at a
// time, recorded with a checksum in the table schema_migration.
#pragma once

#include "calendar/failure.hpp"
#include "service/store/database.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace convoke::store {

struct Migration {
    std::int64_t number = 0;  // 1, 2, 3 … without gaps
    std::string name;         // "initial"
    std::string sqlite;       // statements separated by semicolons
    std::string postgresql;
};

// migrations/NNNN_name.{sqlite,postgresql}.sql as compiled in, in order. Throws std::logic_error if a
// number is missing, doubled, or has no file for an engine.
std::vector<Migration> embedded_migrations();

// Applies what is missing; nothing if all is there. Blocks on a connection of its own; safe when several
// processes start at once (the others wait, at most a minute).
// Failures (all named in `detail` with a remedy): invalid_state if the database is newer than the program, or a
// migration that was applied has other text now; database_unavailable; storage_full.
// A migration that the engine refuses throws EngineError, and leaves the schema at the one before.
result<void> migrate(Database& database, std::span<Migration const> migrations);
result<void> migrate(Database& database);  // the embedded ones

// The number of the last migration applied; 0 for an empty database.
result<std::int64_t> schema_version(Database& database);

// Whether the database stands exactly at this program's schema (for readiness and doctor).
result<bool> schema_is_current(Database& database);

}  // namespace convoke::store
