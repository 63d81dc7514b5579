#include "service/http/forwarded.hpp"
#include "service/http/handshakes.hpp"

#include <boost/asio/ip/address.hpp>

#include <catch2/catch.hpp>

using namespace convoke::http;

namespace {

struct Peer : Connection {
    void close_if_idle() override {}
    void cut() override { gone = true; }
    bool gone = false;
};

}  // namespace

TEST_CASE("one handshake too many ends the oldest", "[http][tls]") {
    Handshakes handshakes(3);
    std::vector<std::shared_ptr<Peer>> peers;
    std::vector<std::unique_ptr<Handshakes::Place>> places;
    auto const arrive = [&] {
        peers.push_back(std::make_shared<Peer>());
        places.emplace_back(new Handshakes::Place(handshakes.begin(peers.back())));
    };
    for (int i = 0; i < 5; ++i) arrive();
    CHECK(handshakes.count() == 3);
    CHECK(peers[0]->gone);
    CHECK(peers[1]->gone);
    CHECK_FALSE(peers[2]->gone);

    places[3].reset();  // this one is done
    arrive();
    CHECK_FALSE(peers[2]->gone);
    places[0].reset();  // what was cut gives nothing back twice
    CHECK(handshakes.count() == 3);
    peers[2].reset();  // ended by itself, its place not yet given back
    arrive();
    CHECK(handshakes.count() == 3);
    places.clear();
    CHECK(handshakes.count() == 0);
}

TEST_CASE("addresses of one IPv6 network share their places", "[http]") {
    auto const connections = std::make_shared<Connections>();
    auto const admit = [&](char const* address) {
        return connections->admit(limit_key(boost::asio::ip::make_address(address)), 5, 2);
    };
    auto const first = admit("2001:db8:1:2::1");
    auto second = admit("2001:db8:1:2:ffff::7");
    CHECK(first);
    CHECK(second);
    CHECK_FALSE(admit("2001:db8:1:2:3:4:5:6"));
    auto const other = admit("2001:db8:1:3::1");
    CHECK(other);
    second.reset();
    auto const again = admit("2001:db8:1:2:3:4:5:6");
    CHECK(again);
    auto const mapped = admit("::ffff:192.0.2.1");
    auto const same = admit("192.0.2.1");
    CHECK(mapped);
    CHECK(same);
    CHECK_FALSE(admit("198.51.100.1"));  // five in all
    CHECK(connections->count() == 5);
}
