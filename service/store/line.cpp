#include "service/store/line.hpp"

#include "service/core/log.hpp"

#include <algorithm>

namespace convoke::store {
namespace {

constexpr std::chrono::milliseconds first_delay{50};
constexpr std::chrono::milliseconds longest_delay{5000};

}  // namespace

Connection* Line::get() {
    if (connection_) return connection_.get();
    if (reason_ && std::chrono::steady_clock::now() < next_attempt_) return nullptr;
    try {
        connection_ = engine_.connect(use_);
    } catch (EngineError const& error) {
        if (error.kind == EngineError::Kind::broken) throw;
        reason_ = error;
        delay_ = std::clamp(delay_ * 2, first_delay, longest_delay);
        next_attempt_ = std::chrono::steady_clock::now() + delay_;
        core::log::warn("store", "cannot-connect", {{"reason", error.what()}, {"retryMs", delay_.count()}});
        return nullptr;
    }
    if (reason_) core::log::info("store", "connected-again");
    reason_.reset();
    delay_ = std::chrono::milliseconds(0);
    return connection_.get();
}

void Line::drop() { connection_.reset(); }

}  // namespace convoke::store
