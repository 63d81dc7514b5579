// Running coroutines of the code under test to their end, on one thread, with a limit that only a hang reaches.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <catch2/catch.hpp>

#include <chrono>
#include <exception>
#include <filesystem>
#include <optional>
#include <string>

namespace convoke::test {

template <class T>
T run(boost::asio::io_context& context, boost::asio::awaitable<T> task) {
    std::optional<T> value;
    std::exception_ptr error;
    boost::asio::co_spawn(context, std::move(task), [&](std::exception_ptr thrown, T result) {
        error = thrown;
        value = std::move(result);
    });
    context.restart();
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!value && std::chrono::steady_clock::now() < end) {
        if (context.run_one_for(std::chrono::milliseconds(100)) == 0) context.restart();
    }
    if (!value) FAIL("it hangs");
    if (error) std::rethrow_exception(error);
    return *std::move(value);
}

inline void run(boost::asio::io_context& context, boost::asio::awaitable<void> task) {
    run<bool>(context, [](boost::asio::awaitable<void> inner) -> boost::asio::awaitable<bool> {
        co_await std::move(inner);
        co_return true;
    }(std::move(task)));
}

// Gone with its content at the end.
struct TemporaryDirectory {
    TemporaryDirectory();
    ~TemporaryDirectory();
    TemporaryDirectory(TemporaryDirectory const&) = delete;
    TemporaryDirectory& operator=(TemporaryDirectory const&) = delete;
    std::string file(std::string const& name, std::string const& content) const;  // its path
    std::filesystem::path path;
};

}  // namespace convoke::test
