// What goes wrong in an engine, in the same words for both.
#pragma once

#include "calendar/failure.hpp"

#include <optional>
#include <stdexcept>
#include <string>

namespace convoke::store {

// A constraint of the schema refused a statement. Verbs may turn it into a Failure.
struct ConstraintViolation : std::runtime_error {
    enum class Kind { unique, foreign_key, check, not_null, other };

    ConstraintViolation(Kind kind, std::string name);

    Kind kind;
    // The same on both engines for plain columns: "registration(event,email)" for unique and primary keys,
    // "person(name)" for not_null, the constraint's name for check. An index over expressions goes by its
    // own name. foreign_key: PostgreSQL says the constraint's name, SQLite nothing ("").
    std::string name;
};

// The engine could not do what it was told. `what()` is the engine's own message; it holds no values.
struct EngineError : std::runtime_error {
    enum class Kind {
        unavailable,      // not reachable, busy for too long, connection lost, shutting down
        storage_full,     // no space left
        conflict,         // deadlock or serialization failure: the same work may succeed when run again
        broken,           // damaged file, wrong statement, missing table: nobody's input, so it stays an exception
    };

    EngineError(Kind kind, std::string message, bool connection_lost = false);

    Kind kind;
    bool connection_lost;  // the connection must be opened anew
};

// The answer for a caller: database_unavailable, storage_full (both with retryAfter), or nullopt for
// Kind::broken, which is thrown on.
std::optional<Failure> failure_of(EngineError const& error);

}  // namespace convoke::store
