#include "service/http/overload.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <catch2/catch.hpp>

#include <thread>

using namespace convoke::http;
using namespace std::chrono_literals;

TEST_CASE("who would wait too long is refused at once", "[http]") {
    OverloadGuard::Load load;
    OverloadGuard const guard([&] { return load; }, 200ms, 64, 0ms);
    Request const get(Method::get, "/api/v1/events"), post(Method::post, "/api/v1/events");
    CHECK_FALSE(guard.admit(get));
    CHECK_FALSE(guard.admit(post));

    load.write = {.length = 63, .wait = 10s};
    CHECK_FALSE(guard.admit(post));
    load.write = {.length = 64, .wait = 201ms};
    CHECK_FALSE(guard.admit(get));
    auto const refused = guard.admit(post);
    REQUIRE(refused);
    CHECK(refused->status == 503);
    CHECK(std::stoi(refused->headers.at("Retry-After")) > 0);

    load = {.read = {.length = 64, .wait = 201ms}};
    CHECK(guard.admit(get));
    CHECK_FALSE(guard.admit(post));
}

TEST_CASE("a loop that lags behind is noticed, and that it has caught up", "[http]") {
    boost::asio::io_context io;
    std::size_t connections = 512;
    OverloadGuard guard([&] { return OverloadGuard::Load{.connections = connections}; }, 50ms, 64, 0ms);
    guard.watch({io.get_executor()});
    Request const request(Method::get, "/");
    io.run_for(150ms);
    CHECK_FALSE(guard.admit(request));
    boost::asio::post(io, [] { std::this_thread::sleep_for(300ms); });
    io.run_for(320ms);
    CHECK(guard.admit(request));
    connections = 511;
    CHECK_FALSE(guard.admit(request));
    connections = 512;
    io.restart();
    io.run_for(400ms);
    CHECK_FALSE(guard.admit(request));
}

TEST_CASE("a crowd that is soon gone is served, a queue that stays is not", "[http]") {
    OverloadGuard::Load load{.write = {.length = 64, .wait = 1s}};
    OverloadGuard const guard([&] { return load; }, 100ms, 64, 60ms);
    Request const post(Method::post, "/");
    CHECK_FALSE(guard.admit(post));
    std::this_thread::sleep_for(80ms);
    CHECK(guard.admit(post));
    load.write = {};
    CHECK_FALSE(guard.admit(post));
    load.write = {.length = 64, .wait = 1s};
    CHECK(guard.admit(post));  // strict for a while
}
