#include "service/store/attempt.hpp"

#include "service/store/errors.hpp"

#include <stdexcept>

namespace convoke::store {
namespace {

// Throws on what must end the whole transaction.
void judge(std::exception_ptr const& broken) {
    try {
        std::rethrow_exception(broken);
    } catch (EngineError const& error) {
        if (error.kind != EngineError::Kind::broken) throw;
    } catch (...) {
        // A violated constraint, a wrong column: the job's own matter.
    }
}

}  // namespace

JobEnd run_job(Task& task, Connection& connection) {
    task.thrown = nullptr;
    Transaction tx(connection);
    bool succeeded = false;
    try {
        succeeded = task.work(tx);
    } catch (...) {
        task.thrown = std::current_exception();
    }
    if (tx.broken()) {
        judge(tx.broken());
        if (!connection.in_transaction())
            throw EngineError(EngineError::Kind::unavailable, "the engine gave the transaction up", true);
        if (succeeded) task.thrown = std::make_exception_ptr(std::logic_error("a job succeeded although one of its statements failed"));
    }
    return succeeded && !task.thrown ? JobEnd::success : JobEnd::rollback;
}

}  // namespace convoke::store
