#include "service/store/database.hpp"

#include "service/store/connection.hpp"
#include "service/store/postgres/engine.hpp"
#include "service/store/readers.hpp"
#include "service/store/sqlite/engine.hpp"
#include "service/store/task.hpp"
#include "service/store/testing.hpp"
#include "service/store/writer.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <stdexcept>
#include <string_view>

namespace convoke::store {
namespace {

namespace asio = boost::asio;

// A coroutine's continuation without its type. (asio::any_completion_handler of Boost 1.81 wraps itself
// without end when it is copied from a variable.)
struct Continuation {
    virtual ~Continuation() = default;
    virtual void resume() = 0;
};

template <class Handler>
struct ContinuationOf final : Continuation {
    explicit ContinuationOf(Handler h) : handler(std::move(h)) {}
    void resume() override { std::move(handler)(); }
    Handler handler;
};

// Waited for by a coroutine, in whose frame it lives.
class AwaitedTask final : public Task {
 public:
    using Task::Task;

    template <class Handler>
    void arm(Handler handler) {
        // Tracked work: the coroutine's io_context keeps running until the answer is there.
        executor_ = asio::prefer(asio::any_io_executor(asio::get_associated_executor(handler)), asio::execution::outstanding_work.tracked);
        continuation_ = std::make_unique<ContinuationOf<Handler>>(std::move(handler));
    }

    void finish() noexcept override {
        auto const executor = std::move(executor_);
        asio::post(executor, [continuation = std::move(continuation_)] { continuation->resume(); });
    }

 private:
    asio::any_io_executor executor_;
    std::unique_ptr<Continuation> continuation_;
};

// Waited for by a thread, on whose stack it lives.
class BlockingTask final : public Task {
 public:
    using Task::Task;

    void finish() noexcept override {
        std::lock_guard const lock(mutex_);
        finished_ = true;
        changed_.notify_one();
    }

    void wait() {
        std::unique_lock lock(mutex_);
        changed_.wait(lock, [this] { return finished_; });
    }

 private:
    std::mutex mutex_;
    std::condition_variable changed_;
    bool finished_ = false;
};

Failure overloaded() {
    Failure failure(errc::overloaded, "Too much is being asked of the service at this moment. Try again in a second.");
    failure.arguments["retryAfter"] = "1";
    return failure;
}

Failure closing() {
    Failure failure(errc::database_unavailable, "The service is shutting down. Try again in a few seconds.");
    failure.arguments["retryAfter"] = "5";
    return failure;
}

class QueuedDatabase final : public Database {
 public:
    QueuedDatabase(DatabaseOptions options, std::unique_ptr<Engine> engine)
        : options_(std::move(options)),
          engine_(std::move(engine)),
          writer_(*engine_, options_.queue_limit),
          readers_(*engine_, std::max(1u, options_.readers), options_.queue_limit) {}
    ~QueuedDatabase() override { QueuedDatabase::drain_and_close(); }

    void on_commit(std::function<void()> wake) override { writer_.on_commit(std::move(wake)); }

    void drain_and_close() override {
        std::lock_guard const lock(closing_);
        writer_.queue().close();
        readers_.queue().close();
        writer_.close();
        readers_.close();
    }

    DatabaseOptions const& options() const override { return options_; }
    Dialect dialect() const override { return engine_->dialect(); }
    DatabaseStatistics statistics() const override {
        DatabaseStatistics figures{.writes = writer_.jobs, .groups = writer_.groups, .reruns = writer_.reruns, .reads = readers_.jobs, .refused = refused_};
        for (std::size_t i = 0; i < figures.group_sizes.size(); ++i) figures.group_sizes[i] = writer_.group_sizes[i];
        for (std::size_t i = 0; i < figures.group_times.size(); ++i) figures.group_times[i] = writer_.group_times[i];
        figures.group_microseconds = writer_.group_microseconds;
        figures.queued_writes = writer_.queue().size();
        figures.queued_reads = readers_.queue().size();
        return figures;
    }


    Writer& writer() { return writer_; }

 protected:
    asio::awaitable<std::optional<Failure>> perform(Lane lane, detail::Work work) override {
        AwaitedTask task(work);
        auto start = [&](auto handler) {
            task.arm(std::move(handler));
            enqueue(lane, task);
        };
        co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(start, asio::use_awaitable);
        if (task.thrown) std::rethrow_exception(task.thrown);
        co_return std::move(task.refused);
    }

    std::optional<Failure> perform_now(Lane lane, detail::Work work) override {
        BlockingTask task(work);
        enqueue(lane, task);
        task.wait();
        if (task.thrown) std::rethrow_exception(task.thrown);
        return std::move(task.refused);
    }

 private:
    void enqueue(Lane lane, Task& task) {
        auto& queue = lane == Lane::write ? writer_.queue() : readers_.queue();
        switch (queue.push(task)) {
            case TaskQueue::Push::taken: return;
            case TaskQueue::Push::full:
                ++refused_;
                task.refused = overloaded();
                break;
            case TaskQueue::Push::closed: task.refused = closing(); break;
        }
        task.finish();
    }

    DatabaseOptions options_;
    std::unique_ptr<Engine> engine_;
    std::mutex closing_;
    std::atomic<std::uint64_t> refused_{0};
    Writer writer_;
    Readers readers_;
};

}  // namespace

std::unique_ptr<Engine> make_engine(std::string const& url) {
    constexpr std::string_view sqlite = "sqlite:";
    std::string_view const view(url);
    if (view.starts_with("postgresql://") || view.starts_with("postgres://")) return postgres::make_engine(url);
    if (view.starts_with(sqlite) && view.size() > sqlite.size()) {
        auto const path = view.substr(sqlite.size());
        if (path != ":memory:") return sqlite::make_engine(std::string(path));
    }
    // The URL may hold a password, so it is not repeated.
    throw std::invalid_argument("the database is \"sqlite:PATH\" (a file) or \"postgresql://USER@HOST/DATABASE\"");
}

std::unique_ptr<Database> open_database(DatabaseOptions options) {
    auto engine = make_engine(options.url);
    return std::make_unique<QueuedDatabase>(std::move(options), std::move(engine));
}

namespace testing {

void switch_savepoints_off(Database& database) { dynamic_cast<QueuedDatabase&>(database).writer().savepoints = false; }

}  // namespace testing
}  // namespace convoke::store
