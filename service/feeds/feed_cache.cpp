#include "service/feeds/feed_cache.hpp"

#include "service/http/compression.hpp"
#include "service/http/etag.hpp"

namespace convoke::feeds {

namespace {

// Another process may have committed meanwhile.
constexpr std::chrono::milliseconds longest_life{750};

// Whoever waits for a long feed after a change waits for its packing: a fifth more bytes in half the time. The texts
// repeat themselves so much that either level makes them a twentieth.
constexpr std::size_t long_text = 128 * 1024;
constexpr int fast_level = 1, good_level = 6;

// With room for the packed text.
std::size_t size_of(FeedText const& text) { return text.plain()->size() + text.plain()->size() / 4 + 256; }

}  // namespace

FeedText::FeedText(std::string text)
    : plain_(std::make_shared<std::string const>(std::move(text))), etag_(http::strong_etag(*plain_)), gzip_etag_(etag_) {
    gzip_etag_.insert(gzip_etag_.size() - 1, "-gzip");
}

std::shared_ptr<std::string const> const& FeedText::gzip() const {
    std::call_once(packed_, [this] {
        int const level = plain_->size() > long_text ? fast_level : good_level;
        gzip_ = std::make_shared<std::string const>(http::gzip(*plain_, level));
    });
    return gzip_;
}

std::shared_ptr<FeedText const> FeedCache::find(std::string const& path) const {
    std::lock_guard lock(mutex_);
    auto const found = kept_.find(path);
    if (found == kept_.end() || found->second.generation != generation() ||
        std::chrono::steady_clock::now() - found->second.at > longest_life) {
        ++misses_;
        return nullptr;
    }
    ++hits_;
    return found->second.text;
}

FeedCache::Figures FeedCache::figures() const {
    std::lock_guard lock(mutex_);
    return {hits_, misses_, bytes_, kept_.size()};
}

void FeedCache::put(std::string const& path, std::uint64_t generation, std::shared_ptr<FeedText const> text) {
    std::lock_guard lock(mutex_);
    if (auto const old = kept_.find(path); old != kept_.end()) {
        bytes_ -= size_of(*old->second.text);
        kept_.erase(old);
    }
    if (bytes_ + size_of(*text) > max_bytes_) {
        kept_.clear();
        bytes_ = 0;
    }
    bytes_ += size_of(*text);
    kept_[path] = {generation, std::chrono::steady_clock::now(), std::move(text)};
}

}  // namespace convoke::feeds
