#include "service/core/public_address.hpp"

#include <arpa/inet.h>

#include <catch2/catch.hpp>

#include <string>

using namespace convoke;

namespace {

// As a resolver gives it.
bool is_public(std::string const& text) {
    std::array<std::uint8_t, 4> four{};
    std::array<std::uint8_t, 16> sixteen{};
    if (inet_pton(AF_INET, text.c_str(), four.data()) == 1) return core::is_public_ipv4(four);
    REQUIRE(inet_pton(AF_INET6, text.c_str(), sixteen.data()) == 1);
    return core::is_public_ipv6(sixteen);
}

}  // namespace

TEST_CASE("addresses of machines, private networks and special purposes are not public", "[core]") {
    for (std::string const text : {
             "0.0.0.0", "0.255.255.255", "10.0.0.0", "10.255.255.255", "100.64.0.0", "100.100.100.200", "100.127.255.255",
             "127.0.0.1", "127.255.255.254", "169.254.0.1", "169.254.169.254", "169.254.170.2", "172.16.0.1", "172.31.255.255",
             "192.0.0.1", "192.0.0.192", "192.0.2.1", "192.88.99.1", "192.168.0.1", "192.168.255.255", "198.18.0.1",
             "198.19.255.255", "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
             "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:8.8.8.8", "::127.0.0.1", "64:ff9b::7f00:1",
             "64:ff9b::808:808", "64:ff9b:1::1", "100::1", "2001::1", "2001:0:4136:e378:8000:63bf:3fff:fdd2", "2001:2::1",
             "2001:10::1", "2001:20::1", "2001:db8::1", "2002:7f00:1::1", "2002:c0a8:101::", "2002:808:808::", "3fff::1",
             "3fff:fff::1", "fc00::1", "fd00:ec2::254", "fdff::1", "fe80::1", "febf::1", "fec0::1", "ff02::1", "ff0e::1",
             "5f00::1", "2620:4f:8000::1", "3ffe::1", "4000::1"}) {
        CAPTURE(text);
        CHECK_FALSE(is_public(text));
    }
}

TEST_CASE("addresses beside the special ones are public", "[core]") {
    for (std::string const text : {"1.0.0.1", "8.8.8.8", "9.255.255.255", "11.0.0.0", "100.63.255.255", "100.128.0.0", "126.255.255.255",
                                   "128.0.0.1", "169.253.255.255", "169.255.0.0", "172.15.255.255", "172.32.0.0", "192.0.1.0", "192.0.3.0",
                                   "192.167.255.255", "192.169.0.0", "198.17.255.255", "198.20.0.0", "203.0.112.255", "223.255.255.255",
                                   "2001:200::1", "2001:4860:4860::8888", "2003::1", "2606:4700::1111", "2a00::1", "3ffd::1"}) {
        CAPTURE(text);
        CHECK(is_public(text));
    }
}
