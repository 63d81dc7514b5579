#include "service/core/spawn.hpp"

#include "service/core/log.hpp"

#include <boost/asio/co_spawn.hpp>

#include <exception>

namespace convoke::core {

void spawn(boost::asio::any_io_executor executor, std::string name, boost::asio::awaitable<void> work) {
    auto report = [name = std::move(name)](std::exception_ptr thrown) {
        if (!thrown) return;
        try {
            std::rethrow_exception(thrown);
        } catch (std::exception const& e) {
            log::error("core", "task-failed", {{"task", name}, {"reason", e.what()}});
        } catch (...) {
            log::error("core", "task-failed", {{"task", name}, {"reason", "not a std::exception"}});
        }
    };
    boost::asio::co_spawn(std::move(executor), std::move(work), std::move(report));
}

}  // namespace convoke::core
