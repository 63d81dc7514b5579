// Gives memory back to the system while the service is idle: after the start, after many connections, after an import.
// The C library keeps what was freed for ever otherwise, in every arena.
#pragma once

#include <boost/asio/awaitable.hpp>

namespace convoke::cli {

// Looks every second; runs until its context ends. On a thread that nothing urgent waits for.
boost::asio::awaitable<void> give_back_idle_memory();

}  // namespace convoke::cli
