// One thread's connection, opened when needed and opened anew, with a back-off, after it was lost.
// For service/store's engine files only; one thread.
#pragma once

#include "service/store/connection.hpp"
#include "service/store/errors.hpp"

#include <chrono>
#include <memory>
#include <optional>

namespace convoke::store {

class Line {
 public:
    Line(Engine& engine, Engine::Use use) : engine_(engine), use_(use) {}

    // The connection, or the reason why there is none now. While the back-off lasts the last reason is
    // given at once, so that callers are not kept waiting for a database that is away.
    Connection* get();
    EngineError const& reason() const { return *reason_; }

    // After an error with connection_lost.
    void drop();

 private:
    Engine& engine_;
    Engine::Use use_;
    std::unique_ptr<Connection> connection_;
    std::optional<EngineError> reason_;
    std::chrono::milliseconds delay_{0};
    std::chrono::steady_clock::time_point next_attempt_{};
};

}  // namespace convoke::store
