// SQLite behind the seam: WAL, synchronous=FULL, foreign keys, secure delete, a cache of prepared statements.
#pragma once

#include "service/store/connection.hpp"
#include "service/store/sqlite/checkpointer.hpp"
#include "service/store/sqlite/handle.hpp"

#include <string>
#include <unordered_map>
#include <vector>

namespace convoke::store::sqlite {

struct StatementCloser {
    void operator()(sqlite3_stmt* statement) const { sqlite3_finalize(statement); }
};

// A prepared statement and where its $1, $2 … are: SQLite numbers parameters by first appearance.
struct Statement {
    std::unique_ptr<sqlite3_stmt, StatementCloser> handle;
    std::vector<int> positions;
};

class SqliteConnection final : public Connection {
 public:
    // `checkpointer` (may be null) outlives the connection; a writer reports the length of its WAL there.
    SqliteConnection(std::string const& path, Engine::Use use, Checkpointer* checkpointer);

    Dialect dialect() const override { return Dialect::sqlite; }
    Table query(std::string_view sql, std::span<Param const> params) override;
    std::int64_t execute(std::string_view sql, std::span<Param const> params) override;
    void script(std::string const& sql) override;
    void begin_write() override;
    void begin_read() override;
    void commit() override;
    void rollback() noexcept override;
    bool in_transaction() const override;
    void savepoint() override;
    void keep_savepoint() override;
    void undo_savepoint() override;
    void after_commit() override;

 private:
    struct TextHash {
        using is_transparent = void;
        std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
    };

    Statement& prepared(std::string_view sql);
    void bind(Statement const& statement, std::span<Param const> params);
    void run(Statement& statement, Table* answer);
    void control(std::string_view sql) { execute(sql, {}); }

    Handle handle_;
    Checkpointer* checkpointer_;
    int wal_pages_ = 0;
    std::unordered_map<std::string, Statement, TextHash, std::equal_to<>> statements_;
};

}  // namespace convoke::store::sqlite
