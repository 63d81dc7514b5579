#include "service/http/framing_gate.hpp"

#include <catch2/catch.hpp>

#include <random>

using namespace convoke::http;

TEST_CASE("the end of a head is found wherever the bytes are cut", "[http][gate]") {
    GateLimits const limits;
    std::string const head = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (std::size_t cut = 0; cut < head.size(); ++cut) {
        auto const scan = find_head_end(std::string_view(head).substr(0, cut), limits);
        CHECK(scan.length == 0);
        CHECK_FALSE(scan.problem);
    }
    CHECK(find_head_end(head + "body", limits).length == head.size());
}

TEST_CASE("what can never become a head is refused at once", "[http][gate]") {
    GateLimits const limits;
    CHECK(find_head_end("GET / HTTP/1.1\n", limits).problem->status == 400);
    CHECK(find_head_end("GET / HTTP/1.1\rX", limits).problem->status == 400);
    CHECK(find_head_end(std::string_view("GE\0T", 4), limits).problem->status == 400);
    CHECK(find_head_end("GET /" + std::string(9000, 'a'), limits).problem->status == 414);
    CHECK(find_head_end("GET / HTTP/1.1\r\nA: " + std::string(9000, 'a'), limits).problem->status == 431);
}

TEST_CASE("a good head passes and is read", "[http][gate]") {
    auto const result = check_head("POST /a?b=c HTTP/1.1\r\nHost: x\r\nContent-Length:  5 \r\n\r\n", {});
    REQUIRE_FALSE(result.problem);
    CHECK(result.head.method == "POST");
    CHECK(result.head.target == "/a?b=c");
    CHECK(result.head.minor_version == 1);
    REQUIRE(result.head.fields.size() == 2);
    CHECK(result.head.fields[1].second == "5");
}

TEST_CASE("sizes are limits, not approximations", "[http][gate]") {
    GateLimits limits;
    limits.fields = 3;
    limits.target_bytes = 10;
    auto const with = [](std::string const& target, int fields) {
        std::string text = "GET " + target + " HTTP/1.1\r\nHost: x\r\n";
        for (int i = 1; i < fields; ++i) text += "A: b\r\n";
        return text + "\r\n";
    };
    CHECK_FALSE(check_head(with("/", 3), limits).problem);
    CHECK(check_head(with("/", 4), limits).problem->status == 431);
    CHECK_FALSE(check_head(with("/" + std::string(9, 'a'), 1), limits).problem);
    CHECK(check_head(with("/" + std::string(10, 'a'), 1), limits).problem->status == 414);
}

TEST_CASE("hosts", "[http][gate]") {
    CHECK(host_without_port("Events.Example:8080") == "events.example");
    CHECK(host_without_port("[::1]:80") == "[::1]");
    CHECK(host_without_port("127.0.0.1") == "127.0.0.1");
    for (auto bad : {"", ":80", "a b", "a/b", "a@b", "[::1", "[zz]", "a:b", "a:123456", "a,b", "a:80:80"}) {
        INFO(bad);
        CHECK_FALSE(host_without_port(bad));
    }
}

TEST_CASE("noise is refused or read, never more", "[http][gate]") {
    std::mt19937 random(20261122);
    std::string const good = "POST /echo?a=b HTTP/1.1\r\nHost: events.example\r\nContent-Length: 5\r\nA: b\r\n\r\n";
    for (int round = 0; round < 20000; ++round) {
        auto text = good;
        for (unsigned i = 0, changes = 1 + random() % 4; i < changes; ++i) {
            auto const at = random() % text.size();
            switch (random() % 3) {
                case 0: text[at] = static_cast<char>(random()); break;
                case 1: text.erase(at, 1 + random() % 5); break;
                default: text.insert(at, 1, "\r\n :,\t\0;x"[random() % 9]); break;
            }
            if (text.empty()) text = "x";
        }
        auto const scan = find_head_end(text, {});
        if (scan.problem || scan.length == 0) continue;
        auto const result = check_head(std::string_view(text).substr(0, scan.length), {});
        if (result.problem) CHECK(result.problem->status >= 400);
        else CHECK(result.head.target.size() > 0);
    }
}
