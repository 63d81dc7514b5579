// What the engine part needs from SQLite and PostgreSQL. For service/store's engine files only.
#pragma once

#include "service/store/transaction.hpp"

#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace convoke::store {

// One connection, used by one thread at a time.
//
// Every function may throw EngineError; query and execute also ConstraintViolation. After an error
// in_transaction() tells whether the transaction is still there to be rolled back.
class Connection {
 public:
    virtual ~Connection() = default;

    virtual Dialect dialect() const = 0;

    virtual Table query(std::string_view sql, std::span<Param const> params) = 0;
    virtual std::int64_t execute(std::string_view sql, std::span<Param const> params) = 0;
    // Several statements without parameters and answers.
    virtual void script(std::string const& sql) = 0;

    virtual void begin_write() = 0;  // SQLite: takes the write lock at once
    virtual void begin_read() = 0;   // one snapshot for all that follows
    virtual void commit() = 0;
    virtual void rollback() noexcept = 0;  // does nothing outside a transaction
    virtual bool in_transaction() const = 0;

    // One savepoint at a time, around one job of a group.
    virtual void savepoint() = 0;
    virtual void keep_savepoint() = 0;
    virtual void undo_savepoint() = 0;

    // Housekeeping that must not keep callers waiting: called by the writer after it has answered.
    virtual void after_commit() {}
};

// Makes connections to one database. connect() may be called from any thread.
class Engine {
 public:
    enum class Use {
        write,
        read,     // refuses to write
        migrate,  // waits long for locks, runs long statements
    };

    virtual ~Engine() = default;
    virtual Dialect dialect() const = 0;
    virtual std::unique_ptr<Connection> connect(Use use) = 0;
};

// Throws std::invalid_argument for an URL of neither engine. Connects to nothing yet.
std::unique_ptr<Engine> make_engine(std::string const& url);

}  // namespace convoke::store
