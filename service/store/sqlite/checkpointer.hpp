// Moves the write-ahead log into the database file on a thread of its own: done inside a commit, it is what
// makes the slowest hundredth of all writes slow.
#pragma once

#include <sqlite3.h>

#include <condition_variable>
#include <mutex>
#include <string>
#include <thread>

namespace convoke::store::sqlite {

class Checkpointer {
 public:
    static constexpr int pages_worth_a_run = 1000;         // 4 MB
    static constexpr int pages_that_must_not_stay = 8000;  // 32 MB: the writer itself helps

    explicit Checkpointer(std::string path);
    ~Checkpointer();  // waits for a run under way
    Checkpointer(Checkpointer const&) = delete;
    Checkpointer& operator=(Checkpointer const&) = delete;

    // Any thread; returns at once.
    void wake();

    // A run on `handle`, after one under way. While commits keep coming, the other thread never reaches the
    // end of the log: only when the writer itself pauses for a run can the log start from its beginning.
    void run_now(sqlite3* handle);

 private:
    void loop();

    std::string path_;
    std::mutex running_;
    std::mutex mutex_;
    std::condition_variable changed_;
    bool wanted_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

}  // namespace convoke::store::sqlite
