#include "tests/unit/http/test_server.hpp"

#include <catch2/catch.hpp>

using namespace convoke::http;
using namespace convoke::http::test;

namespace {

std::string const chunked_head = "POST /small HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";

std::string chunks(std::size_t count, std::size_t size) {
    char hex[20];
    std::snprintf(hex, sizeof hex, "%zx\r\n", size);
    std::string text;
    for (std::size_t i = 0; i < count; ++i) text += hex + std::string(size, 'a') + "\r\n";
    return text;
}

}  // namespace

TEST_CASE("a body over the route's limit is refused before it is read", "[http]") {
    TestServer server;
    RawClient client(server.port());
    client.send("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n");  // and nothing of the body
    auto const reply = client.reply();
    CHECK(reply.status == 413);
    CHECK(reply.body.find("64 bytes") != std::string::npos);
    CHECK(reply.headers.at("connection") == "close");
    CHECK(client.ends());
}

TEST_CASE("the answer to a body that is too long reaches a client that is still sending", "[http]") {
    TestServer server;
    for (int i = 0; i < 20; ++i) {
        RawClient client(server.port());
        client.send("POST /small HTTP/1.1\r\nHost: x\r\nContent-Length: 2000000\r\n\r\n" + std::string(2000000, 'x'));
        CHECK(client.reply().status == 413);
    }
}

TEST_CASE("the limit holds for chunks, whose length nobody announces", "[http]") {
    TestServer server;
    {
        RawClient client(server.port());
        client.send(chunked_head + chunks(4, 16) + "0\r\n\r\n");
        auto const reply = client.reply();
        CHECK(reply.status == 200);
        CHECK(reply.body == "64");
    }
    {
        RawClient client(server.port());
        client.send(chunked_head + chunks(5, 16));
        CHECK(client.reply().status == 413);
        CHECK(client.ends());
    }
    {
        RawClient client(server.port());
        client.send(chunked_head + "fffffffffffffff0\r\n");
        CHECK(client.reply().status == 413);
    }
}

TEST_CASE("without the limit the same bodies pass: the test can fail", "[http][control]") {
    ServerOptions options;
    options.unsafe_for_tests.without_body_limit = true;
    TestServer server(options);
    RawClient client(server.port());
    CHECK(client.ask("POST", "/small", "", std::string(200, 'x')).body == "200");
    client.send(chunked_head + chunks(5, 16) + "0\r\n\r\n");
    CHECK(client.reply().body == "80");
}

TEST_CASE("a limit is reached exactly", "[http]") {
    TestServer server;
    RawClient client(server.port());
    CHECK(client.ask("POST", "/small", "", std::string(64, 'x')).body == "64");
    CHECK(client.ask("POST", "/small", "", std::string(65, 'x')).status == 413);
    RawClient other(server.port());
    CHECK(other.ask("POST", "/echo", "", std::string(64 * 1024, 'x')).body.size() == 64 * 1024);
    CHECK(other.ask("POST", "/echo", "", std::string(64 * 1024 + 1, 'x')).status == 413);
}

TEST_CASE("Expect: 100-continue is answered before the body, or refused", "[http]") {
    TestServer server;
    {
        RawClient client(server.port());
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        CHECK(client.reply().status == 100);
        client.send("abc");
        CHECK(client.reply().body == "abc");
    }
    {
        RawClient client(server.port());
        client.send("POST /small HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 300\r\n\r\n");
        CHECK(client.reply().status == 413);
        CHECK(client.ends());
    }
    {
        RawClient client(server.port());
        client.send("POST /nowhere HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nContent-Length: 3\r\n\r\n");
        CHECK(client.reply().status == 404);
        CHECK(client.ends());
    }
    {
        RawClient client(server.port());
        client.send("POST /echo HTTP/1.1\r\nHost: x\r\nExpect: tea\r\nContent-Length: 3\r\n\r\n");
        CHECK(client.reply().status == 417);
    }
}

TEST_CASE("malformed chunks, long extensions and long trailers are refused", "[http]") {
    TestServer server;
    auto const status = [&](std::string const& body) {
        RawClient client(server.port());
        client.send(chunked_head + body);
        auto const reply = client.reply();
        if (reply.status != 200) CHECK(client.ends());
        return reply.status;
    };
    CHECK(status("3;a=b\r\nabc\r\n0\r\n\r\n") == 200);
    CHECK(status("3;" + std::string(250, 'e') + "\r\nabc\r\n0\r\n\r\n") == 200);
    CHECK(status("3;" + std::string(20000, 'e') + "\r\nabc\r\n0\r\n\r\n") == 400);
    CHECK(status("3;" + std::string(300, 'e') + "\r\nabc\r\n0\r\n\r\n") == 400);
    CHECK(status("3\r\nabc\r\n0;" + std::string(300, 'e') + "\r\n\r\n") == 400);
    CHECK(status("zz\r\nabc\r\n0\r\n\r\n") == 400);
    CHECK(status("3\r\nabcX0\r\n\r\n") == 400);
    CHECK(status("-3\r\nabc\r\n0\r\n\r\n") == 400);
    CHECK(status("3\r\nabc\r\n0\r\nX: " + std::string(3000, 't') + "\r\n\r\n") == 200);
    CHECK(status("3\r\nabc\r\n0\r\nX: " + std::string(5000, 't') + "\r\n\r\n") == 400);
    CHECK(status("3\r\nabc\r\n0\r\nX: a\n\nGET /count HTTP/1.1\r\n\r\n") == 400);
    CHECK(status("3\r\nabc\r\n0\r\nX: a\rb\r\n\r\n") == 400);
    CHECK(status("3\r\nabc\r\n0\r\nX: " + std::string(100000, 't') + "\r\n\r\n") == 400);
}

TEST_CASE("a trailer has no effect on the request", "[http]") {
    TestServer server;
    RawClient client(server.port());
    client.send("POST /field HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\nTrailer: Authorization\r\n\r\n"
                "3\r\nabc\r\n0\r\nAuthorization: Bearer stolen\r\nContent-Length: 50\r\nHost: evil\r\nConnection: close\r\n\r\n");
    CHECK(client.reply().body == "none");
    CHECK(client.ask("POST", "/field", "Authorization: Bearer own\r\n", "x").body == "Bearer own");
}
