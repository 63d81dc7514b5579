#include "service/store/writer.hpp"

#include "service/core/log.hpp"
#include "service/store/attempt.hpp"

#include <algorithm>
#include <exception>

namespace convoke::store {
namespace {

constexpr unsigned most_attempts = 6;

// Whether the same work may be run again: surely not committed, and with a chance to get through.
bool may_rerun(EngineError const& error, bool at_commit) {
    if (error.kind == EngineError::Kind::conflict) return true;
    return error.connection_lost && !at_commit && error.kind == EngineError::Kind::unavailable;
}

}  // namespace

Writer::Writer(Engine& engine, std::size_t queue_limit)
    : line_(engine, Engine::Use::write), queue_(queue_limit), jitter_(std::random_device{}()), thread_([this] { loop(); }) {}

void Writer::close() {
    queue_.close();
    if (thread_.joinable()) thread_.join();
}

void Writer::loop() {
    std::vector<Task*> group;
    while (queue_.pop(largest_group, group)) run_group(group);
    line_.drop();
}

void Writer::run_group(std::span<Task* const> group) {
    auto trouble = attempt(group);
    if (!trouble) return;
    bool const lost = trouble->error.connection_lost;
    core::log::warn("store", "group-not-committed",
                    {{"jobs", group.size()}, {"reason", trouble->error.what()}, {"connectionLost", lost}, {"atCommit", trouble->at_commit}});
    // A full disk may have room for the smaller ones of the group.
    bool const one_by_one = group.size() > 1 && trouble->error.kind == EngineError::Kind::storage_full && !trouble->at_commit;
    if (!one_by_one && !may_rerun(trouble->error, trouble->at_commit)) return refuse(group, trouble->error);
    ++reruns;
    for (auto* task : group) run_alone(*task, group.size() == 1 ? std::move(trouble) : std::nullopt);
}

void Writer::run_alone(Task& task, std::optional<Trouble> trouble) {
    Task* const alone[] = {&task};
    for (unsigned attempts = trouble ? 1 : 0;; ++attempts) {
        if (trouble) back_off(attempts);
        trouble = attempt(alone);
        if (!trouble) return;
        if (attempts + 1 >= most_attempts || !may_rerun(trouble->error, trouble->at_commit)) return refuse(alone, trouble->error);
    }
}

void Writer::back_off(unsigned attempts) {
    auto const ceiling = 2u << std::min(attempts, 5u);
    std::this_thread::sleep_for(std::chrono::milliseconds(1 + jitter_() % ceiling));
}

// Everything or nothing: answers the whole group and returns nullopt, or has changed nothing that will stay.
std::optional<Writer::Trouble> Writer::attempt(std::span<Task* const> group) {
    auto const begun = std::chrono::steady_clock::now();
    bool at_commit = false;
    bool committed = false;
    Connection* connection = nullptr;
    try {
        connection = line_.get();
        if (connection == nullptr) {
            refuse(group, line_.reason());
            return std::nullopt;
        }
        std::size_t kept = 0;
        connection->begin_write();
        run_jobs(group, *connection, kept);
        if (kept == 0) {
            connection->rollback();
        } else {
            at_commit = true;
            connection->commit();
            jobs += kept;
            ++groups;
            note_group(kept, std::chrono::steady_clock::now() - begun);
            committed = true;
        }
    } catch (EngineError const& error) {
        if (connection != nullptr) connection->rollback();
        if (error.connection_lost) line_.drop();
        if (error.kind != EngineError::Kind::broken) return Trouble{error, at_commit};
        core::log::error("store", "engine-broken", {{"reason", error.what()}});
        for (auto* task : group) task->thrown = std::current_exception();
    } catch (ConstraintViolation const& violation) {
        // A deferred constraint speaks up at COMMIT, and does not say whose it was.
        connection->rollback();
        if (group.size() > 1) return Trouble{EngineError(EngineError::Kind::conflict, violation.what()), at_commit};
        group.front()->thrown = std::current_exception();
    } catch (...) {
        // A fault of ours: nobody may be left waiting.
        if (connection != nullptr) connection->rollback();
        for (auto* task : group) task->thrown = std::current_exception();
    }
    if (committed && wake_) wake_();
    answer(group);
    if (committed) tidy(*connection);
    return std::nullopt;
}

void Writer::note_group(std::size_t size, std::chrono::steady_clock::duration took) {
    auto const bucket = [](auto const& bounds, double value) {
        return static_cast<std::size_t>(std::lower_bound(bounds.begin(), bounds.end(), value) - bounds.begin());
    };
    ++group_sizes[bucket(DatabaseStatistics::size_bounds, static_cast<double>(size))];
    ++group_times[bucket(DatabaseStatistics::time_bounds, std::chrono::duration<double>(took).count())];
    group_microseconds += static_cast<std::uint64_t>(std::chrono::duration_cast<std::chrono::microseconds>(took).count());
}

void Writer::run_jobs(std::span<Task* const> group, Connection& connection, std::size_t& kept) {
    // Alone, the transaction itself is the savepoint.
    bool const with_savepoints = group.size() > 1 && savepoints;
    for (auto* task : group) {
        if (with_savepoints) connection.savepoint();
        if (run_job(*task, connection) == JobEnd::success) {
            ++kept;
            if (with_savepoints) connection.keep_savepoint();
        } else if (with_savepoints) {
            connection.undo_savepoint();
        }
    }
}

void Writer::tidy(Connection& connection) {
    try {
        connection.after_commit();
    } catch (EngineError const& error) {
        core::log::warn("store", "housekeeping-failed", {{"reason", error.what()}});
        if (error.connection_lost) line_.drop();
    }
}

void Writer::answer(std::span<Task* const> group) {
    for (auto* task : group) task->finish();
}

void Writer::refuse(std::span<Task* const> group, EngineError const& error) {
    for (auto* task : group) task->refuse(error);
    answer(group);
}

}  // namespace convoke::store
