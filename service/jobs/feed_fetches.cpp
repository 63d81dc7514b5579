#include "service/jobs/feed_fetches.hpp"

#include "service/core/log.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace convoke::jobs {

namespace asio = boost::asio;
using store::Transaction;
using usecases::FeedFetch;

namespace {

constexpr std::chrono::seconds every{1};
constexpr std::chrono::minutes between_writes{1};
constexpr std::size_t at_once = 500;

}  // namespace

void FetchNotes::add(std::int64_t person_id, calendar::sys_seconds at, std::string_view client) {
    std::lock_guard lock(mutex_);
    auto const found = notes_.find(person_id);
    if (found == notes_.end()) {
        if (notes_.size() >= most_) std::erase_if(notes_, [](auto const& entry) { return entry.second.written; });
        if (notes_.size() >= most_) return;
        notes_.emplace(person_id, Note{at, std::string(client)});
        return;
    }
    found->second.at = at;
    found->second.client = client;
    found->second.written = false;
}

std::vector<FeedFetch> FetchNotes::take(Instant now, std::size_t limit) {
    std::lock_guard lock(mutex_);
    std::vector<FeedFetch> due;
    for (auto entry = notes_.begin(); entry != notes_.end();) {
        Note& note = entry->second;
        bool const rested = note.when_written == Instant{} || now - note.when_written >= between_writes;
        if (note.written && rested) {
            entry = notes_.erase(entry);
            continue;
        }
        if (!note.written && rested && due.size() < limit) {
            due.push_back({entry->first, note.at, note.client});
            note.written = true;
            note.when_written = now;
        }
        ++entry;
    }
    return due;
}

std::vector<FeedFetch> FetchNotes::take_all() {
    std::lock_guard lock(mutex_);
    std::vector<FeedFetch> left;
    for (auto& [person, note] : notes_)
        if (!note.written) left.push_back({person, note.at, std::move(note.client)});
    notes_.clear();
    return left;
}

std::size_t FetchNotes::persons() const {
    std::lock_guard lock(mutex_);
    return notes_.size();
}

FeedFetches::FeedFetches(store::Database& db, core::Clock const& clock, asio::any_io_executor executor)
    : db_(db), clock_(clock), executor_(std::move(executor)), timer_(executor_) {}

asio::awaitable<void> FeedFetches::run() {
    while (!stopped_) {
        timer_.expires_after(every);
        co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        if (!stopped_) co_await write(notes_.take(std::chrono::steady_clock::now(), at_once));
    }
    co_await write(notes_.take_all());
}

asio::awaitable<void> FeedFetches::write(std::vector<FeedFetch> fetches) {
    if (fetches.empty()) co_return;
    try {
        auto const written = co_await db_.write([&fetches](Transaction& tx) -> result<void> {
            usecases::note_fetches(tx, fetches);
            return {};
        });
        if (!written) core::log::warn("feeds", "fetches_not_kept", {{"why", written.error().detail}});
    } catch (std::exception const& fault) {
        // Programs ask again; a lost note is no reason to stop.
        core::log::warn("feeds", "fetches_not_kept", {{"why", fault.what()}});
    }
}

void FeedFetches::stop() {
    asio::post(executor_, [this] {
        stopped_ = true;
        timer_.cancel();
    });
}

}  // namespace convoke::jobs
