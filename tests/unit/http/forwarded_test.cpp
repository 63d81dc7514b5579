#include "service/http/forwarded.hpp"
#include "service/http/rate_limit.hpp"

#include <catch2/catch.hpp>

#include <stdexcept>

using namespace convoke::http;
using boost::asio::ip::make_address;

namespace {

std::string who(TrustedProxies const& proxies, char const* peer, char const* forwarded, char const* proto = nullptr) {
    Headers headers;
    if (forwarded) headers.set("X-Forwarded-For", forwarded);
    if (proto) headers.set("X-Forwarded-Proto", proto);
    auto const client = proxies.resolve(make_address(peer), false, headers);
    return client.address.to_string() + (client.secure ? " secure" : "") + (client.in_clear ? " in clear" : "");
}

}  // namespace

TEST_CASE("forwarded addresses are believed from trusted hops only", "[http][forwarded]") {
    TrustedProxies const none;
    CHECK(who(none, "127.0.0.1", "192.0.2.1", "https") == "127.0.0.1");

    TrustedProxies const proxies({"127.0.0.1", "10.0.0.0/8", "fd00::/8"});
    CHECK(who(proxies, "192.0.2.9", "192.0.2.1", "https") == "192.0.2.9 in clear");
    CHECK(who(proxies, "127.0.0.1", nullptr) == "127.0.0.1");
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1") == "192.0.2.1");
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1", "https") == "192.0.2.1 secure");
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1", "https, http") == "192.0.2.1 in clear");
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1", "http") == "192.0.2.1 in clear");
    CHECK(who(proxies, "10.0.0.1", "192.0.2.1", "https") == "192.0.2.1 secure");
    CHECK(who(proxies, "127.0.0.1", "203.0.113.5, 192.0.2.1") == "192.0.2.1");  // the first was written by the client
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1, 10.1.2.3") == "192.0.2.1");
    CHECK(who(proxies, "fd00::1", "2001:db8::1") == "2001:db8::1 in clear");
    CHECK(who(proxies, "127.0.0.1", "[2001:db8::1]:443") == "2001:db8::1");
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1:5555") == "192.0.2.1");
    CHECK(who(proxies, "127.0.0.1", "192.0.2.1, garbage") == "127.0.0.1");
    CHECK(who(proxies, "::ffff:10.0.0.1", "192.0.2.1") == "192.0.2.1 in clear");
}

TEST_CASE("a network that is none is named", "[http][forwarded]") {
    for (auto bad : {"", "proxy", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "10.0.0.0/8x", "::/129"}) {
        INFO(bad);
        CHECK_THROWS_WITH(TrustedProxies({bad}), Catch::Contains("http.trusted_proxies"));
    }
}

TEST_CASE("limits count IPv6 by /64", "[http][forwarded]") {
    CHECK(limit_key(make_address("192.0.2.1")) == "192.0.2.1");
    CHECK(limit_key(make_address("::ffff:192.0.2.1")) == "192.0.2.1");
    CHECK(limit_key(make_address("2001:db8:1:2:3::1")) == limit_key(make_address("2001:db8:1:2:ffff::9")));
    CHECK(limit_key(make_address("2001:db8:1:3::1")) != limit_key(make_address("2001:db8:1:2::1")));
}

TEST_CASE("token buckets", "[http][rate]") {
    using namespace std::chrono_literals;
    RateLimiter limiter({2, 3, 100});
    RateLimiter::Instant const start{};
    for (int i = 0; i < 3; ++i) CHECK_FALSE(limiter.take("a", start));
    CHECK(limiter.take("a", start) == 1s);
    CHECK_FALSE(limiter.take("b", start));
    CHECK_FALSE(limiter.take("a", start + 500ms));
    CHECK(limiter.take("a", start + 500ms));
    for (int i = 0; i < 3; ++i) CHECK_FALSE(limiter.take("a", start + 1h));
    CHECK(limiter.take("a", start + 1h));
    CHECK(limiter.take("a", start));  // a clock that goes back gives nothing

    RateLimiter slow({0.01, 1, 100});
    CHECK_FALSE(slow.take("a", start));
    CHECK(slow.take("a", start) == 100s);
}

TEST_CASE("buckets do not grow without bound", "[http][rate]") {
    RateLimiter limiter({1, 1, 10});
    for (int i = 0; i < 1000; ++i) limiter.take(std::to_string(i), {});
    CHECK(limiter.keys() == 10);
    CHECK(limiter.take("999", {}));        // still known
    CHECK_FALSE(limiter.take("1", {}));    // forgotten
}
