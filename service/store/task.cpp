#include "service/store/task.hpp"

#include <algorithm>

namespace convoke::store {

void Task::refuse(EngineError const& error) {
    refused = failure_of(error);
    thrown = refused ? nullptr : std::make_exception_ptr(error);
}

TaskQueue::Push TaskQueue::push(Task& task) {
    {
        std::lock_guard const lock(mutex_);
        if (closed_) return Push::closed;
        if (tasks_.size() >= limit_) return Push::full;
        task.queued_at = std::chrono::steady_clock::now();
        tasks_.push_back(&task);
    }
    changed_.notify_one();
    return Push::taken;
}

bool TaskQueue::pop(std::size_t most, std::vector<Task*>& group) {
    group.clear();
    std::unique_lock lock(mutex_);
    bool const busy = !tasks_.empty();
    changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
    auto const now = std::chrono::steady_clock::now();
    if (busy && last_count_ > 0) {
        double const now_per_job = std::chrono::duration<double>(now - last_pop_).count() / static_cast<double>(last_count_);
        seconds_per_job_ += 0.2 * (now_per_job - seconds_per_job_);
    }
    last_pop_ = now;
    while (!tasks_.empty() && group.size() < most) {
        group.push_back(tasks_.front());
        tasks_.pop_front();
    }
    last_count_ = group.size();
    return !group.empty();
}

std::size_t TaskQueue::size() const {
    std::lock_guard const lock(mutex_);
    return tasks_.size();
}

QueueState TaskQueue::state() const {
    std::lock_guard const lock(mutex_);
    if (tasks_.empty()) return {};
    auto const waited = std::chrono::steady_clock::now() - tasks_.front()->queued_at;
    std::chrono::duration<double> const to_come(seconds_per_job_ * static_cast<double>(tasks_.size()));
    return {.length = tasks_.size(), .wait = std::max(waited, std::chrono::duration_cast<std::chrono::steady_clock::duration>(to_come))};
}

void TaskQueue::close() {
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace convoke::store
