// A server on a free port of the loopback, with routes that tests look through.
#pragma once

#include "service/http/server.hpp"
#include "tests/unit/http/raw_client.hpp"

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

namespace convoke::http::test {

// Waits until it holds; false after 20 s.
bool eventually(std::function<bool()> const& holds);

class TestServer {
public:
    explicit TestServer(ServerOptions options = {});
    ~TestServer();

    std::uint16_t port() const { return server_->port(); }
    Server& server() { return *server_; }
    // Drains from outside; true once it is done.
    void begin_drain(std::chrono::milliseconds deadline = std::chrono::seconds(5));
    bool drained() const { return drained_; }

    struct Seen {
        std::string method, route;
        int status;
        std::uint64_t bytes;
        std::string request_id;
    };
    std::vector<Seen> seen();  // what the observer was told

    // What the routes have done:
    std::atomic<int> executed{0};  // /count, /pause, /large
    std::atomic<int> waiting{0};   // handlers in GET /wait
    std::atomic<bool> release{false};

private:
    Router routes();
    boost::asio::io_context io_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> guard_;
    std::unique_ptr<Server> server_;
    std::atomic<bool> drained_{false};
    std::mutex mutex_;
    std::vector<Seen> seen_;
    std::vector<std::jthread> threads_;
};

}  // namespace convoke::http::test
