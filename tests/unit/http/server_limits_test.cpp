#include "service/core/log.hpp"
#include "tests/unit/http/test_server.hpp"

#include <boost/system/error_code.hpp>

#include <catch2/catch.hpp>

#include <sys/resource.h>

#include <cerrno>

using namespace convoke::http;
using namespace convoke::http::test;
using namespace std::chrono_literals;
using SteadyClock = std::chrono::steady_clock;

TEST_CASE("the head has one deadline that single bytes do not renew", "[http]") {
    ServerOptions options;
    options.limits.head = 300ms;
    TestServer server(options);
    RawClient client(server.port());
    client.send("GET / HTTP/1.1\r\nHost: x\r\n");
    auto const start = SteadyClock::now();
    std::jthread drip([&](std::stop_token stop) {
        while (!stop.stop_requested()) {
            client.send("A: b\r\n");
            std::this_thread::sleep_for(20ms);
        }
    });
    CHECK(client.reply().status == 408);
    drip.request_stop();
    drip.join();
    CHECK(client.ends());
    auto const took = SteadyClock::now() - start;
    CHECK(took >= 250ms);
    CHECK(took < 10s);
}

TEST_CASE("a body must come at a minimum rate", "[http]") {
    ServerOptions options;
    options.limits.body = 300ms;
    TestServer server(options);
    RawClient client(server.port());
    client.send("POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\n");
    std::jthread drip([&](std::stop_token stop) {
        while (!stop.stop_requested()) {
            client.send("a");
            std::this_thread::sleep_for(20ms);
        }
    });
    CHECK(client.reply().status == 408);
    drip.request_stop();
    drip.join();
    CHECK(client.ends());
}

TEST_CASE("idle connections are closed, silent ones too", "[http]") {
    ServerOptions options;
    options.limits.idle = 200ms;
    options.limits.head = 200ms;
    TestServer server(options);
    RawClient silent(server.port());
    RawClient idle(server.port());
    CHECK(idle.ask("GET", "/").status == 200);
    CHECK(idle.ends());
    CHECK(silent.rest() == "");
    CHECK(eventually([&] { return server.server().connections() == 0; }));
}

TEST_CASE("a client that does not read is let go", "[http]") {
    ServerOptions options;
    options.limits.write_stall = 300ms;
    TestServer server(options);
    RawClient client(server.port());
    client.read_slowly();
    client.send("GET /large HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(eventually([&] { return server.seen().size() == 1; }));
    CHECK(eventually([&] { return server.server().connections() == 0; }));
}

TEST_CASE("a handler may take longer than the deadlines of the wire", "[http]") {
    ServerOptions options;
    options.limits.head = 100ms;
    options.limits.idle = 100ms;
    options.limits.write_stall = 100ms;
    TestServer server(options);
    RawClient client(server.port());
    client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(eventually([&] { return server.waiting == 1; }));
    std::this_thread::sleep_for(300ms);  // longer than each of them: nothing may happen, so there is nothing to wait for
    server.release = true;
    CHECK(client.reply().body == "released");
}

TEST_CASE("connections are capped by address and in total", "[http]") {
    ServerOptions options;
    options.limits.connections_per_address = 5;
    TestServer server(options);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 5; ++i) {
        clients.push_back(std::make_unique<RawClient>(server.port()));
        REQUIRE(clients.back()->ask("GET", "/").status == 200);
    }
    RawClient sixth(server.port());
    auto const reply = sixth.reply();
    CHECK(reply.status == 503);
    CHECK(reply.headers.count("retry-after") == 1);
    CHECK(clients.front()->ask("GET", "/").status == 200);

    clients.pop_back();
    REQUIRE(eventually([&] { return server.server().connections() == 4; }));
    RawClient again(server.port());
    CHECK(again.ask("GET", "/").status == 200);
}

TEST_CASE("512 connections of one address are served by default", "[http]") {
    rlimit limit{};
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
    TestServer server;
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 512; ++i) clients.push_back(std::make_unique<RawClient>(server.port()));
    for (auto& client : clients) REQUIRE(client->ask("GET", "/").status == 200);
    CHECK(server.server().connections() == 512);
}

TEST_CASE("trusted proxies have no cap of their own", "[http]") {
    ServerOptions options;
    options.limits.connections_per_address = 2;
    options.trusted_proxies = {"127.0.0.1"};
    TestServer server(options);
    std::vector<std::unique_ptr<RawClient>> clients;
    for (int i = 0; i < 10; ++i) {
        clients.push_back(std::make_unique<RawClient>(server.port()));
        REQUIRE(clients.back()->ask("GET", "/").status == 200);
    }
}

TEST_CASE("running out of descriptors does not stop the server", "[http]") {
    TestServer server;
    RawClient before(server.port());
    REQUIRE(before.ask("GET", "/").status == 200);

    // The undefined-behaviour sanitizer needs descriptors when it sees a virtual call for the first time: let it see those
    // that a failed accept makes.
    boost::system::error_code const example(EMFILE, boost::system::system_category());
    convoke::core::log::warn("http", "example", {{"why", example.message()}});

    int const prepared = RawClient::make_socket();
    rlimit old{};
    getrlimit(RLIMIT_NOFILE, &old);
    rlimit none = old;
    none.rlim_cur = 3;
    setrlimit(RLIMIT_NOFILE, &none);
    // The kernel connects it, but nobody has a descriptor to accept it with.
    RawClient client(server.port(), RawClient::Prepared{prepared});
    client.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    for (int i = 0; i < 100; ++i) {
        if (before.ask("GET", "/").status != 200) FAIL("an open connection suffers");
    }
    auto const open = server.server().connections();
    setrlimit(RLIMIT_NOFILE, &old);
    CHECK(open == 1);
    CHECK(client.reply().status == 200);
}

TEST_CASE("an address that asks too often is told when to come back", "[http]") {
    ServerOptions options;
    options.limits.requests_per_second = 0.001;
    options.limits.request_burst = 3;
    options.limits.limit_loopback = true;
    TestServer server(options);
    RawClient client(server.port());
    for (int i = 0; i < 3; ++i) CHECK(client.ask("GET", "/").status == 200);
    auto const page = client.ask("GET", "/");
    CHECK(page.status == 429);
    CHECK(std::stoi(page.headers.at("retry-after")) > 0);
    CHECK(client.ask("GET", "/api/v1/things/1").headers.at("content-type") == "application/problem+json");
}

TEST_CASE("what an overload refuses is not executed, and the connection lives on", "[http]") {
    OverloadGuard guard([] { return std::size_t(0); }, {.crowd = 1, .patience = 0ms, .tolerance = 0ms, .longest = 0ms, .hold = 50ms});
    ServerOptions options;
    options.overload = &guard;
    TestServer server(options);
    RawClient client(server.port());
    auto crowd = guard.enter(Request(Method::post, "/"));
    REQUIRE(crowd);
    std::this_thread::sleep_for(5ms);

    CHECK(client.ask("GET", "/").status == 200);  // reading is counted apart
    auto const began = std::chrono::steady_clock::now();
    auto const refused = client.ask("POST", "/count", "", "body");
    CHECK(refused.status == 503);
    CHECK(std::stoi(refused.headers.at("retry-after")) > 0);
    CHECK(std::chrono::steady_clock::now() - began >= 50ms);
    CHECK(server.executed == 0);
    {
        auto const left = std::move(*crowd);
    }
    CHECK(client.ask("POST", "/count", "", "body").status == 200);
    CHECK(server.executed == 1);
}
