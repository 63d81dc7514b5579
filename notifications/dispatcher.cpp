#include "notifications/dispatcher.hpp"

#include "notifications/dispatcher_state.hpp"

#include <boost/asio/post.hpp>

namespace convoke::notifications {

std::chrono::seconds retry_delay(int attempts, DispatcherOptions const& options) {
    auto delay = options.first_retry;
    for (int n = 1; n < attempts && delay < options.last_retry; ++n) delay *= 2;
    return std::min(delay, options.last_retry);
}

Dispatcher::Dispatcher(OutboxPort& port, Transport& transport, rendering::Templates const& templates,
                       std::function<calendar::sys_seconds()> clock, Log log, boost::asio::any_io_executor executor,
                       DispatcherOptions options)
    : state_(std::make_shared<State>(port, transport, templates, std::move(clock), std::move(log), std::move(executor),
                                     options)) {}

Dispatcher::~Dispatcher() = default;

boost::asio::awaitable<void> Dispatcher::run() {
    const auto state = state_;
    co_await state->run();
}

void Dispatcher::wake() {
    boost::asio::post(state_->executor, [state = state_] {
        state->look = true;
        state->signal();
    });
}

void Dispatcher::stop() {
    boost::asio::post(state_->executor, [state = state_] {
        state->stopping = true;
        state->signal();
    });
}

Dispatcher::Status Dispatcher::status() const {
    const std::lock_guard lock(state_->status_mutex);
    return state_->status;
}

}  // namespace convoke::notifications
