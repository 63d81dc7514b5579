#include "service/domain/webhook.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

using namespace convoke;
using domain::parse_webhook_url;

namespace {
domain::WebhookRules const strict;
}

TEST_CASE("a receiver's URL is https to a public host", "[domain]") {
    auto const good = parse_webhook_url("https://Hooks.Example/convoke?a=b", strict);
    REQUIRE(good.has_value());
    CHECK(good->host == "hooks.example");
    CHECK(good->port == "443");
    CHECK(good->target == "/convoke?a=b");
    CHECK(parse_webhook_url("https://hooks.example", strict)->target == "/");
    CHECK(parse_webhook_url("https://8.8.8.8/", strict).has_value());
    CHECK(parse_webhook_url("https://[2606:4700::1111]/", strict)->host == "2606:4700::1111");
    for (std::string const url :
         {"http://hooks.example/", "https://", "https:///x", "hooks.example", "https://hooks.example:444/", "https://u@hooks.example/",
          "https://u:p@hooks.example/", "https://hooks.example/#x", "https://127.0.0.1/", "https://[::1]/", "https://[::ffff:8.8.8.8]/",
          "https://10.1.2.3/", "https://localhost/", "https://a.localhost/", "https://localhost./", "https://2130706433/", "https://0x7f000001/",
          "https://0x7f.1/", "https://127.1/", "https://0177.0.0.1/", "https://printer.local/", "https://metadata.google.internal/",
          "https://hooks.example/a b", "https://hooks.example/\r\nX: y", "https://hööks.example/",
          "https://hooks.example:0443/", "https://hooks.example:99999/", "https://[fe80::1%25eth0]/", "javascript:alert(1)"}) {
        CAPTURE(url);
        CHECK_FALSE(parse_webhook_url(url, strict).has_value());
    }
    domain::WebhookRules const inner{true, {"443", "8443"}};
    CHECK(parse_webhook_url("https://127.0.0.1:8443/", inner).has_value());
    CHECK(parse_webhook_url("https://localhost/", inner).has_value());
    CHECK_FALSE(parse_webhook_url("https://127.0.0.1:8444/", inner).has_value());
    CHECK_FALSE(parse_webhook_url("http://127.0.0.1:8443/", inner).has_value());
}

TEST_CASE("what an organiser writes is checked all at once", "[domain]") {
    auto const wrong = domain::decode_webhook(
        boost::json::parse(R"({"url":"http://x/","events":["event.changed","event.exploded","event.changed"],"secret":"short","state":"on","x":1})").as_object(), strict);
    REQUIRE_FALSE(wrong.has_value());
    std::vector<std::string> pointers;
    for (auto const& fault : wrong.error().faults) pointers.push_back(fault.pointer);
    CHECK(pointers == std::vector<std::string>{"/url", "/events/1", "/events/2", "/secret", "/state", "/x"});
    auto const right = domain::decode_webhook(boost::json::parse(R"({"url":"https://hooks.example/","events":["*"]})").as_object(), strict);
    REQUIRE(right.has_value());
    CHECK_FALSE(right->secret.has_value());
    CHECK_FALSE(right->paused);
}

TEST_CASE("a registration's new status has its event", "[domain]") {
    using enum domain::RegistrationStatus;
    for (auto const status : {pending, offered, confirmed, waitlisted, declined, cancelled, attended, absent}) {
        auto const name = domain::webhook_event(status);
        auto const all = domain::webhook_events();
        CHECK(name == "registration." + std::string(domain::name_of(status)));
        CHECK(std::find(all.begin(), all.end(), name) != all.end());
    }
    CHECK(domain::webhook_event(invited).empty());
}
