#include "service/store/errors.hpp"

#include <optional>

namespace convoke::store {
namespace {

std::string described(ConstraintViolation::Kind kind, std::string const& name) {
    using Kind = ConstraintViolation::Kind;
    char const* word = "constraint";
    switch (kind) {
        case Kind::unique: word = "unique constraint"; break;
        case Kind::foreign_key: word = "foreign key"; break;
        case Kind::check: word = "check"; break;
        case Kind::not_null: word = "not null"; break;
        case Kind::other: break;
    }
    return name.empty() ? std::string(word) + " violated" : std::string(word) + " violated: " + name;
}

}  // namespace

ConstraintViolation::ConstraintViolation(Kind k, std::string n)
    : std::runtime_error(described(k, n)), kind(k), name(std::move(n)) {}

EngineError::EngineError(Kind k, std::string message, bool lost)
    : std::runtime_error(std::move(message)), kind(k), connection_lost(lost) {}

std::optional<Failure> failure_of(EngineError const& error) {
    switch (error.kind) {
        case EngineError::Kind::unavailable:
        case EngineError::Kind::conflict: {
            Failure failure(errc::database_unavailable, "The database does not answer at the moment. Try again in a few seconds.");
            failure.arguments["retryAfter"] = "2";
            return failure;
        }
        case EngineError::Kind::storage_full: {
            Failure failure(errc::storage_full, "The disk of the database is full: nothing was changed. Try again when there is space.");
            failure.arguments["retryAfter"] = "30";
            return failure;
        }
        case EngineError::Kind::broken: break;
    }
    return std::nullopt;
}

}  // namespace convoke::store
