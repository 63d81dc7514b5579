#include "service/store/postgres/connection.hpp"

#include "service/core/log.hpp"
#include "service/store/errors.hpp"
#include "service/store/postgres/engine.hpp"
#include "service/store/postgres/errors.hpp"

#include <array>
#include <charconv>
#include <stdexcept>

namespace convoke::store::postgres {
namespace {

constexpr std::size_t most_statements = 1000;

// Types of pg_type.dat, fixed for ever.
constexpr Oid oid_bool = 16;
constexpr Oid oid_bytea = 17;
constexpr Oid oid_int8 = 20;
constexpr Oid oid_int2 = 21;
constexpr Oid oid_int4 = 23;
constexpr Oid oid_text = 25;

Oid oid_of(Param::Type type) {
    switch (type) {
        case Param::Type::integer: return oid_int8;
        case Param::Type::blob: return oid_bytea;
        case Param::Type::text: break;
    }
    return oid_text;
}

int nibble(char c) { return c <= '9' ? c - '0' : c - 'a' + 10; }

std::string unhexed(std::string_view text) {
    std::string bytes;
    bytes.reserve(text.size() / 2);
    for (std::size_t i = 2; i + 1 < text.size(); i += 2) bytes += static_cast<char>(nibble(text[i]) * 16 + nibble(text[i + 1]));
    return bytes;
}

Cell cell_of(PGresult const* result, int row, int column, Oid type) {
    if (PQgetisnull(result, row, column) != 0) return std::monostate{};
    std::string_view const text(PQgetvalue(result, row, column), static_cast<std::size_t>(PQgetlength(result, row, column)));
    switch (type) {
        case oid_int8:
        case oid_int4:
        case oid_int2: {
            std::int64_t value = 0;
            std::from_chars(text.data(), text.data() + text.size(), value);
            return value;
        }
        case oid_bool: return std::int64_t{text == "t"};
        case oid_bytea: return unhexed(text);
        default: return std::string(text);
    }
}

Table table_of(PGresult const* result) {
    Table table;
    table.columns = PQnfields(result);
    int const rows = PQntuples(result);
    table.cells.reserve(static_cast<std::size_t>(table.columns) * static_cast<std::size_t>(rows));
    std::vector<Oid> types;
    for (int column = 0; column < table.columns; ++column) types.push_back(PQftype(result, column));
    for (int row = 0; row < rows; ++row)
        for (int column = 0; column < table.columns; ++column)
            table.cells.push_back(cell_of(result, row, column, types[static_cast<std::size_t>(column)]));
    return table;
}

void drop_notice(void*, PGresult const* notice) {
    auto const* state = PQresultErrorField(notice, PG_DIAG_SQLSTATE);
    core::log::debug("store", "postgresql-notice", {{"state", state == nullptr ? "" : state}});
}

}  // namespace

PostgresConnection::PostgresConnection(std::string const& url, Engine::Use use) {
    // What the URL says comes after, and wins, but for the encoding.
    std::array<char const*, 9> const keys{"application_name", "connect_timeout", "tcp_user_timeout", "keepalives_idle",
                                          "keepalives_interval", "keepalives_count", "dbname", "client_encoding", nullptr};
    std::array<char const*, 9> const values{"convoke", "5", "10000", "30", "5", "3", url.c_str(), "UTF8", nullptr};
    connection_.reset(PQconnectdbParams(keys.data(), values.data(), 1));
    if (!connection_) throw EngineError(EngineError::Kind::unavailable, "out of memory", true);
    if (PQstatus(connection_.get()) != CONNECTION_OK) fail(connection_.get(), nullptr);
    PQsetNoticeReceiver(connection_.get(), drop_notice, nullptr);
    configure(use);
}

void PostgresConnection::configure(Engine::Use use) {
    std::string settings =
        "SET TIME ZONE 'UTC';"
        "SET standard_conforming_strings = on;"
        "SET bytea_output = 'hex';"
        "SET client_min_messages = warning;"
        "SET default_transaction_isolation = 'read committed';"
        // Never weaker than this; a stronger choice of the administrator stays.
        "SELECT set_config('synchronous_commit', 'on', false)"
        " WHERE current_setting('synchronous_commit') IN ('off', 'local', 'remote_write');";
    if (use == Engine::Use::migrate)
        settings += "SET lock_timeout = '60s'; SET statement_timeout = 0;";
    else
        settings += "SET lock_timeout = '5s'; SET statement_timeout = '30s'; SET idle_in_transaction_session_timeout = '60s';";
    settings += use == Engine::Use::read ? "SET default_transaction_read_only = on" : "SET default_transaction_read_only = off";
    simple(settings);
}

Result PostgresConnection::checked(PGresult* raw) {
    Result result(raw);
    auto const status = PQresultStatus(raw);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK && status != PGRES_EMPTY_QUERY) fail(connection_.get(), raw);
    return result;
}

Result PostgresConnection::simple(std::string const& sql) { return checked(PQexec(connection_.get(), sql.c_str())); }

void PostgresConnection::flush() {
    if (waiting_.empty()) return;
    auto const sql = std::exchange(waiting_, {});
    simple(sql);
}

std::string const& PostgresConnection::prepared(std::string_view sql, std::span<Param const> params) {
    key_.clear();
    for (auto const& param : params) key_ += "itb"[static_cast<int>(param.type())];
    key_ += ' ';
    key_ += sql;
    if (auto const found = statements_.find(key_); found != statements_.end()) return found->second;
    if (statements_.size() >= most_statements) {
        simple("DEALLOCATE ALL");
        statements_.clear();
    }
    std::vector<Oid> types;
    for (auto const& param : params) types.push_back(oid_of(param.type()));
    auto const name = "s" + std::to_string(statements_.size());
    checked(PQprepare(connection_.get(), name.c_str(), std::string(sql).c_str(), static_cast<int>(types.size()), types.data()));
    return statements_.emplace(key_, name).first->second;
}

Result PostgresConnection::run(std::string_view sql, std::span<Param const> params) {
    flush();
    auto const& name = prepared(sql, params);
    std::vector<char const*> values(params.size());
    std::vector<int> lengths(params.size());
    std::vector<int> formats(params.size());
    std::vector<std::array<char, 8>> integers(params.size());
    for (std::size_t i = 0; i < params.size(); ++i) {
        auto const& param = params[i];
        formats[i] = 1;
        if (param.is_null()) continue;
        if (param.type() == Param::Type::integer) {
            auto rest = static_cast<std::uint64_t>(param.integer());
            for (std::size_t byte = 8; byte-- > 0; rest >>= 8) integers[i][byte] = static_cast<char>(rest & 0xff);
            values[i] = integers[i].data();
            lengths[i] = 8;
        } else {
            values[i] = param.bytes().data();
            lengths[i] = static_cast<int>(param.bytes().size());
        }
    }
    return checked(PQexecPrepared(connection_.get(), name.c_str(), static_cast<int>(params.size()), values.data(), lengths.data(), formats.data(), 0));
}

Table PostgresConnection::query(std::string_view sql, std::span<Param const> params) { return table_of(run(sql, params).get()); }

std::int64_t PostgresConnection::execute(std::string_view sql, std::span<Param const> params) {
    auto const result = run(sql, params);
    std::string_view const count = PQcmdTuples(result.get());
    std::int64_t rows = 0;
    std::from_chars(count.data(), count.data() + count.size(), rows);
    return std::string_view(PQcmdStatus(result.get())).starts_with("SELECT") ? 0 : rows;
}

void PostgresConnection::script(std::string const& sql) {
    flush();
    simple(sql);
}

void PostgresConnection::begin_write() {
    waiting_ = "BEGIN;";
}

void PostgresConnection::begin_read() {
    waiting_ = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;";
}

void PostgresConnection::commit() {
    if (waiting_.starts_with("BEGIN")) {
        // Nothing was asked: there is nothing to commit.
        waiting_.clear();
        return;
    }
    auto const sql = std::exchange(waiting_, {}) + "COMMIT";
    auto const result = simple(sql);
    // COMMIT of a transaction that failed "succeeds", and says ROLLBACK.
    if (std::string_view(PQcmdStatus(result.get())) != "COMMIT")
        throw EngineError(EngineError::Kind::broken, "COMMIT was answered by " + std::string(PQcmdStatus(result.get())));
}

void PostgresConnection::rollback() noexcept {
    waiting_.clear();
    if (PQtransactionStatus(connection_.get()) != PQTRANS_IDLE) PQclear(PQexec(connection_.get(), "ROLLBACK"));
}

bool PostgresConnection::in_transaction() const {
    if (waiting_.starts_with("BEGIN")) return true;
    auto const status = PQtransactionStatus(connection_.get());
    return status == PQTRANS_INTRANS || status == PQTRANS_INERROR;
}

void PostgresConnection::savepoint() { waiting_ += "SAVEPOINT job;"; }
void PostgresConnection::keep_savepoint() { waiting_ += "RELEASE SAVEPOINT job;"; }

void PostgresConnection::undo_savepoint() {
    flush();
    waiting_ = "ROLLBACK TO SAVEPOINT job;RELEASE SAVEPOINT job;";
}

namespace {

class PostgresEngine final : public Engine {
 public:
    explicit PostgresEngine(std::string url) : url_(std::move(url)) {}
    Dialect dialect() const override { return Dialect::postgresql; }
    std::unique_ptr<Connection> connect(Use use) override { return std::make_unique<PostgresConnection>(url_, use); }

 private:
    std::string url_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(std::string url) { return std::make_unique<PostgresEngine>(std::move(url)); }

}  // namespace convoke::store::postgres
