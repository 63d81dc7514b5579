// A job on its way through the engine: queued, run (perhaps several times), answered once.
// For service/store's engine files only.
#pragma once

#include "service/store/database.hpp"
#include "service/store/errors.hpp"

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <mutex>
#include <optional>
#include <vector>

namespace convoke::store {

class Task {
 public:
    explicit Task(detail::Work w) : work(w) {}
    virtual ~Task() = default;
    Task(Task const&) = delete;
    Task& operator=(Task const&) = delete;

    // The engine's trouble becomes the outcome, whatever the job had made of it.
    void refuse(EngineError const& error);

    // Hands the outcome to the one who waits. Called once, on any thread; the task may be gone afterwards.
    virtual void finish() noexcept = 0;

    detail::Work work;

    // The outcome: what the job threw, or why the engine did not do it; neither: the job's own answer stands.
    std::exception_ptr thrown;
    std::optional<Failure> refused;
};

// First in, first out, between any threads; holds tasks that live with whoever waits for them.
class TaskQueue {
 public:
    explicit TaskQueue(std::size_t limit) : limit_(limit) {}

    enum class Push { taken, full, closed };
    Push push(Task& task);

    // Waits for tasks and moves up to `most` of them to `group`; false once closed and empty.
    bool pop(std::size_t most, std::vector<Task*>& group);

    std::size_t size() const;

    // No further push; what is queued is still popped.
    void close();

 private:
    std::size_t const limit_;
    mutable std::mutex mutex_;
    std::condition_variable changed_;
    std::deque<Task*> tasks_;
    bool closed_ = false;
};

}  // namespace convoke::store
