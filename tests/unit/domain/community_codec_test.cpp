#include "service/domain/community_codec.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

using namespace convoke;

namespace {

boost::json::object object(std::string const& text) { return boost::json::parse(text).as_object(); }

std::vector<std::pair<std::string, errc>> places(Failure const& failure) {
    std::vector<std::pair<std::string, errc>> out;
    for (auto const& fault : failure.faults) out.emplace_back(fault.pointer, fault.code);
    return out;
}

using Places = std::vector<std::pair<std::string, errc>>;

}  // namespace

TEST_CASE("slugs fit into addresses") {
    for (auto const* good : {"cop-mi", "a", "2026", "a-b-c"}) CHECK(domain::is_slug(good));
    for (auto const* bad : {"", "-a", "a-", "a--b", "A", "ä", "a b", "a/b", "a.b"}) CHECK_FALSE(domain::is_slug(bad));
    CHECK_FALSE(domain::is_slug(std::string(65, 'a')));
}

TEST_CASE("a community is read, and written so that it reads the same") {
    auto const read = domain::decode_community(object(
        R"({"slug":"cop-mi","name":"Migrant Integration","timeZone":"Europe/Brussels","language":"EN-gb","contactEmail":" desk@Example.ORG "})"));
    REQUIRE(read.has_value());
    CHECK(read->language == "en-GB");
    CHECK(read->contact_email == "desk@example.org");
    auto const again = domain::decode_community(domain::encode_community(*read));
    REQUIRE(again.has_value());
    CHECK(domain::encode_community(*again) == domain::encode_community(*read));
}

TEST_CASE("a community's faults are named all at once") {
    auto const read = domain::decode_community(
        object(R"({"slug":"Cop MI","name":" ","timeZone":"Europe/Brusels","contactEmail":"a b@c","isAdmin":true})"));
    REQUIRE_FALSE(read.has_value());
    CHECK(read.error().code == errc::validation_failed);
    CHECK(places(read.error()) == Places{{"/slug", errc::invalid_value},
                                         {"/name", errc::blank},
                                         {"/timeZone", errc::unknown_time_zone},
                                         {"/contactEmail", errc::email_invalid},
                                         {"/isAdmin", errc::unknown_field}});
    CHECK(read.error().faults[2].detail.find("Europe/Brussels") != std::string::npos);
}

TEST_CASE("a member needs an address alone, the rest is put in its usual form") {
    auto const least = domain::decode_member(object(R"({"email":"anna@example.org"})"));
    REQUIRE(least.has_value());
    CHECK(least->role == "member");
    CHECK(least->time_zone.empty());

    auto const full = domain::decode_member(object(
        R"({"email":"Anna.K@München.example","name":"Anna Kovács","organisation":"Ministry","category":"managing authority",
            "country":"ie","language":"GA","timeZone":"Europe/Dublin","role":"chair"})"));
    REQUIRE(full.has_value());
    CHECK(full->email == "Anna.K@xn--mnchen-3ya.example");
    CHECK(full->country == "IE");
    CHECK(full->language == "ga");
    auto const again = domain::decode_member(domain::encode_member(*full));
    REQUIRE(again.has_value());
    CHECK(domain::encode_member(*again) == domain::encode_member(*full));
}

TEST_CASE("a member's faults are named all at once") {
    auto const read = domain::decode_member(object(
        R"({"email":"a@b\r\nBcc: x@y","name":"x\u202Ey","country":"Atlantis","language":"not a tag","timeZone":"CEST","role":"boss"})"));
    REQUIRE_FALSE(read.has_value());
    CHECK(places(read.error()) == Places{{"/email", errc::email_invalid},
                                         {"/name", errc::control_character},
                                         {"/country", errc::invalid_value},
                                         {"/language", errc::invalid_value},
                                         {"/timeZone", errc::unknown_time_zone},
                                         {"/role", errc::invalid_value}});
    CHECK(domain::decode_member(object("{}")).error().faults.at(0).code == errc::required);
    CHECK(domain::decode_member(object(R"({"email":3})")).error().faults.at(0).code == errc::wrong_type);
}

TEST_CASE("a programme keeps objectives, topics and outputs in order") {
    auto const json = object(
        R"({"title":"Work programme","period":"2026","objectives":[{"code":"01","title":"Pathways","topics":[
              {"code":"01 PT 01","title":"Skills"},{"code":"01 PT 02","title":"Housing"}]},{"code":"02","title":"Funds","topics":[]}],
            "outputs":[{"type":"report","title":"Mapping","due":"November/December","topics":["01 PT 02"]}]})");
    auto const read = domain::decode_programme(json);
    REQUIRE(read.has_value());
    CHECK(read->objectives.at(0).topics.at(1).code == "01 PT 02");
    CHECK(read->outputs.at(0).due == "November/December");
    CHECK(domain::encode_programme(*read) == json);
}

TEST_CASE("a programme's codes are unique, also between objectives and topics") {
    auto const read = domain::decode_programme(object(
        R"({"title":"x","objectives":[{"code":"1","title":"a","topics":[{"code":"1","title":"b"},{"title":"c"}]}],"outputs":[{"type":"report"}]})"));
    REQUIRE_FALSE(read.has_value());
    CHECK(places(read.error()) == Places{{"/objectives/0/topics/0/code", errc::invalid_value},
                                         {"/objectives/0/topics/1/code", errc::required},
                                         {"/outputs/0/title", errc::required}});
}
