#include "service/store/migrations.hpp"

#include "embedded/migrations.hpp"
#include "service/core/crypto.hpp"
#include "service/core/log.hpp"
#include "service/store/connection.hpp"
#include "service/store/errors.hpp"

#include <charconv>
#include <chrono>
#include <map>
#include <stdexcept>

namespace convoke::store {
namespace {

constexpr std::string_view create_table =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "number bigint PRIMARY KEY, name text NOT NULL, checksum text NOT NULL, applied_at bigint NOT NULL)";

std::string const& text_for(Migration const& migration, Dialect dialect) {
    return dialect == Dialect::sqlite ? migration.sqlite : migration.postgresql;
}

std::string checksum_of(std::string const& text) { return core::hex_encode(core::sha256(text)); }

std::string label(std::int64_t number, std::string const& name) { return std::to_string(number) + " (" + name + ")"; }

// What the database has, against what the program brings: the number of the last one applied, or why the two
// do not go together.
result<std::int64_t> compare(Transaction& tx, std::span<Migration const> migrations) {
    std::int64_t last = 0;
    for (auto const row : tx.query("SELECT number, name, checksum FROM schema_migration ORDER BY number")) {
        auto const number = row.integer(0);
        if (number < 1) return Failure(errc::invalid_state, "The table schema_migration was changed by hand. Restore a backup.");
        if (number > static_cast<std::int64_t>(migrations.size()))
            return Failure(errc::invalid_state,
                           "The database has migration " + label(number, row.text(1)) + ", which this program does not know: a newer version has used it. "
                           "Start that version or a later one, or restore a backup made before the upgrade.");
        auto const& ours = migrations[static_cast<std::size_t>(number - 1)];
        if (row.text(2) != checksum_of(text_for(ours, tx.dialect())))
            return Failure(errc::invalid_state,
                           "Migration " + label(number, ours.name) + " was applied to this database with another text than this program brings. "
                           "An applied migration never changes: install the version that applied it, or put the file back and add a new migration.");
        if (number != last + 1)
            return Failure(errc::invalid_state,
                           "The database lacks migration " + std::to_string(last + 1) + " but has " + std::to_string(number) +
                           ": its table schema_migration was changed by hand. Restore a backup.");
        last = number;
    }
    return last;
}

bool has_table(Transaction& tx) {
    auto const there = tx.dialect() == Dialect::sqlite
                           ? tx.query("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'schema_migration'")
                           : tx.query("SELECT 1 WHERE to_regclass('schema_migration') IS NOT NULL");
    return !there.empty();
}

// One step under the lock: compares anew, since another process may have been quicker. False when nothing is missing.
result<bool> step(Connection& connection, std::span<Migration const> migrations) {
    connection.begin_write();
    Transaction tx(connection);
    // SQLite has taken its write lock with BEGIN IMMEDIATE; here the number is the service's own.
    if (tx.dialect() == Dialect::postgresql) tx.query("SELECT 1 FROM (SELECT pg_advisory_xact_lock(7163384699125)) AS taken");
    tx.execute(create_table);
    CONVOKE_TRY(last, compare(tx, migrations));
    if (last == static_cast<std::int64_t>(migrations.size())) {
        connection.commit();
        return false;
    }
    auto const& next = migrations[static_cast<std::size_t>(last)];
    auto const& text = text_for(next, tx.dialect());
    connection.script(text);
    if (!connection.in_transaction())
        throw EngineError(EngineError::Kind::broken, "migration " + label(next.number, next.name) + " ends its transaction itself");
    auto const now = std::chrono::duration_cast<std::chrono::seconds>(std::chrono::system_clock::now().time_since_epoch()).count();
    tx.execute("INSERT INTO schema_migration (number, name, checksum, applied_at) VALUES ($1, $2, $3, $4)",
               {next.number, next.name, checksum_of(text), now});
    connection.commit();
    core::log::info("store", "migrated", {{"number", next.number}, {"name", next.name}});
    return true;
}

result<void> migrate_on(Connection& connection, std::span<Migration const> migrations) {
    while (true) {
        // The connection ends with this function, and its transaction with it, but nobody should wait for that.
        struct Rollback {
            Connection& open;
            ~Rollback() { open.rollback(); }
        } const rollback{connection};
        CONVOKE_TRY(more, step(connection, migrations));
        if (!more) return {};
    }
}

}  // namespace

std::vector<Migration> embedded_migrations() {
    std::map<std::int64_t, Migration> found;
    for (auto const& file : embedded::migrations()) {
        // NNNN_name.engine.sql
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(file.name.data(), file.name.data() + file.name.size(), number);
        auto const rest = file.name.substr(static_cast<std::size_t>(end - file.name.data()));
        auto const dot = rest.find('.');
        if (error != std::errc{} || !rest.starts_with('_') || dot == std::string_view::npos)
            throw std::logic_error("not a migration: " + std::string(file.name));
        auto& migration = found[number];
        migration.number = number;
        migration.name = rest.substr(1, dot - 1);
        if (rest.substr(dot) == ".sqlite.sql") migration.sqlite = file.bytes;
        else if (rest.substr(dot) == ".postgresql.sql") migration.postgresql = file.bytes;
        else throw std::logic_error("not a migration: " + std::string(file.name));
    }
    std::vector<Migration> ordered;
    for (auto& [number, migration] : found) {
        if (number != static_cast<std::int64_t>(ordered.size()) + 1 || migration.sqlite.empty() || migration.postgresql.empty())
            throw std::logic_error("migration " + std::to_string(ordered.size() + 1) + " is missing or lacks a file for one engine");
        ordered.push_back(std::move(migration));
    }
    return ordered;
}

result<void> migrate(Database& database, std::span<Migration const> migrations) {
    auto const engine = make_engine(database.options().url);
    try {
        auto const connection = engine->connect(Engine::Use::migrate);
        return migrate_on(*connection, migrations);
    } catch (EngineError const& error) {
        core::log::error("store", "migration-failed", {{"reason", error.what()}});
        auto failure = failure_of(error);
        if (!failure) throw;
        failure->detail = std::string("The database could not be migrated: ") + error.what();
        return std::move(*failure);
    }
}

result<void> migrate(Database& database) {
    auto const migrations = embedded_migrations();
    return migrate(database, migrations);
}

result<std::int64_t> schema_version(Database& database) {
    return database.read_now([](Transaction& tx) -> result<std::int64_t> {
        if (!has_table(tx)) return 0;
        return tx.query("SELECT COALESCE(MAX(number), 0) FROM schema_migration")[0].integer(0);
    });
}

result<bool> schema_is_current(Database& database) {
    auto const migrations = embedded_migrations();
    return database.read_now([&](Transaction& tx) -> result<bool> {
        if (!has_table(tx)) return migrations.empty();
        auto const last = compare(tx, migrations);
        return last && *last == static_cast<std::int64_t>(migrations.size());
    });
}

}  // namespace convoke::store
