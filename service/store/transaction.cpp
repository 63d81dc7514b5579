#include "service/store/transaction.hpp"

#include "service/store/connection.hpp"

#include <charconv>
#include <stdexcept>

namespace convoke::store {

std::string Param::without_nul(std::string text) {
    if (text.find('\0') != std::string::npos) throw std::invalid_argument("text for the database holds NUL");
    return text;
}

Cell const& Row::cell(int column) const {
    if (column < 0 || column >= table_->columns) throw std::logic_error("no column " + std::to_string(column) + " in this answer");
    return table_->cells.at(row_ * static_cast<std::size_t>(table_->columns) + static_cast<std::size_t>(column));
}

bool Row::is_null(int column) const { return std::holds_alternative<std::monostate>(cell(column)); }

std::int64_t Row::integer(int column) const {
    auto const& value = cell(column);
    if (auto const* integer = std::get_if<std::int64_t>(&value)) return *integer;
    if (auto const* digits = std::get_if<std::string>(&value)) {
        std::int64_t parsed = 0;
        auto const [end, error] = std::from_chars(digits->data(), digits->data() + digits->size(), parsed);
        if (error == std::errc{} && end == digits->data() + digits->size()) return parsed;
    }
    throw std::logic_error("column " + std::to_string(column) + " holds no integer");
}

bool Row::boolean(int column) const { return integer(column) != 0; }

std::string Row::text(int column) const {
    auto const& value = cell(column);
    if (auto const* bytes = std::get_if<std::string>(&value)) return *bytes;
    throw std::logic_error("column " + std::to_string(column) + " holds no text");
}

Blob Row::blob(int column) const { return Blob{text(column)}; }

std::optional<std::int64_t> Row::maybe_integer(int column) const {
    if (is_null(column)) return std::nullopt;
    return integer(column);
}

std::optional<std::string> Row::maybe_text(int column) const {
    if (is_null(column)) return std::nullopt;
    return text(column);
}

std::optional<Blob> Row::maybe_blob(int column) const {
    if (is_null(column)) return std::nullopt;
    return blob(column);
}

template <class Call>
auto Transaction::guarded(Call call) {
    if (broken_) throw std::logic_error("a statement after one that failed: return or rethrow instead");
    try {
        return call();
    } catch (...) {
        broken_ = std::current_exception();
        throw;
    }
}

Rows Transaction::query(std::string_view sql, std::initializer_list<Param> params) {
    return guarded([&] { return Rows(connection_.query(sql, {params.begin(), params.size()})); });
}

Rows Transaction::query(std::string_view sql, std::vector<Param> const& params) {
    return guarded([&] { return Rows(connection_.query(sql, params)); });
}

std::int64_t Transaction::execute(std::string_view sql, std::initializer_list<Param> params) {
    return guarded([&] { return connection_.execute(sql, {params.begin(), params.size()}); });
}

std::int64_t Transaction::execute(std::string_view sql, std::vector<Param> const& params) {
    return guarded([&] { return connection_.execute(sql, params); });
}

Dialect Transaction::dialect() const { return connection_.dialect(); }

void lock_row(Transaction& tx, std::string_view table, std::int64_t id) {
    if (tx.dialect() == Dialect::sqlite) return;
    std::string sql = "SELECT id FROM ";
    sql += table;
    sql += " WHERE id = $1 FOR UPDATE";
    tx.query(sql, {id});
}

bool try_lock_name(Transaction& tx, std::string_view name) {
    if (tx.dialect() == Dialect::sqlite) return true;
    return tx.query("SELECT pg_try_advisory_xact_lock(hashtextextended($1, 0))", {name})[0].boolean(0);
}

std::string_view skip_locked(Transaction const& tx) {
    return tx.dialect() == Dialect::sqlite ? std::string_view() : " FOR UPDATE SKIP LOCKED";
}

}  // namespace convoke::store
