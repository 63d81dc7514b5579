// One `convoke serve` an SQLite database: two would send from one outbox and take each other's leases. Commands beside
// it are welcome. PostgreSQL serves any number.
#pragma once

#include <string>

namespace convoke::cli {

// Held until destruction, or until the process dies however it dies (flock). Any thread.
class ServeLock {
public:
    // `store_url` as in the settings; for PostgreSQL it holds nothing. Throws std::runtime_error, with the other's process
    // id, when another has it.
    explicit ServeLock(std::string const& store_url);
    ~ServeLock();
    ServeLock(ServeLock const&) = delete;
    ServeLock& operator=(ServeLock const&) = delete;

private:
    int file_ = -1;
};

}  // namespace convoke::cli
