#include "service/cli/progress.hpp"

#include <unistd.h>

#include <iostream>

namespace convoke::cli {

using namespace std::chrono;

std::string progress_line(std::string const& what, std::size_t done, std::size_t total, milliseconds spent) {
    if (total == 0 || done == 0) return what + ": " + std::to_string(spent.count() / 1000) + " s";
    auto const left = static_cast<long long>(static_cast<double>(spent.count()) * static_cast<double>(total - done) / static_cast<double>(done));
    return what + ": " + std::to_string(done) + " of " + std::to_string(total) + ", " + std::to_string(done * 100 / total) + " %, " +
           (done == total ? "finishing" : std::to_string((left + 999) / 1000) + " s left");
}

Progress::Progress(std::string what, std::size_t total) : what_(std::move(what)), total_(total) {
    if (!isatty(STDERR_FILENO)) return;
    show();
    thread_ = std::thread([this] { keep_showing(); });
}

Progress::~Progress() {
    if (!thread_.joinable()) return;
    ended_ = true;
    thread_.join();
    show();
    std::cerr << "\r\033[K" << std::flush;
}

void Progress::show() const {
    auto const spent = duration_cast<milliseconds>(steady_clock::now() - start_);
    std::cerr << "\r\033[K" << progress_line(what_, done_, total_, spent) << std::flush;
}

void Progress::keep_showing() const {
    while (!ended_) {
        for (int i = 0; i < 10 && !ended_; ++i) std::this_thread::sleep_for(10ms);
        if (!ended_) show();
    }
}

}  // namespace convoke::cli
