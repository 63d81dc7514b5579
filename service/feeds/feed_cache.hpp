// Finished calendar texts by path. An entry is good until this process commits something (or another one might have:
// most of a second), so a change is in the feed with the next request. Bounded; any thread.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <string>
#include <unordered_map>

namespace convoke::feeds {

// Packed when somebody first asks for it so: half the cost of a long feed, and many programs never do. Any thread.
class FeedText {
public:
    explicit FeedText(std::string text);

    std::shared_ptr<std::string const> const& plain() const { return plain_; }
    std::shared_ptr<std::string const> const& gzip() const;
    // Strong, quoted, one per encoding; the same text has the same packed bytes.
    std::string const& etag() const { return etag_; }
    std::string const& gzip_etag() const { return gzip_etag_; }

private:
    std::shared_ptr<std::string const> plain_;
    std::string etag_, gzip_etag_;
    mutable std::once_flag packed_;
    mutable std::shared_ptr<std::string const> gzip_;
};

class FeedCache {
public:
    explicit FeedCache(std::size_t max_bytes = 32 * 1024 * 1024) : max_bytes_(max_bytes) {}

    // Called after every commit.
    void database_changed() { generation_.fetch_add(1, std::memory_order_release); }
    // Taken before a text is built, given back with it: what was built from an older state is never kept as new.
    std::uint64_t generation() const { return generation_.load(std::memory_order_acquire); }

    std::shared_ptr<FeedText const> find(std::string const& path) const;
    void put(std::string const& path, std::uint64_t generation, std::shared_ptr<FeedText const> text);

    // Since start; for /metrics.
    struct Figures {
        std::uint64_t hits = 0, misses = 0;
        std::size_t bytes = 0, texts = 0;
    };
    Figures figures() const;

private:
    struct Kept {
        std::uint64_t generation;
        std::chrono::steady_clock::time_point at;
        std::shared_ptr<FeedText const> text;
    };
    std::size_t const max_bytes_;
    std::atomic<std::uint64_t> generation_{1};
    mutable std::atomic<std::uint64_t> hits_{0}, misses_{0};
    mutable std::mutex mutex_;
    std::unordered_map<std::string, Kept> kept_;
    std::size_t bytes_ = 0;
};

}  // namespace convoke::feeds
