// What a verb sees of the database: one open transaction, typed parameters, rows of plain values.
//
// Statements are written once for both engines:
//  - parameters are $1, $2 … (each may be used several times); never `$1::type`, which SQLite reads as
//    another name: write CAST($1 AS bigint) if you must. A type is always declared, so NULL is typed too;
//  - `INSERT … ON CONFLICT … RETURNING`, 64-bit integers and text are understood by both;
//  - truth values are stored as bigint 0 and 1; booleans that an expression yields (EXISTS, a < b) are read
//    with boolean() on both;
//  - order by integers or ids, never by text (collations differ);
//  - one statement a call, no semicolon needed; texts must not be built from input (they are cached).
//
// This header knows neither Asio nor an engine, so that verbs and statement files compile quickly.
#pragma once

#include "calendar/failure.hpp"

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <initializer_list>
#include <iterator>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace convoke::store {

class Connection;

enum class Dialect { sqlite, postgresql };

struct Blob {
    std::string bytes;
    bool operator==(Blob const&) const = default;
};

// A typed parameter. Text must be UTF-8 without NUL (validate first; NUL throws std::invalid_argument on both
// engines, bad UTF-8 EngineError on PostgreSQL); bytes of any kind go into a Blob.
class Param {
 public:
    enum class Type { integer, text, blob };

    template <std::integral I>
    Param(I value) : type_(Type::integer), integer_(static_cast<std::int64_t>(value)), null_(false) {}
    Param(std::string value) : type_(Type::text), bytes_(without_nul(std::move(value))), null_(false) {}
    Param(std::string_view value) : Param(std::string(value)) {}
    Param(char const* value) : Param(std::string(value)) {}
    Param(Blob value) : type_(Type::blob), bytes_(std::move(value.bytes)), null_(false) {}
    Param(std::nullptr_t) = delete;  // a NULL has a type: std::optional<std::string>{} and so on

    template <std::integral I>
    Param(std::optional<I> value)
        : type_(Type::integer), integer_(value ? static_cast<std::int64_t>(*value) : 0), null_(!value) {}
    Param(std::optional<std::string> value)
        : type_(Type::text), bytes_(value ? without_nul(std::move(*value)) : std::string()), null_(!value) {}
    Param(std::optional<std::string_view> value)
        : type_(Type::text), bytes_(value ? without_nul(std::string(*value)) : std::string()), null_(!value) {}
    Param(std::optional<Blob> value)
        : type_(Type::blob), bytes_(value ? std::move(value->bytes) : std::string()), null_(!value) {}

    Type type() const { return type_; }
    bool is_null() const { return null_; }
    std::int64_t integer() const { return integer_; }
    std::string const& bytes() const { return bytes_; }

 private:
    static std::string without_nul(std::string text);

    Type type_;
    std::int64_t integer_ = 0;
    std::string bytes_;
    bool null_;
};

// One value of a row: NULL, an integer (booleans too), or bytes (text and blobs).
using Cell = std::variant<std::monostate, std::int64_t, std::string>;

struct Table {
    int columns = 0;
    std::vector<Cell> cells;  // row by row
};

// One row of an answer; keeps the answer alive by itself. Columns count from 0.
// NULL where a value was promised, a wrong type or a column that is not there: std::logic_error.
class Row {
 public:
    Row(std::shared_ptr<Table const> table, std::size_t row) : table_(std::move(table)), row_(row) {}

    bool is_null(int column) const;
    std::int64_t integer(int column) const;  // also digits that came as text (PostgreSQL's sum())
    bool boolean(int column) const;          // 0 is false
    std::string text(int column) const;
    Blob blob(int column) const;
    std::optional<std::int64_t> maybe_integer(int column) const;
    std::optional<std::string> maybe_text(int column) const;
    std::optional<Blob> maybe_blob(int column) const;
    int columns() const { return table_->columns; }

 private:
    Cell const& cell(int column) const;

    std::shared_ptr<Table const> table_;
    std::size_t row_;
};

// A whole answer, copied out of the engine. A value: it may outlive the transaction.
class Rows {
 public:
    explicit Rows(Table table) : table_(std::make_shared<Table const>(std::move(table))) {}

    class iterator {
     public:
        using iterator_category = std::input_iterator_tag;
        using value_type = Row;
        using difference_type = std::ptrdiff_t;
        using pointer = void;
        using reference = Row;

        iterator() = default;
        iterator(Rows const* rows, std::size_t at) : rows_(rows), at_(at) {}
        Row operator*() const { return (*rows_)[at_]; }
        iterator& operator++() { ++at_; return *this; }
        iterator operator++(int) { auto old = *this; ++at_; return old; }
        bool operator==(iterator const&) const = default;

     private:
        Rows const* rows_ = nullptr;
        std::size_t at_ = 0;
    };

    std::size_t size() const { return table_->columns == 0 ? 0 : table_->cells.size() / static_cast<std::size_t>(table_->columns); }
    bool empty() const { return size() == 0; }
    Row operator[](std::size_t row) const { return Row(table_, row); }
    iterator begin() const { return {this, 0}; }
    iterator end() const { return {this, size()}; }

 private:
    std::shared_ptr<Table const> table_;
};

// One open transaction, used synchronously by one verb on the engine's thread; it never crosses a co_await
// and must not be kept.
//
// A violated constraint throws ConstraintViolation (errors.hpp); a verb may catch it and return a Failure.
// After any exception the transaction takes no further statement (std::logic_error) and cannot succeed:
// what may collide in the normal course of things is written with ON CONFLICT. Other engine errors
// throw EngineError; do not catch those: the Database answers them.
class Transaction {
 public:
    explicit Transaction(Connection& connection) : connection_(connection) {}
    Transaction(Transaction const&) = delete;
    Transaction& operator=(Transaction const&) = delete;

    // Rows of a SELECT, or of a statement with RETURNING. Statements are prepared once per connection.
    Rows query(std::string_view sql, std::initializer_list<Param> params = {});
    Rows query(std::string_view sql, std::vector<Param> const& params);
    // Runs the statement; the number of rows it inserted, changed or deleted.
    std::int64_t execute(std::string_view sql, std::initializer_list<Param> params = {});
    std::int64_t execute(std::string_view sql, std::vector<Param> const& params);

    // Only for the named helpers below.
    Dialect dialect() const;

    // What made the transaction unusable, if something did. For the engine part.
    std::exception_ptr broken() const { return broken_; }

 private:
    template <class Call>
    auto guarded(Call call);

    Connection& connection_;
    std::exception_ptr broken_;
};

// Takes the row until the end of the transaction: writers of other processes queue here. SELECT … FOR UPDATE
// on PostgreSQL; nothing on SQLite, which has one writer at a time. `table` is a literal. First statement
// of every verb that reads a hot row (an event's seats) before it writes.
void lock_row(Transaction& tx, std::string_view table, std::int64_t id);

// Takes a name until the end of the transaction, without waiting; false when another process has it. On SQLite always
// true: no other process is inside a transaction that writes.
bool try_lock_name(Transaction& tx, std::string_view name);

// " FOR UPDATE SKIP LOCKED" on PostgreSQL, "" on SQLite: the end of a SELECT that claims rows of a queue.
std::string_view skip_locked(Transaction const& tx);

}  // namespace convoke::store
