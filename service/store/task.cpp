#include "service/store/task.hpp"

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
        tasks_.push_back(&task);
    }
    changed_.notify_one();
    return Push::taken;
}

bool TaskQueue::pop(std::size_t most, std::vector<Task*>& group) {
    group.clear();
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return closed_ || !tasks_.empty(); });
    while (!tasks_.empty() && group.size() < most) {
        group.push_back(tasks_.front());
        tasks_.pop_front();
    }
    return !group.empty();
}

std::size_t TaskQueue::size() const {
    std::lock_guard const lock(mutex_);
    return tasks_.size();
}

void TaskQueue::close() {
    {
        std::lock_guard const lock(mutex_);
        closed_ = true;
    }
    changed_.notify_all();
}

}  // namespace convoke::store
