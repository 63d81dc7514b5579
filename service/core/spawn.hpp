// The only place where a coroutine is started without anybody waiting for it.
// Any thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>

#include <string>

namespace convoke::core {

// Runs `work` on `executor`. An exception that leaves it is logged under `name` and ends it; nothing else
// is told, so `work` itself must restart what has to go on. `name` is a literal-like word, no personal data.
void spawn(boost::asio::any_io_executor executor, std::string name, boost::asio::awaitable<void> work);

}  // namespace convoke::core
