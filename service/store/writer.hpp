// The one thread that writes. It takes what is queued, up to 64 jobs, runs each inside a savepoint of one
// transaction, commits once, and only then answers: durability for all at the price of one.
// For service/store's engine files only.
#pragma once

#include "service/store/line.hpp"
#include "service/store/task.hpp"

#include <array>
#include <atomic>
#include <cstdint>
#include <functional>
#include <optional>
#include <random>
#include <span>
#include <thread>
#include <vector>

namespace convoke::store {

class Writer {
 public:
    static constexpr std::size_t largest_group = 64;  // PostgreSQL keeps 64 subtransactions in shared memory

    Writer(Engine& engine, std::size_t queue_limit);
    ~Writer() { close(); }

    TaskQueue& queue() { return queue_; }
    TaskQueue const& queue() const { return queue_; }
    void on_commit(std::function<void()> wake) { wake_ = std::move(wake); }
    void close();  // finishes what is queued

    std::atomic<std::uint64_t> jobs{0};
    std::atomic<std::uint64_t> groups{0};
    std::atomic<std::uint64_t> reruns{0};
    // By DatabaseStatistics' bounds.
    std::array<std::atomic<std::uint64_t>, 8> group_sizes{};
    std::array<std::atomic<std::uint64_t>, 11> group_times{};
    std::atomic<std::uint64_t> group_microseconds{0};

    // The negative control of the contract suite; true everywhere else.
    std::atomic<bool> savepoints{true};

 private:
    // Why a group could not be committed.
    struct Trouble {
        EngineError error;
        bool at_commit;  // then its outcome is unknown if the connection was lost
    };

    void loop();
    void run_group(std::span<Task* const> group);
    void run_alone(Task& task, std::optional<Trouble> before);
    std::optional<Trouble> attempt(std::span<Task* const> group);
    void run_jobs(std::span<Task* const> group, Connection& connection, std::size_t& kept);
    void tidy(Connection& connection);
    void answer(std::span<Task* const> group);
    void note_group(std::size_t size, std::chrono::steady_clock::duration took);
    void refuse(std::span<Task* const> group, EngineError const& error);
    void back_off(unsigned attempt);

    Line line_;
    TaskQueue queue_;
    std::function<void()> wake_;
    std::minstd_rand jitter_;
    std::thread thread_;
};

}  // namespace convoke::store
