// A few threads with read-only connections and one queue. For service/store's engine files only.
#pragma once

#include "service/store/line.hpp"
#include "service/store/task.hpp"

#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace convoke::store {

class Readers {
 public:
    Readers(Engine& engine, unsigned threads, std::size_t queue_limit);
    ~Readers() { close(); }

    TaskQueue& queue() { return queue_; }
    TaskQueue const& queue() const { return queue_; }
    void close();  // finishes what is queued

    std::atomic<std::uint64_t> jobs{0};

 private:
    void loop();
    void run(Task& task, Line& line);
    void attempt(Task& task, Connection& connection);

    Engine& engine_;
    TaskQueue queue_;
    std::vector<std::thread> threads_;
};

}  // namespace convoke::store
