#include "service/store/sqlite/checkpointer.hpp"

#include "service/core/log.hpp"
#include "service/store/sqlite/handle.hpp"

#include <exception>

namespace convoke::store::sqlite {

Checkpointer::Checkpointer(std::string path) : path_(std::move(path)), thread_([this] { loop(); }) {}

Checkpointer::~Checkpointer() {
    {
        std::lock_guard const lock(mutex_);
        stopping_ = true;
    }
    changed_.notify_one();
    thread_.join();
}

void Checkpointer::wake() {
    {
        std::lock_guard const lock(mutex_);
        wanted_ = true;
    }
    changed_.notify_one();
}

void Checkpointer::run_now(sqlite3* handle) {
    std::lock_guard const lock(running_);
    int const code = sqlite3_wal_checkpoint_v2(handle, nullptr, SQLITE_CHECKPOINT_PASSIVE, nullptr, nullptr);
    // Busy: another process is at it. Anything else repeats after the next commit.
    if (code != SQLITE_OK && (code & 0xff) != SQLITE_BUSY) fail(handle, code);
}

void Checkpointer::loop() {
    Handle handle;
    while (true) {
        {
            std::unique_lock lock(mutex_);
            changed_.wait(lock, [this] { return wanted_ || stopping_; });
            if (stopping_) return;
            wanted_ = false;
        }
        try {
            if (!handle) handle = open(path_, 0);
            run_now(handle.get());
        } catch (std::exception const& e) {
            core::log::warn("store", "checkpoint-failed", {{"reason", e.what()}});
            handle.reset();
        }
    }
}

}  // namespace convoke::store::sqlite
