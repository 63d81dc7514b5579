// A fresh database on each engine, and ways to make jobs meet in one group. For tests/unit/store.
#pragma once

#include "service/store/database.hpp"

#include <boost/asio/awaitable.hpp>

#include <catch2/catch.hpp>

#include <condition_variable>
#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <ostream>
#include <string>
#include <thread>
#include <vector>

namespace convoke {
// So that a CHECK on a result can say what was wrong.
inline std::ostream& operator<<(std::ostream& out, Failure const& failure) { return out << slug(failure.code) << ": " << failure.detail; }
}  // namespace convoke

namespace convoke::store::test {

// A directory that goes with the object.
class TemporaryDirectory {
 public:
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(TemporaryDirectory const&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;
    std::filesystem::path const& path() const { return path_; }

 private:
    std::filesystem::path path_;
};

// The place of an empty database. `url()` may be opened several times, as by several processes.
class Sqlite {
 public:
    static constexpr Dialect dialect = Dialect::sqlite;
    std::string url() const { return "sqlite:" + file().string(); }
    std::filesystem::path file() const { return directory_.path() / "test.db"; }

 private:
    TemporaryDirectory directory_;
};

// In the cluster of CONVOKE_TEST_POSTGRESQL; without it the test fails and says so.
class Postgresql {
 public:
    static constexpr Dialect dialect = Dialect::postgresql;
    Postgresql();
    ~Postgresql();
    std::string url() const { return url_; }

 private:
    std::string cluster_, name_, url_;
};

inline std::unique_ptr<Database> open(std::string const& url, std::size_t queue_limit = 2048) {
    return open_database({.url = url, .readers = 2, .queue_limit = queue_limit});
}

// Statements, each in its own job, that must succeed.
void run(Database& database, std::vector<std::string> const& statements);
std::int64_t count(Database& database, std::string const& sql);

// Runs a coroutine to its end and rethrows what leaves it.
void complete(boost::asio::awaitable<void> work);

// Raised once, waited for by one thread. (std::binary_semaphore of libstdc++ 12 loses wake-ups.)
class Signal {
 public:
    void raise();
    void wait();

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool raised_ = false;
};

// Keeps the writer busy with a job of its own until released (or gone), so that what is queued meanwhile
// becomes one group. The job ends with a Failure, so it makes no commit.
class BusyWriter {
 public:
    explicit BusyWriter(Database& database);
    ~BusyWriter();
    void release();

 private:
    Signal started_;
    Signal free_;
    std::thread thread_;
};

// Waits until `condition` holds; the test fails after 20 seconds.
void eventually(std::function<bool()> const& condition, std::string const& what);

}  // namespace convoke::store::test
