#include "service/usecases/feeds.hpp"

#include "service/usecases/capability.hpp"
#include "tests/unit/usecases/events_fixture.hpp"

using namespace convoke;
using namespace convoke::test;

namespace {

std::string feed(House& house, std::int64_t person) {
    auto const view = house.read([&](Transaction& tx) { return usecases::feed_of_person(tx, house.stranger(), usecases::feed_token(house.instance, person, 1)); }).value();
    return calendar::feed_text(view.head, view.entries);
}
std::string public_feed(House& house) {
    auto const view = house.read([&](Transaction& tx) { return usecases::feed_of_community(tx, house.stranger(), "cop-mi"); }).value();
    return calendar::feed_text(view.head, view.entries);
}
bool holds(std::string const& text, std::string const& part) { return text.find(part) != std::string::npos; }

}  // namespace

TEST_CASE("one UID from the window to the cancelled event, in the feed") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const person = house.add_member("cop-mi", "a@x.example");
    auto event = publish(house, create(house, window()).id);
    std::string const uid = "UID:" + event.uid;
    CHECK(holds(feed(house, person), uid));
    CHECK(holds(feed(house, person), "DTSTART;VALUE=DATE:20271201"));
    CHECK(holds(feed(house, person), "STATUS:TENTATIVE"));
    CHECK(feed(house, person) == feed(house, person));

    event = patch(house, event, R"({"start":"2027-12-09T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H",
        "virtualLocations":{"1":{"uri":"https://meet.example/abc"}}})").value();
    CHECK(holds(feed(house, person), uid));
    CHECK(holds(feed(house, person), "DTSTART;TZID=Europe/Brussels:20271209T100000"));
    CHECK(holds(feed(house, person), "https://meet.example/abc"));
    CHECK_FALSE(holds(public_feed(house), "meet.example"));
    CHECK_FALSE(holds(public_feed(house), "ATTENDEE"));

    house.write([&](Transaction& tx) { return usecases::cancel_event(tx, house.admin(), event.id, "no room"); }).value();
    CHECK(holds(feed(house, person), uid));
    CHECK(holds(feed(house, person), "STATUS:CANCELLED"));
    house.now += std::chrono::days(31);
    CHECK_FALSE(holds(feed(house, person), uid));
}

TEST_CASE("the link is not for people on the waiting list, nor for those who said no") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const a = house.add_member("cop-mi", "a@x.example");
    auto const b = house.add_member("cop-mi", "b@x.example");
    auto const event = publish(house, create(house, online_event(R"(,"registration":{"capacity":{"online":1},"waitlist":true})")).id);
    CHECK_FALSE(holds(feed(house, a), "meet.example"));  // seats are limited: only the confirmation carries the link
    enrol(house, event.id, "a@x.example").value();
    enrol(house, event.id, "b@x.example").value();
    CHECK(holds(feed(house, a), "meet.example"));
    CHECK(holds(feed(house, b), event.uid));
    CHECK_FALSE(holds(feed(house, b), "meet.example"));
}

TEST_CASE("a feed's address opens that feed and nothing else") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const person = house.add_member("cop-mi", "a@x.example");
    auto const open = [&](std::string const& token) { return house.read([&](Transaction& tx) { return usecases::feed_of_person(tx, house.stranger(), token); }).has_value(); };
    std::string const token = usecases::feed_token(house.instance, person, 1);
    CHECK(open(token));
    CHECK_FALSE(open(token.substr(1)));
    CHECK_FALSE(open(usecases::feed_token(house.instance, person, 2)));
    CHECK_FALSE(open(usecases::answer_token(house.instance, person)));
    std::string other = token;
    other.back() = other.back() == 'a' ? 'b' : 'a';
    CHECK_FALSE(open(other));
}
