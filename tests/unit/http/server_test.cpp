#include "tests/unit/http/test_server.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace convoke::http;
using namespace convoke::http::test;

TEST_CASE("a connection serves many requests", "[http]") {
    TestServer server;
    RawClient client(server.port());
    for (int i = 0; i < 50; ++i) {
        auto const reply = client.ask("POST", "/echo", "", "round " + std::to_string(i));
        REQUIRE(reply.status == 200);
        REQUIRE(reply.body == "round " + std::to_string(i));
    }
}

TEST_CASE("pipelined requests are answered in order", "[http]") {
    TestServer server;
    RawClient client(server.port());
    std::string all;
    for (int i = 0; i < 100; ++i) {
        auto const body = std::to_string(i);
        all += "POST /echo HTTP/1.1\r\nHost: x\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    client.send(all);
    for (int i = 0; i < 100; ++i) REQUIRE(client.reply().body == std::to_string(i));
}

TEST_CASE("a request may arrive byte by byte", "[http]") {
    TestServer server;
    RawClient client(server.port());
    for (char c : std::string("\r\nPOST /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2;x=y\r\nde\r\n0\r\n\r\n")) {
        client.send(std::string_view(&c, 1));
    }
    CHECK(client.reply().body == "abcde");
    CHECK(client.ask("GET", "/").status == 200);
}

TEST_CASE("HEAD answers as GET without the body", "[http]") {
    TestServer server;
    RawClient client(server.port());
    auto const get = client.ask("GET", "/");
    auto const head = client.ask("HEAD", "/");
    CHECK(head.status == 200);
    CHECK(head.headers.at("content-length") == std::to_string(get.body.size()));
    CHECK(head.headers.at("content-type") == get.headers.at("content-type"));
    CHECK(client.ask("GET", "/").status == 200);  // nothing was left on the connection
}

TEST_CASE("every response carries the security headers and an id of its own", "[http]") {
    TestServer server;
    RawClient client(server.port());
    std::set<std::string> ids;
    for (auto target : {"/", "/nowhere", "/api/v1/nowhere", "/throw"}) {
        auto const reply = client.ask("GET", target);
        CHECK(reply.headers.at("x-content-type-options") == "nosniff");
        CHECK(reply.headers.at("referrer-policy") == "same-origin");
        CHECK(reply.headers.at("cross-origin-opener-policy") == "same-origin");
        CHECK(reply.headers.at("cross-origin-resource-policy") == "same-origin");
        CHECK(reply.headers.count("date") == 1);
        CHECK(reply.headers.count("strict-transport-security") == 0);
        ids.insert(reply.headers.at("x-request-id"));
    }
    CHECK(ids.size() == 4);
    auto const policy = client.ask("GET", "/").headers.at("content-security-policy");
    CHECK(policy.find("default-src 'none'") == 0);
    CHECK(policy.find("unsafe") == std::string::npos);
}

TEST_CASE("problems below /api are documents, elsewhere pages", "[http]") {
    TestServer server;
    RawClient client(server.port());
    auto const api = client.ask("GET", "/api/v1/nowhere");
    CHECK(api.status == 404);
    CHECK(api.headers.at("content-type") == "application/problem+json");
    CHECK(api.body.find("\"requestId\":\"" + api.headers.at("x-request-id") + '"') != std::string::npos);
    auto const page = client.ask("GET", "/nowhere");
    CHECK(page.status == 404);
    CHECK(page.headers.at("content-type") == "text/plain; charset=utf-8");
    auto const method = client.ask("DELETE", "/api/v1/things/7");
    CHECK(method.status == 405);
    CHECK(method.headers.at("allow") == "GET, HEAD, PATCH, OPTIONS");
    auto const options = client.ask("OPTIONS", "/api/v1/things/7");
    CHECK(options.status == 204);
    CHECK(options.headers.at("allow") == "GET, HEAD, PATCH, OPTIONS");
    CHECK(client.ask("OPTIONS", "*").status == 204);
}

TEST_CASE("an exception becomes a 500 that hides the cause", "[http]") {
    TestServer server;
    RawClient client(server.port());
    auto const reply = client.ask("GET", "/throw");
    CHECK(reply.status == 500);
    CHECK(reply.body.find("secret") == std::string::npos);
    CHECK(client.ask("GET", "/").status == 200);
}

TEST_CASE("the observer sees the pattern, never the path", "[http]") {
    TestServer server;
    RawClient client(server.port());
    client.ask("GET", "/api/v1/things/secret-token?q=secret");
    client.ask("GET", "/secret-nowhere");
    REQUIRE(eventually([&] { return server.seen().size() == 2; }));
    auto const seen = server.seen();
    CHECK(seen[0].route == "/api/v1/things/{id}");
    CHECK(seen[0].method == "GET");
    CHECK(seen[0].status == 200);
    CHECK(seen[0].bytes == 14);
    CHECK(seen[1].route == "");
    CHECK(seen[1].status == 404);
}

TEST_CASE("Connection: close and HTTP/1.0 end the connection", "[http]") {
    TestServer server;
    {
        RawClient client(server.port());
        auto const reply = client.ask("GET", "/", "Connection: close\r\n");
        CHECK(reply.headers.at("connection") == "close");
        CHECK(client.ends());
    }
    {
        RawClient client(server.port());
        client.send("GET / HTTP/1.0\r\n\r\n");
        CHECK(client.reply().status == 200);
        CHECK(client.ends());
    }
    {
        RawClient client(server.port());
        client.send("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
        CHECK(client.reply().headers.at("connection") == "keep-alive");
        client.send("GET / HTTP/1.0\r\n\r\n");
        CHECK(client.reply().status == 200);
    }
}

TEST_CASE("a client may close its sending side and still get its answer", "[http]") {
    TestServer server;
    RawClient client(server.port());
    client.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    client.finish_sending();
    REQUIRE(eventually([&] { return server.waiting == 1; }));
    server.release = true;
    CHECK(client.reply().body == "released");
    CHECK(client.ends());
}

TEST_CASE("it listens on IPv6 and says what it cannot listen on", "[http]") {
    ServerOptions six;
    six.listen = "[::1]:0";
    TestServer server(six);
    RawClient client(server.port(), "::1");
    CHECK(client.ask("GET", "/who").body == "::1 plain");

    ServerOptions taken;
    taken.listen = "[::1]:" + std::to_string(server.port());
    CHECK_THROWS_WITH(TestServer(taken), Catch::Contains("cannot listen") && Catch::Contains(taken.listen));
    for (auto text : {"", "8080", "localhost", "127.0.0.1:", "127.0.0.1:99999", "host.example:80", "127.0.0.1:80x"}) {
        ServerOptions wrong;
        wrong.listen = text;
        CHECK_THROWS_WITH(TestServer(wrong), Catch::Contains("http.listen"));
    }
}

TEST_CASE("only configured hosts are answered for", "[http]") {
    ServerOptions options;
    options.hosts = {"events.example", "127.0.0.1"};
    TestServer server(options);
    auto const status = [&](std::string const& host, std::string const& path) {
        RawClient client(server.port());
        client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        return client.reply().status;
    };
    CHECK(status("events.example", "/") == 200);
    CHECK(status("EVENTS.example:443", "/") == 200);
    CHECK(status("127.0.0.1:" + std::to_string(server.port()), "/") == 200);
    CHECK(status("evil.example", "/") == 421);
    CHECK(status("evil.example", "/healthz") == 200);
    CHECK(status("events.example.evil.example", "/") == 421);
}

TEST_CASE("forwarded addresses count only from a trusted proxy", "[http]") {
    auto const fields = "X-Forwarded-For: 192.0.2.9, 198.51.100.7\r\nX-Forwarded-Proto: https\r\n";
    {
        TestServer server;
        RawClient client(server.port());
        CHECK(client.ask("GET", "/who", fields).body == "127.0.0.1 plain");
    }
    ServerOptions options;
    options.trusted_proxies = {"127.0.0.0/8"};
    TestServer server(options);
    RawClient client(server.port());
    CHECK(client.ask("GET", "/who", fields).body == "198.51.100.7 secure");
}
