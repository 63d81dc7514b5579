// The loop that chains new lines of the audit log, once a second where there are any. Of several processes the first
// that comes does it.
#pragma once

#include "service/store/database.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

namespace convoke::jobs {

class AuditChain {
public:
    // Runs on `executor`, a strand or a context with one thread; `db` must outlive run().
    AuditChain(store::Database& db, boost::asio::any_io_executor executor);

    boost::asio::awaitable<void> run();  // until stop(); chains what is left before it returns
    void stop();                         // any thread

private:
    boost::asio::awaitable<void> round();

    store::Database& db_;
    boost::asio::any_io_executor executor_;
    boost::asio::steady_timer timer_;
    bool stopped_ = false;
};

}  // namespace convoke::jobs
