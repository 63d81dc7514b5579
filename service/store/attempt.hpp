// One job inside an open transaction, and what its end means for the transaction.
// For service/store's engine files only.
#pragma once

#include "service/store/connection.hpp"
#include "service/store/task.hpp"

namespace convoke::store {

enum class JobEnd {
    success,   // its changes may be committed
    rollback,  // it returned a Failure or threw (task.thrown): its changes must go, the others may stay
};

// Runs the task's job. Throws EngineError if the trouble is the whole transaction's (connection lost, disk
// full, deadlock): nothing of it can be kept then, whatever the job made of the exception.
JobEnd run_job(Task& task, Connection& connection);

}  // namespace convoke::store
