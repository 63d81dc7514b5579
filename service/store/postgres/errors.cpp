#include "service/store/postgres/errors.hpp"

#include "service/store/errors.hpp"

#include <string>
#include <string_view>

namespace convoke::store::postgres {
namespace {

using Kind = EngineError::Kind;

std::string_view field(PGresult const* result, int code) {
    auto const* text = result == nullptr ? nullptr : PQresultErrorField(result, code);
    return text == nullptr ? std::string_view() : std::string_view(text);
}

// The detail of a unique violation is `Key (event, email)=(…) already exists.`, in any language.
std::string key_columns(std::string_view detail) {
    auto const open = detail.find('(');
    auto const close = detail.find(")=(");
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return {};
    std::string columns;
    for (char c : detail.substr(open + 1, close - open - 1)) {
        if (c == '(') return {};
        if (c != ' ') columns += c;
    }
    return columns;
}

[[noreturn]] void fail_constraint(PGresult const* result, std::string_view state) {
    using Violation = ConstraintViolation::Kind;
    std::string const table(field(result, PG_DIAG_TABLE_NAME));
    std::string const name(field(result, PG_DIAG_CONSTRAINT_NAME));
    if (state == "23505") {
        auto const columns = key_columns(field(result, PG_DIAG_MESSAGE_DETAIL));
        throw ConstraintViolation(Violation::unique, columns.empty() ? name : table + "(" + columns + ")");
    }
    if (state == "23503") throw ConstraintViolation(Violation::foreign_key, name);
    if (state == "23514") throw ConstraintViolation(Violation::check, name);
    if (state == "23502") throw ConstraintViolation(Violation::not_null, table + "(" + std::string(field(result, PG_DIAG_COLUMN_NAME)) + ")");
    throw ConstraintViolation(Violation::other, name);
}

}  // namespace

void fail(PGconn const* connection, PGresult const* result) {
    std::string_view const state = field(result, PG_DIAG_SQLSTATE);
    bool const lost = PQstatus(connection) != CONNECTION_OK;
    if (lost || state.empty()) {
        std::string message(result != nullptr ? PQresultErrorMessage(result) : PQerrorMessage(connection));
        while (!message.empty() && message.back() == '\n') message.pop_back();
        throw EngineError(Kind::unavailable, message, true);
    }
    if (state.starts_with("23")) fail_constraint(result, state);
    // The messages of class 22 (data exception) quote the value.
    auto const message = std::string(state) + (state.starts_with("22") ? std::string() : " " + std::string(field(result, PG_DIAG_MESSAGE_PRIMARY)));
    if (state == "40001" || state == "40P01") throw EngineError(Kind::conflict, message);
    if (state == "53100" || state == "58030") throw EngineError(Kind::storage_full, message);
    // 0A000 "cached plan must not change result type" and 26000: the statements prepared here are stale.
    bool const stale = state == "26000" || (state == "0A000" && message.find("cached plan") != std::string::npos);
    if (stale || state.starts_with("57P") || state.starts_with("08")) throw EngineError(Kind::unavailable, message, true);
    if (state.starts_with("53") || state == "57014" || state == "55P03" || state == "25P03") throw EngineError(Kind::unavailable, message);
    throw EngineError(Kind::broken, message);
}

}  // namespace convoke::store::postgres
