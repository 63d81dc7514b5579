// The seam between the service and its database: nothing outside service/store sees SQLite or libpq.
//
// Work is given as a job, a function `result<T>(Transaction&)` that runs on a thread of the engine:
//
//     auto event = co_await db.write([&](Transaction& tx) -> result<Event> { … });
//     auto rows  = co_await db.read([&](Transaction& tx) -> result<std::vector<Event>> { … });
//
// What a job must be:
//  - RE-RUNNABLE: after a deadlock or a lost connection it is run again from the start, its first run rolled
//    back. It may set what it captured, but not add to it or move from it. Bring ids and random values along,
//    or make them inside; both are fine.
//  - without effects outside the database, quick, and never waiting for anything else.
//  - its captures are used on another thread while the coroutine waits: capturing locals of the
//    awaiting coroutine by reference is fine.
#pragma once

#include "calendar/failure.hpp"
#include "service/store/transaction.hpp"

#include <boost/asio/awaitable.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <type_traits>
#include <utility>

namespace convoke::store {

struct DatabaseOptions {
    // "sqlite:PATH" (created if missing, readable by its owner only) or a libpq URI "postgresql://…".
    std::string url;
    unsigned readers = 4;            // reading threads, each with a connection; at least 1
    std::size_t queue_limit = 2048;  // jobs waiting to write, and as many to read; beyond it: errc::overloaded
};

// Since open; for /metrics and tests.
struct DatabaseStatistics {
    std::uint64_t writes = 0;  // jobs whose work was committed
    std::uint64_t groups = 0;  // commits that made them durable
    std::uint64_t reruns = 0;  // groups that were rolled back and run again job by job
    std::uint64_t reads = 0;
    std::uint64_t refused = 0;  // jobs that met a full queue

    // Committed groups by how many jobs they held and how long they took, each up to these bounds and one more beyond.
    static constexpr std::array<double, 7> size_bounds{1, 2, 4, 8, 16, 32, 64};
    static constexpr std::array<double, 10> time_bounds{0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5};  // seconds
    std::array<std::uint64_t, 8> group_sizes{};
    std::array<std::uint64_t, 11> group_times{};
    std::uint64_t group_microseconds = 0;
    std::size_t queued_writes = 0, queued_reads = 0;  // now
};

namespace detail {
// A job without its type: runs it and says whether it succeeded (false: a Failure, to be rolled back).
// Refers to the job, which must outlive it.
class Work {
 public:
    template <class Run>
        requires(!std::is_same_v<std::remove_cv_t<Run>, Work>)
    explicit Work(Run& run) : object_(&run), call_([](void* object, Transaction& tx) { return (*static_cast<Run*>(object))(tx); }) {}
    bool operator()(Transaction& tx) const { return call_(object_, tx); }

 private:
    void* object_;
    bool (*call_)(void*, Transaction&);
};

template <class T>
struct is_result : std::false_type {};
template <class T>
struct is_result<result<T>> : std::true_type {};

template <class Job>
using answer_t = std::invoke_result_t<Job&, Transaction&>;
}  // namespace detail

// Any thread, but for the *_now functions, which block: never on an I/O thread, never inside a job.
class Database {
 public:
    virtual ~Database() = default;

    // Runs `job` in a read-write transaction. Success is returned only after its changes are on the disk.
    // A job that returns a Failure is rolled back, and the Failure returned; one that throws is rolled back,
    // and the exception rethrown here. Neither touches its neighbours in the group.
    // Jobs run one after the other, in the order they were given. The coroutine resumes on its own executor.
    // Besides the job's own: overloaded (queue full; arguments["retryAfter"], seconds),
    // database_unavailable (also: shutting down), storage_full.
    // database_unavailable may rarely come after a commit (connection lost while its answer was awaited).
    template <class Job>
    auto write(Job job) -> boost::asio::awaitable<detail::answer_t<Job>> {
        return run<Job>(Lane::write, std::move(job));
    }

    // The same for reading: one consistent snapshot, in which writing fails. Several run at once.
    template <class Job>
    auto read(Job job) -> boost::asio::awaitable<detail::answer_t<Job>> {
        return run<Job>(Lane::read, std::move(job));
    }

    // Blocking variants for commands and tests.
    template <class Job>
    auto write_now(Job job) -> detail::answer_t<Job> {
        return run_now(Lane::write, std::move(job));
    }
    template <class Job>
    auto read_now(Job job) -> detail::answer_t<Job> {
        return run_now(Lane::read, std::move(job));
    }

    // `wake` is called on the writer's thread after each committed group, before its callers are answered.
    // It must be cheap and must not throw (post something somewhere). Call this before the first write.
    virtual void on_commit(std::function<void()> wake) = 0;

    // Takes no new jobs (they get database_unavailable), finishes those it has, closes the connections.
    // Blocks; may be called twice. The destructor does it too. The executors of all who wait must be
    // alive until then, and should still be running if those are to be answered.
    virtual void drain_and_close() = 0;

    virtual DatabaseOptions const& options() const = 0;
    virtual Dialect dialect() const = 0;
    virtual DatabaseStatistics statistics() const = 0;

 protected:
    enum class Lane { write, read };

    // Queues `work` and waits for it; a Failure if the engine, not the job, refused. Throws what the job threw.
    virtual boost::asio::awaitable<std::optional<Failure>> perform(Lane lane, detail::Work work) = 0;
    virtual std::optional<Failure> perform_now(Lane lane, detail::Work work) = 0;

 private:
    template <class Job>
    auto run(Lane lane, Job job) -> boost::asio::awaitable<detail::answer_t<Job>> {
        using Answer = detail::answer_t<Job>;
        static_assert(detail::is_result<Answer>::value, "a job returns convoke::result<T>: write its return type");
        std::optional<Answer> answer;
        auto step = [&](Transaction& tx) {
            answer.reset();
            answer.emplace(job(tx));
            return answer->has_value();
        };
        auto refused = co_await perform(lane, detail::Work(step));
        if (refused) co_return std::move(*refused);
        co_return std::move(*answer);
    }

    template <class Job>
    auto run_now(Lane lane, Job job) -> detail::answer_t<Job> {
        using Answer = detail::answer_t<Job>;
        static_assert(detail::is_result<Answer>::value, "a job returns convoke::result<T>: write its return type");
        std::optional<Answer> answer;
        auto step = [&](Transaction& tx) {
            answer.reset();
            answer.emplace(job(tx));
            return answer->has_value();
        };
        auto refused = perform_now(lane, detail::Work(step));
        if (refused) return std::move(*refused);
        return std::move(*answer);
    }
};

// Starts the threads. Connections are opened by them, and opened anew with a back-off when they are lost:
// a database that is not there is no error here, but database_unavailable for every job. Migrates nothing
// (migrations.hpp). Throws std::invalid_argument for a URL that is neither "sqlite:PATH" nor "postgresql://…".
std::unique_ptr<Database> open_database(DatabaseOptions options);

}  // namespace convoke::store
