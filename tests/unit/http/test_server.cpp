#include "tests/unit/http/test_server.hpp"

#include "service/core/spawn.hpp"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <stdexcept>

namespace convoke::http::test {

namespace asio = boost::asio;
using namespace std::chrono_literals;

bool eventually(std::function<bool()> const& holds) {
    auto const end = std::chrono::steady_clock::now() + 20s;
    while (!holds()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::sleep_for(1ms);
    }
    return true;
}

TestServer::TestServer(ServerOptions options) : guard_(asio::make_work_guard(io_)) {
    if (options.listen == ServerOptions{}.listen) options.listen = "127.0.0.1:0";
    options.observer = [this](Exchange const& exchange) {
        std::lock_guard const lock(mutex_);
        seen_.push_back({std::string(exchange.method), std::string(exchange.route), exchange.status, exchange.bytes,
                         std::string(exchange.request_id)});
    };
    server_ = std::make_unique<Server>(std::vector<asio::any_io_executor>{asio::make_strand(io_), asio::make_strand(io_), asio::make_strand(io_)}, routes(),
                                       std::move(options));
    server_->start();
    for (int i = 0; i < 2; ++i) threads_.emplace_back([this] { io_.run(); });
}

TestServer::~TestServer() {
    release = true;
    io_.stop();
    threads_.clear();
}

void TestServer::begin_drain(std::chrono::milliseconds deadline) {
    auto work = [](TestServer& self, std::chrono::milliseconds within) -> asio::awaitable<void> {
        co_await self.server_->drain(within);
        self.drained_ = true;
    };
    core::spawn(io_.get_executor(), "drain", work(*this, deadline));
}

std::vector<TestServer::Seen> TestServer::seen() {
    std::lock_guard const lock(mutex_);
    return seen_;
}

Router TestServer::routes() {
    Router router;
    auto const add = [&](Method method, char const* pattern, std::function<Response(Request&)> handler, RouteOptions options = {}) {
        router.add(method, pattern, immediate(std::move(handler)), options);
    };
    add(Method::get, "/", [](Request&) { return Response::html("<h1>hello</h1>"); });
    add(Method::post, "/echo", [](Request& request) { return Response::text(request.body); });
    RouteOptions small;
    small.body_limit = 64;
    add(Method::post, "/small", [](Request& request) { return Response::text(std::to_string(request.body.size())); }, small);
    add(Method::post, "/count", [this](Request&) { return Response::text(std::to_string(++executed)); });
    add(Method::get, "/count", [this](Request&) { return Response::text(std::to_string(++executed)); });
    add(Method::get, "/large", [this](Request&) { ++executed; return Response::text(std::string(16 * 1024 * 1024, 'x')); });
    add(Method::get, "/throw", [](Request&) -> Response { throw std::runtime_error("secret cause"); });
    add(Method::get, "/who", [](Request& request) { return Response::text(request.peer + (request.secure ? " secure" : " plain")); });
    add(Method::post, "/field", [](Request& request) { return Response::text(std::string(request.header("Authorization").value_or("none"))); });
    RouteOptions health;
    health.any_host = true;
    add(Method::get, "/healthz", [](Request&) { return Response::text("ok"); }, health);
    add(Method::get, "/api/v1/things/{id}", [](Request& request) { return Response::json("\"" + request.param("id") + "\""); });
    add(Method::patch, "/api/v1/things/{id}", [](Request&) { return Response::no_content(); });
    router.add(Method::get, "/pause", [this](Request&) -> asio::awaitable<Response> {
        ++executed;
        asio::steady_timer pause(co_await asio::this_coro::executor, 1ms);
        co_await pause.async_wait(asio::use_awaitable);
        co_return Response::text("done");
    });
    router.add(Method::get, "/wait", [this](Request&) -> asio::awaitable<Response> {
        ++waiting;
        asio::steady_timer pause(co_await asio::this_coro::executor);
        while (!release) {
            pause.expires_after(1ms);
            co_await pause.async_wait(asio::use_awaitable);
        }
        co_return Response::text("released");
    });
    return router;
}

}  // namespace convoke::http::test
