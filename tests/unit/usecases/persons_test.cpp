#include "service/usecases/persons.hpp"

#include "service/usecases/capability.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/registrations.hpp"
#include "service/usecases/sign_in.hpp"
#include "tests/unit/usecases/house.hpp"

#include <boost/json/parse.hpp>

using namespace convoke;
using test::House;
using test::Transaction;

namespace {

// A published event with one seat.
std::int64_t one_seat_event(House& house) {
    auto const definition = domain::decode_event(boost::json::parse(R"({
        "communities":["cop-mi"],"kind":"event","format":"on-site","title":"Forum","start":"2027-05-20T09:00:00",
        "timeZone":"Europe/Rome","duration":"PT2H","registration":{"policy":"open","capacity":{"onSite":1},"waitlist":true,
        "questions":[{"id":"diet","type":"text","label":"Diet"}]}})").as_object());
    REQUIRE(definition.has_value());
    auto const made = house.write([&](Transaction& tx) -> result<std::int64_t> {
        CONVOKE_TRY(event, usecases::create_event(tx, house.admin(), *definition));
        CONVOKE_CHECK(usecases::publish_event(tx, house.admin(), event.id, {}));
        return event.id;
    });
    REQUIRE(made.has_value());
    return *made;
}

domain::Registration enrol(House& house, std::int64_t event_id, std::string const& email) {
    auto const made = house.write([&](Transaction& tx) {
        return usecases::register_participant(tx, house.admin(), event_id,
                                              {.email = email, .name = "Name of " + email, .answers = {{"diet", "Diet of " + email}}});
    });
    REQUIRE(made.has_value());
    return *made;
}

std::string status_of(House& house, std::int64_t registration_id) {
    return house.read([&](Transaction& tx) -> result<std::string> {
        CONVOKE_TRY(found, usecases::find_registration(tx, house.admin(), registration_id));
        return std::string(domain::name_of(found.status));
    }).value();
}

}  // namespace

TEST_CASE("everything held about a person can be shown to them") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const id = house.add_member("cop-mi", "anna@example.org");
    auto const event = one_seat_event(house);
    enrol(house, event, "anna@example.org");
    auto const record = house.read([&](Transaction& tx) { return usecases::export_person(tx, house.admin(), "ANNA@example.org"); });
    REQUIRE(record.has_value());
    CHECK(record->person.id == id);
    REQUIRE(record->memberships.size() == 1);
    CHECK(record->memberships[0].community == "cop-mi");
    REQUIRE(record->registrations.size() == 1);
    CHECK(record->registrations[0].event_title == "Forum");
    CHECK(record->registrations[0].registration.answers.at("diet") == "Diet of anna@example.org");
    CHECK_FALSE(record->mails.empty());

    auto const own = usecases::Context{house.instance, house.now, domain::Actor::of_person(id)};
    CHECK(house.read([&](Transaction& tx) { return usecases::export_person(tx, own, "anna@example.org"); }).has_value());
    auto const other = usecases::Context{house.instance, house.now, domain::Actor::of_person(id + 1)};
    CHECK(house.read([&](Transaction& tx) { return usecases::export_person(tx, other, "anna@example.org"); }).error().code == errc::forbidden);
    CHECK(house.read([&](Transaction& tx) { return usecases::export_person(tx, house.admin(), "nobody@example.org"); }).error().code == errc::not_found);
}

TEST_CASE("an erased person leaves nothing but figures, and the seat goes to the next in line") {
    House house(GENERATE(from_range(test::engines())));
    house.add_community("cop-mi");
    auto const id = house.add_member("cop-mi", "anna@example.org");
    house.add_member("cop-mi", "ben@example.org");
    auto const event = one_seat_event(house);
    auto const anna = enrol(house, event, "anna@example.org");
    auto const ben = enrol(house, event, "ben@example.org");
    CHECK(status_of(house, anna.id) == "confirmed");
    CHECK(status_of(house, ben.id) == "waitlisted");
    REQUIRE(house.write([&](Transaction& tx) { return usecases::request_login_link(tx, house.stranger(), "anna@example.org"); }).has_value());
    auto const link = house.write([&](Transaction& tx) { return usecases::create_login_link(tx, house.admin(), "anna@example.org"); }).value();
    REQUIRE(house.write([&](Transaction& tx) {
        return usecases::use_login_link(tx, house.stranger(), usecases::login_token(house.instance, link.id));
    }).has_value());
    REQUIRE_FALSE(house.places_holding("anna").empty());

    auto const erased = house.write([&](Transaction& tx) { return usecases::erase_person(tx, house.admin(), "anna@example.org"); });
    REQUIRE(erased.has_value());
    CHECK(*erased == id);
    CHECK(house.places_holding("anna") == std::vector<std::string>{});
    CHECK(house.count("SELECT count(*) FROM session") == 0);
    CHECK(house.count("SELECT count(*) FROM login_link") == 0);
    CHECK(house.count("SELECT count(*) FROM member") == 1);
    CHECK(house.count("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending') AND person_id = " + std::to_string(id)) == 0);
    CHECK(status_of(house, anna.id) == "cancelled");
    CHECK(status_of(house, ben.id) == "confirmed");

    auto const person = house.read([&](Transaction& tx) { return usecases::find_person(tx, id); });
    REQUIRE(person.has_value());
    CHECK(person->email == "erased-" + std::to_string(id) + "@invalid");
    CHECK(person->feed_version == 2);
    // Coming back is a new person.
    CHECK(house.add_member("cop-mi", "anna@example.org") != id);
}

TEST_CASE("a renewed feed has another address") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const id = house.add_member("cop-mi", "anna@example.org");
    auto const own = usecases::Context{house.instance, house.now, domain::Actor::of_person(id)};
    auto const version = house.write([&](Transaction& tx) { return usecases::renew_feed(tx, own, id); });
    REQUIRE(version.has_value());
    CHECK(*version == 2);
    CHECK(usecases::feed_url(house.instance, id, 1) != usecases::feed_url(house.instance, id, 2));
    CHECK(house.write([&](Transaction& tx) { return usecases::renew_feed(tx, house.stranger(), id); }).error().code == errc::not_found);
}
