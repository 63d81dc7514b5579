// How often one may ask: a token, and an address with tokens nobody knows.
#include "service/api/api_limits.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace std::chrono_literals;

namespace {

http::Request from(std::string const& peer, std::string const& token = "t") {
    http::Request request(http::Method::get, "/api/v1/events");
    request.peer = peer;
    request.headers.set("Authorization", "Bearer " + token);
    return request;
}

int admitted(api::ApiLimits& limits, std::string const& peer, std::string const& token, api::ApiLimits::Instant now, int tries) {
    int count = 0;
    for (int i = 0; i < tries; ++i) count += limits.admit(from(peer, token), token, now).has_value();
    return count;
}

}  // namespace

TEST_CASE("a token has a limit of its own") {
    api::ApiLimits limits({.requests_per_second = 10, .burst = 50, .strangers_per_second = 1, .stranger_burst = 5});
    api::ApiLimits::Instant const now{};
    limits.known("a");
    limits.known("b");
    CHECK(admitted(limits, "192.0.2.1", "a", now, 100) == 50);
    CHECK(admitted(limits, "192.0.2.2", "a", now, 100) == 0);  // from wherever it comes
    CHECK(admitted(limits, "192.0.2.1", "b", now, 100) == 50);
    CHECK(admitted(limits, "192.0.2.1", "a", now + 1s, 100) == 10);
    auto const refused = limits.admit(from("192.0.2.1", "a"), "a", now + 1s);
    REQUIRE_FALSE(refused.has_value());
    CHECK(refused.error().code == errc::rate_limited);
    CHECK(refused.error().arguments.at("retryAfter") == "1");
}

TEST_CASE("an address cannot try many tokens, and those who share it go on") {
    api::ApiLimits limits({.requests_per_second = 100, .burst = 100, .strangers_per_second = 1, .stranger_burst = 5});
    api::ApiLimits::Instant const now{};
    limits.known("right");
    int tried = 0;
    for (int i = 0; i < 100; ++i) {
        std::string const token = "guess" + std::to_string(i);
        if (!limits.admit(from("2001:db8::" + std::to_string(i % 9 + 1), token), token, now)) continue;
        limits.unknown(token);
        ++tried;
    }
    CHECK(tried == 5);
    CHECK(admitted(limits, "2001:db8::1", "right", now, 10) == 10);
    CHECK(admitted(limits, "2001:db8:0:1::1", "guess", now, 10) == 5);  // another network
    CHECK(admitted(limits, "2001:db8::1", "guess", now + 3s, 10) == 3);
}

TEST_CASE("a token that was withdrawn is a stranger's") {
    api::ApiLimits limits({.requests_per_second = 100, .burst = 100, .strangers_per_second = 1, .stranger_burst = 5});
    limits.known("a");
    CHECK(limits.is_known(from("192.0.2.1", "a")));
    CHECK_FALSE(limits.is_known(from("192.0.2.1", "b")));
    limits.unknown("a");
    CHECK_FALSE(limits.is_known(from("192.0.2.1", "a")));
    CHECK(admitted(limits, "192.0.2.1", "a", {}, 10) == 5);
}
