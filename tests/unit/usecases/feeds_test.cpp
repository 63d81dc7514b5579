#include "service/usecases/feeds.hpp"

#include "service/usecases/capability.hpp"
#include "service/usecases/persons.hpp"
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

TEST_CASE("what no calendar shows changes no byte, and what one shows does") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const person = house.add_member("cop-mi", "a@x.example");
    auto event = publish(house, create(house, online_event()).id);
    enrol(house, event.id, "a@x.example", "online").value();
    house.now += std::chrono::hours(1);
    auto const before = feed(house, person);
    auto const everybody = public_feed(house);
    for (char const* unseen : {R"({"reminders":["P3D"]})", R"({"registration":{"capacity":{"onSite":5}}})", R"({"interpretation":["fr"]})",
                               R"({"registration":{"questions":[{"id":"q","type":"text","label":"Q","required":false,"sensitive":false}]}})"}) {
        auto const changed = patch(house, event, unseen).value();
        CHECK(changed.revision == event.revision + 1);
        event = changed;
        CHECK(feed(house, person) == before);
        CHECK(public_feed(house) == everybody);
        house.now += std::chrono::hours(1);
    }

    // A limit takes the link out of entries of people without a seat: that is seen.
    auto const other = house.add_member("cop-mi", "b@x.example");
    auto const theirs = feed(house, other);
    event = patch(house, event, R"({"registration":{"capacity":{"online":5}}})").value();
    CHECK(feed(house, other) != theirs);
    for (char const* seen : {R"({"title":"Other"})", R"({"description":"Words"})", R"({"locale":"fr"})", R"({"start":"2027-03-04T10:00:00"})"}) {
        auto const last = feed(house, person);
        event = patch(house, event, seen).value();
        CHECK(feed(house, person) != last);
    }
}

TEST_CASE("an event that is over keeps its bytes, whoever came") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const person = house.add_member("cop-mi", "a@x.example");
    auto const event = publish(house, create(house, online_event()).id);
    auto const registration = enrol(house, event.id, "a@x.example", "online").value();
    auto const at = [&](auto instant) {
        house.now = instant;
        return feed(house, person);
    };
    auto const end = calendar::first_span(event.definition.schedule, event.zone).end;
    auto const before = at(end + std::chrono::hours(1));
    CHECK(holds(before, event.uid));
    CHECK(house.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::complete_past_events(tx, house.stranger()); }).value() == 1);
    CHECK(at(end + std::chrono::hours(2)) == before);
    for (auto const answer : {usecases::Answer::attend, usecases::Answer::absent}) {
        house.write([&](Transaction& tx) { return usecases::answer_registration(tx, house.admin(), registration.id, answer); }).value();
        CHECK(at(end + std::chrono::hours(3)) == before);
    }
}

TEST_CASE("alarms and windows follow the member's choice, and nobody else may choose") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const person = house.add_member("cop-mi", "a@x.example");
    publish(house, create(house, online_event()).id);
    auto const provisional = publish(house, create(house, window()).id);
    auto const choose = [&](usecases::Context const& context, usecases::FeedChoices const& choices) {
        return house.write([&](Transaction& tx) { return usecases::choose_feed(tx, context, person, choices); });
    };
    CHECK_FALSE(holds(feed(house, person), "VALARM"));
    REQUIRE(choose(house.admin(), {true, "P1D"}).has_value());
    CHECK(holds(feed(house, person), "TRIGGER:-P1D\r\n"));
    CHECK(holds(feed(house, person), provisional.uid));
    CHECK(choose(house.admin(), {true, "PT2H"}).error().faults.front().code == errc::invalid_value);
    CHECK(choose(house.stranger(), {false, ""}).error().code == errc::not_found);
    CHECK(holds(feed(house, person), "TRIGGER:-P1D\r\n"));
    REQUIRE(choose(house.admin(), {false, ""}).has_value());
    CHECK_FALSE(holds(feed(house, person), "VALARM"));
    CHECK_FALSE(holds(feed(house, person), provisional.uid));
}

TEST_CASE("the last fetch is kept, and nothing of one who is erased") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const person = house.add_member("cop-mi", "a@x.example");
    auto const note = [&](std::chrono::seconds ago, std::string const& client) {
        std::vector<usecases::FeedFetch> const one{{person, house.now - ago, client}};
        house.write([&](Transaction& tx) -> result<void> {
            usecases::note_fetches(tx, one);
            return {};
        }).value();
    };
    auto const last = [&] { return house.read([&](Transaction& tx) -> result<std::optional<usecases::FeedFetch>> { return usecases::last_fetch(tx, person); }).value(); };
    CHECK_FALSE(last());
    note(std::chrono::seconds(10), "Thunderbird");
    note(std::chrono::seconds(20), "Apple");  // another process, later written than it happened
    REQUIRE(last());
    CHECK(last()->client == "Thunderbird");
    house.write([&](Transaction& tx) { return usecases::erase_person(tx, house.admin(), "a@x.example"); }).value();
    CHECK_FALSE(last());
    note(std::chrono::seconds(0), "Thunderbird");
    CHECK_FALSE(last());
}
