// Who fetched whose feed, kept in memory and written together: one row a person and minute at most, however often
// programs ask, and no write inside a GET.
#pragma once

#include "service/core/clock.hpp"
#include "service/store/database.hpp"
#include "service/usecases/feeds.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace convoke::jobs {

// The bounded table; any thread. A person's first fetch may be written at once, the next ones a minute after it.
class FetchNotes {
public:
    using Instant = std::chrono::steady_clock::time_point;
    explicit FetchNotes(std::size_t most_persons = 20'000) : most_(most_persons) {}

    // Where the table is full of what is not written yet, a new person is left out until their program asks again.
    void add(std::int64_t person_id, calendar::sys_seconds at, std::string_view client);
    // What may be written now, marked as written; forgets what was written more than a minute ago.
    std::vector<usecases::FeedFetch> take(Instant now, std::size_t limit);
    // Everything that is not written.
    std::vector<usecases::FeedFetch> take_all();
    std::size_t persons() const;

private:
    struct Note {
        calendar::sys_seconds at;
        std::string client;
        bool written = false;
        Instant when_written{};
    };
    std::size_t const most_;
    mutable std::mutex mutex_;
    std::unordered_map<std::int64_t, Note> notes_;
};

class FeedFetches {
public:
    // Runs on `executor`, a strand or a context with one thread; `db` and `clock` must outlive run().
    FeedFetches(store::Database& db, core::Clock const& clock, boost::asio::any_io_executor executor);

    // Any thread. `client`: a family of programs (service/feeds/feed_client.hpp).
    void note(std::int64_t person_id, std::string_view client) { notes_.add(person_id, clock_.now(), client); }

    boost::asio::awaitable<void> run();  // until stop(); writes what is left before it returns
    void stop();                         // any thread

private:
    boost::asio::awaitable<void> write(std::vector<usecases::FeedFetch> fetches);

    store::Database& db_;
    core::Clock const& clock_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    FetchNotes notes_;
    bool stopped_ = false;
};

}  // namespace convoke::jobs
