// How far long work has come, for a person who waits: one line on standard error that is rewritten and in the end wiped
// away. Only when standard error is a terminal; in pipes and files nothing is written.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <string>
#include <thread>

namespace convoke::cli {

// "importing members: 250 of 500, 50 %, 3 s left".
std::string progress_line(std::string const& what, std::size_t done, std::size_t total, std::chrono::milliseconds spent);

class Progress {
public:
    // `total` 0: how much there is to do is not known; the time that went by is shown.
    explicit Progress(std::string what, std::size_t total = 0);
    ~Progress();
    Progress(Progress const&) = delete;
    Progress& operator=(Progress const&) = delete;

    // Any thread.
    void done(std::size_t count) { done_ = count; }
    // Where the total is known only on the way.
    void done(std::size_t count, std::size_t total) {
        total_ = total;
        done_ = count;
    }

private:
    void show() const;
    void keep_showing() const;

    std::string what_;
    std::atomic<std::size_t> total_;
    std::chrono::steady_clock::time_point const start_ = std::chrono::steady_clock::now();
    std::atomic<std::size_t> done_ = 0;
    std::atomic<bool> ended_ = false;
    std::thread thread_;
};

}  // namespace convoke::cli
