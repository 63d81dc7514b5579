#include "service/store/readers.hpp"

#include "service/core/log.hpp"
#include "service/store/attempt.hpp"

#include <exception>

namespace convoke::store {
namespace {

constexpr int most_attempts = 3;

}  // namespace

Readers::Readers(Engine& engine, unsigned threads, std::size_t queue_limit) : engine_(engine), queue_(queue_limit) {
    for (unsigned i = 0; i < threads; ++i) threads_.emplace_back([this] { loop(); });
}

void Readers::close() {
    queue_.close();
    for (auto& thread : threads_)
        if (thread.joinable()) thread.join();
}

void Readers::loop() {
    Line line(engine_, Engine::Use::read);
    std::vector<Task*> one;
    while (queue_.pop(1, one)) run(*one.front(), line);
}

void Readers::run(Task& task, Line& line) {
    for (int attempts = 1;; ++attempts) {
        Connection* connection = nullptr;
        try {
            connection = line.get();
            if (connection == nullptr) {
                task.refuse(line.reason());
                break;
            }
            attempt(task, *connection);
            ++jobs;
            break;
        } catch (EngineError const& error) {
            if (connection != nullptr) connection->rollback();
            if (error.connection_lost) line.drop();
            bool const again = error.kind == EngineError::Kind::conflict || error.connection_lost;
            if (again && attempts < most_attempts) continue;
            core::log::warn("store", "read-failed", {{"reason", error.what()}});
            task.refuse(error);
            break;
        } catch (...) {
            if (connection != nullptr) connection->rollback();
            task.thrown = std::current_exception();
            break;
        }
    }
    task.finish();
}

void Readers::attempt(Task& task, Connection& connection) {
    connection.begin_read();
    // A reader has nothing to keep: how the job ended matters to its caller only.
    run_job(task, connection);
    connection.rollback();
}

}  // namespace convoke::store
