// PostgreSQL behind the seam: blocking libpq on the engine's own threads, statements prepared by text and
// declared types, control statements (BEGIN, SAVEPOINT …) sent together with what follows.
#pragma once

#include "service/store/connection.hpp"

#include <libpq-fe.h>

#include <functional>
#include <memory>
#include <string>
#include <unordered_map>

namespace convoke::store::postgres {

struct ConnectionCloser {
    void operator()(PGconn* connection) const { PQfinish(connection); }
};
struct ResultCloser {
    void operator()(PGresult* result) const { PQclear(result); }
};
using Result = std::unique_ptr<PGresult, ResultCloser>;

class PostgresConnection final : public Connection {
 public:
    PostgresConnection(std::string const& url, Engine::Use use);

    Dialect dialect() const override { return Dialect::postgresql; }
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

 private:
    void configure(Engine::Use use);
    // Runs what control statements wait, in one round trip; nothing if none wait.
    void flush();
    Result simple(std::string const& sql);
    Result run(std::string_view sql, std::span<Param const> params);
    std::string const& prepared(std::string_view sql, std::span<Param const> params);
    Result checked(PGresult* raw);

    std::unique_ptr<PGconn, ConnectionCloser> connection_;
    std::string waiting_;  // control statements not yet sent, each ending in ';'
    std::string key_;
    std::unordered_map<std::string, std::string> statements_;  // types and text → name
};

}  // namespace convoke::store::postgres
