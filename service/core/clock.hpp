// Where the service asks what time it is: everything that decides by time takes a Clock (or `now`) as a
// parameter, so that tests have a clock of their own.
#pragma once

#include <chrono>

namespace convoke::core {

// Any thread.
struct Clock {
    virtual ~Clock() = default;
    // Wall time, UTC, whole seconds. It may jump: measure durations with std::chrono::steady_clock.
    virtual std::chrono::sys_seconds now() const = 0;
};

struct SystemClock final : Clock {
    std::chrono::sys_seconds now() const override {
        return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    }
};

}  // namespace convoke::core
