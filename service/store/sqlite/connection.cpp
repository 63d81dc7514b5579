#include "service/store/sqlite/connection.hpp"

#include "service/store/errors.hpp"
#include "service/store/sqlite/engine.hpp"

#include <mutex>
#include <stdexcept>

namespace convoke::store::sqlite {
namespace {

constexpr std::size_t most_statements = 1000;

std::string_view column_bytes(sqlite3_stmt* statement, int column, void const* data) {
    return {static_cast<char const*>(data), static_cast<std::size_t>(sqlite3_column_bytes(statement, column))};
}

Cell cell_of(sqlite3_stmt* statement, int column) {
    switch (sqlite3_column_type(statement, column)) {
        case SQLITE_NULL: return std::monostate{};
        case SQLITE_INTEGER: return static_cast<std::int64_t>(sqlite3_column_int64(statement, column));
        case SQLITE_BLOB: return std::string(column_bytes(statement, column, sqlite3_column_blob(statement, column)));
        default: return std::string(column_bytes(statement, column, sqlite3_column_text(statement, column)));
    }
}

// Ends a run of a statement, whatever happened: one that is not reset keeps its transaction's locks.
struct Reset {
    sqlite3_stmt* statement;
    ~Reset() {
        sqlite3_reset(statement);
        sqlite3_clear_bindings(statement);
    }
};

}  // namespace

SqliteConnection::SqliteConnection(std::string const& path, Engine::Use use, Checkpointer* checkpointer)
    : handle_(open(path, use == Engine::Use::migrate ? 60'000 : 5'000)), checkpointer_(checkpointer) {
    if (use == Engine::Use::read) sqlite::script(handle_.get(), "PRAGMA query_only=ON");
    if (checkpointer_ != nullptr) {
        auto remember = [](void* self, sqlite3*, char const*, int pages) {
            static_cast<SqliteConnection*>(self)->wal_pages_ = pages;
            return SQLITE_OK;
        };
        sqlite3_wal_hook(handle_.get(), remember, this);
    }
}

Statement& SqliteConnection::prepared(std::string_view sql) {
    if (auto const found = statements_.find(sql); found != statements_.end()) return found->second;
    sqlite3_stmt* raw = nullptr;
    char const* tail = nullptr;
    int const code = sqlite3_prepare_v3(handle_.get(), sql.data(), static_cast<int>(sql.size()), SQLITE_PREPARE_PERSISTENT, &raw, &tail);
    if (code != SQLITE_OK) fail(handle_.get(), code);
    Statement statement{.handle{raw}, .positions{}};
    std::string_view const rest(tail, static_cast<std::size_t>(sql.data() + sql.size() - tail));
    if (raw == nullptr || rest.find_first_not_of(" \t\r\n") != std::string_view::npos)
        throw std::logic_error("one statement a call, no more and no less");
    for (int index = 1; index <= sqlite3_bind_parameter_count(raw); ++index) {
        int const position = sqlite3_bind_parameter_index(raw, ("$" + std::to_string(index)).c_str());
        if (position == 0) throw std::logic_error("parameters are named $1, $2 … without gaps");
        statement.positions.push_back(position);
    }
    // Texts are literals, so there are few; the limit only bounds a mistake.
    if (statements_.size() >= most_statements) statements_.clear();
    return statements_.emplace(sql, std::move(statement)).first->second;
}

void SqliteConnection::bind(Statement const& statement, std::span<Param const> params) {
    if (params.size() != statement.positions.size())
        throw std::logic_error("the statement has " + std::to_string(statement.positions.size()) + " parameters, given were " + std::to_string(params.size()));
    auto* const raw = statement.handle.get();
    for (std::size_t i = 0; i < params.size(); ++i) {
        auto const& param = params[i];
        int const at = statement.positions[i];
        int code = SQLITE_OK;
        if (param.is_null())
            code = sqlite3_bind_null(raw, at);
        else if (param.type() == Param::Type::integer)
            code = sqlite3_bind_int64(raw, at, param.integer());
        else if (param.type() == Param::Type::blob)
            code = sqlite3_bind_blob64(raw, at, param.bytes().data(), param.bytes().size(), SQLITE_STATIC);
        else
            code = sqlite3_bind_text64(raw, at, param.bytes().data(), param.bytes().size(), SQLITE_STATIC, SQLITE_UTF8);
        if (code != SQLITE_OK) fail(handle_.get(), code);
    }
}

void SqliteConnection::run(Statement& statement, Table* answer) {
    auto* const raw = statement.handle.get();
    int const columns = sqlite3_column_count(raw);
    if (answer != nullptr) answer->columns = columns;
    while (true) {
        int const code = sqlite3_step(raw);
        if (code == SQLITE_DONE) return;
        if (code != SQLITE_ROW) fail(handle_.get(), code);
        if (answer == nullptr) continue;
        for (int column = 0; column < columns; ++column) answer->cells.push_back(cell_of(raw, column));
    }
}

Table SqliteConnection::query(std::string_view sql, std::span<Param const> params) {
    auto& statement = prepared(sql);
    Reset const reset{statement.handle.get()};
    bind(statement, params);
    Table answer;
    run(statement, &answer);
    return answer;
}

std::int64_t SqliteConnection::execute(std::string_view sql, std::span<Param const> params) {
    auto& statement = prepared(sql);
    Reset const reset{statement.handle.get()};
    bind(statement, params);
    run(statement, nullptr);
    return sqlite3_stmt_readonly(statement.handle.get()) != 0 ? 0 : sqlite3_changes64(handle_.get());
}

void SqliteConnection::script(std::string const& sql) { sqlite::script(handle_.get(), sql.c_str()); }

void SqliteConnection::begin_write() { control("BEGIN IMMEDIATE"); }
void SqliteConnection::begin_read() { control("BEGIN"); }
void SqliteConnection::commit() { control("COMMIT"); }

void SqliteConnection::rollback() noexcept {
    // Some errors have rolled back already; a rollback that fails is repeated by closing the connection.
    if (in_transaction()) sqlite3_exec(handle_.get(), "ROLLBACK", nullptr, nullptr, nullptr);
}

bool SqliteConnection::in_transaction() const { return sqlite3_get_autocommit(handle_.get()) == 0; }

void SqliteConnection::savepoint() { control("SAVEPOINT job"); }
void SqliteConnection::keep_savepoint() { control("RELEASE SAVEPOINT job"); }

void SqliteConnection::undo_savepoint() {
    control("ROLLBACK TO SAVEPOINT job");
    control("RELEASE SAVEPOINT job");
}

void SqliteConnection::after_commit() {
    if (checkpointer_ == nullptr || wal_pages_ < Checkpointer::pages_worth_a_run) return;
    if (wal_pages_ < Checkpointer::pages_that_must_not_stay)
        checkpointer_->wake();
    else
        checkpointer_->run_now(handle_.get());
}

namespace {

class SqliteEngine final : public Engine {
 public:
    explicit SqliteEngine(std::string path) : path_(std::move(path)) {}

    Dialect dialect() const override { return Dialect::sqlite; }

    std::unique_ptr<Connection> connect(Use use) override {
        if (use == Use::write) std::call_once(started_, [this] { checkpointer_ = std::make_unique<Checkpointer>(path_); });
        return std::make_unique<SqliteConnection>(path_, use, use == Use::write ? checkpointer_.get() : nullptr);
    }

 private:
    std::string path_;
    std::once_flag started_;
    std::unique_ptr<Checkpointer> checkpointer_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(std::string path) { return std::make_unique<SqliteEngine>(std::move(path)); }

}  // namespace convoke::store::sqlite
