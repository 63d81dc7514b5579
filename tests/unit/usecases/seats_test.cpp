#include "tests/unit/usecases/events_fixture.hpp"

#include "service/store/registrations.hpp"

#include <atomic>
#include <thread>

using namespace convoke;
using namespace convoke::test;

namespace {

std::string scarce(int seats, std::string const& waitlist = "true") {
    return R"({"communities":["cop-mi"],"kind":"study-visit","format":"on-site","title":"Visit","start":"2027-03-03T10:00:00",
        "timeZone":"Europe/Brussels","duration":"PT2H","registration":{"policy":"open","capacity":{"onSite":)" +
           std::to_string(seats) + R"(},"waitlist":)" + waitlist + "}}";
}

std::int64_t seats(House& house, std::int64_t event) {
    return house.read([&](Transaction& tx) -> result<std::int64_t> { return store::seats_taken(tx, event, "on-site"); }).value();
}

result<usecases::Registration> answer(House& house, std::int64_t id, usecases::Answer what) {
    return house.write([&](Transaction& tx) { return usecases::answer_registration(tx, house.admin(), id, what); });
}

// `clients` threads ask for a seat at the same time, through two databases as two processes would.
std::int64_t race(House& house, store::Database& other, std::int64_t event, int clients) {
    std::vector<std::thread> threads;
    std::atomic<int> ready{0};
    for (int i = 0; i < clients; ++i)
        threads.emplace_back([&, i] {
            usecases::RegistrationRequest request;
            request.email = "c" + std::to_string(i) + "@race.example";
            ++ready;
            while (ready < clients) std::this_thread::yield();
            auto& db = i % 2 == 0 ? house.db() : other;
            auto const context = house.admin();
            auto const registered = db.write_now([&](Transaction& tx) { return usecases::register_participant(tx, context, event, request); });
            if (!registered) FAIL("a client was refused");
        });
    for (auto& thread : threads) thread.join();
    return seats(house, event);
}

}  // namespace

TEST_CASE("64 clients race for ten seats from two processes: never oversold, the line in order") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto other = store::open_database(house.db().options());
    auto const event = publish(house, create(house, scarce(10)).id);
    SECTION("as it is") {
        CHECK(race(house, *other, event.id, 64) == 10);
        CHECK(house.count("SELECT count(*) FROM registration WHERE status = 'waitlisted'") == 54);
        CHECK(house.count("SELECT count(DISTINCT queue_number) FROM registration WHERE status = 'waitlisted'") == 54);
    }
    SECTION("control: without counting under the lock it is oversold") {
        house.instance.count_seats = false;
        CHECK(race(house, *other, event.id, 64) > 10);
    }
    SECTION("control: without the lock PostgreSQL oversells") {
        if (house.db().dialect() == store::Dialect::sqlite) return;  // one writer at a time is its lock
        house.instance.lock_seats = false;
        std::int64_t most = race(house, *other, event.id, 64);
        for (int round = 0; round < 20 && most <= 10; ++round) {
            auto const again = publish(house, create(house, scarce(10)).id);
            most = std::max(most, race(house, *other, again.id, 64));
        }
        CHECK(most > 10);
    }
    other->drain_and_close();
}

TEST_CASE("a freed seat goes to exactly one person, in order") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, scarce(1)).id);
    auto const first = enrol(house, event.id, "a@x.example").value();
    auto const second = enrol(house, event.id, "b@x.example").value();
    auto const third = enrol(house, event.id, "c@x.example").value();
    CHECK(first.status == domain::RegistrationStatus::confirmed);
    CHECK(second.position == 1);
    CHECK(third.position == 2);
    CHECK(answer(house, first.id, usecases::Answer::cancel)->status == domain::RegistrationStatus::cancelled);
    CHECK(seats(house, event.id) == 1);
    auto const look = [&](std::int64_t id) { return house.read([&](Transaction& tx) { return usecases::find_registration(tx, house.admin(), id); }).value(); };
    CHECK(look(second.id).status == domain::RegistrationStatus::confirmed);
    CHECK(look(third.id).position == 1);
    CHECK(answer(house, first.id, usecases::Answer::cancel).has_value());
    CHECK(count(mails(house, event.id), "confirmation") == 1);
    CHECK(count(mails(house, event.id), "declined") == 1);
    CHECK(count(mails(house, event.id), "confirmation", "superseded") == 1);
}

TEST_CASE("an offer keeps the seat until its deadline, then the next in line gets it") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, scarce(1, R"({"offerFor":"P2D"})")).id);
    auto const first = enrol(house, event.id, "a@x.example").value();
    auto const second = enrol(house, event.id, "b@x.example").value();
    auto const third = enrol(house, event.id, "c@x.example").value();
    answer(house, first.id, usecases::Answer::cancel).value();
    auto const look = [&](std::int64_t id) { return house.read([&](Transaction& tx) { return usecases::find_registration(tx, house.admin(), id); }).value(); };
    CHECK(look(second.id).status == domain::RegistrationStatus::offered);
    CHECK(seats(house, event.id) == 1);
    house.now += std::chrono::hours(47);
    auto const expire = [&] { return house.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::expire_offers(tx, house.admin()); }).value(); };
    CHECK(expire() == 0);
    house.now += std::chrono::hours(1);
    CHECK(expire() == 1);
    CHECK(look(second.id).status == domain::RegistrationStatus::cancelled);
    CHECK(look(third.id).status == domain::RegistrationStatus::offered);
    CHECK(answer(house, third.id, usecases::Answer::confirm)->status == domain::RegistrationStatus::confirmed);
    CHECK(seats(house, event.id) == 1);
}

TEST_CASE("who cannot have a seat is told why") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const full = publish(house, create(house, scarce(1, "false")).id);
    enrol(house, full.id, "a@x.example").value();
    CHECK(enrol(house, full.id, "b@x.example").error().code == errc::event_full);
    CHECK(enrol(house, full.id, "a@x.example").error().code == errc::already_registered);
    CHECK(enrol(house, full.id, "a@x.example", "online").error().code == errc::invalid_value);
    CHECK(enrol(house, full.id, "a@b\r\nBcc: x@y.example").error().code == errc::email_invalid);
    CHECK(enrol(house, publish(house, create(house, window()).id).id, "a@x.example").error().code == errc::event_provisional);
    CHECK(enrol(house, create(house, online_event()).id, "a@x.example").error().code == errc::invalid_state);
    auto const closed = publish(house, create(house, online_event(R"(,"registration":{"closes":"2026-12-01T12:00:00"})")).id);
    CHECK(enrol(house, closed.id, "a@x.example").error().code == errc::registration_closed);
    house.write([&](Transaction& tx) { return usecases::cancel_event(tx, house.admin(), full.id, ""); }).value();
    CHECK(enrol(house, full.id, "d@x.example").error().code == errc::event_cancelled);
}

TEST_CASE("capacity cannot fall below what is booked, and more seats are passed on at once") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto event = publish(house, create(house, scarce(2)).id);
    for (char const* who : {"a@x.example", "b@x.example", "c@x.example", "d@x.example"}) enrol(house, event.id, who).value();
    auto const refused = patch(house, event, R"({"registration":{"capacity":{"onSite":1}}})");
    CHECK(refused.error().code == errc::capacity_below_booked);
    event = patch(house, event, R"({"registration":{"capacity":{"onSite":3}}})").value();
    CHECK(seats(house, event.id) == 3);
}

TEST_CASE("a limit per organisation holds on the way up from the line too") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, R"({"communities":["cop-mi"],"kind":"study-visit","format":"on-site","title":"Visit",
        "start":"2027-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H","registration":{"policy":"open",
        "capacity":{"onSite":2},"limits":{"perOrganisation":1},"waitlist":true}})").id);
    auto const from = [&](std::string const& email, std::string const& organisation) {
        usecases::RegistrationRequest request;
        request.email = email;
        request.organisation = organisation;
        return house.write([&](Transaction& tx) { return usecases::register_participant(tx, house.admin(), event.id, request); });
    };
    auto const first = from("a@x.example", "X").value();
    auto const second = from("b@y.example", "Y").value();
    CHECK(from("c@x.example", "X").error().code == errc::limit_reached);
    auto const third = from("c@z.example", "Z").value();
    auto const fourth = from("d@z.example", "Z").value();
    REQUIRE(third.status == domain::RegistrationStatus::waitlisted);
    answer(house, first.id, usecases::Answer::cancel).value();
    answer(house, second.id, usecases::Answer::cancel).value();
    auto const look = [&](std::int64_t id) { return house.read([&](Transaction& tx) { return usecases::find_registration(tx, house.admin(), id); }).value().status; };
    CHECK(look(third.id) == domain::RegistrationStatus::confirmed);
    CHECK(look(fourth.id) == domain::RegistrationStatus::waitlisted);
}

TEST_CASE("changing the mode never costs the seat one has") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, R"({"communities":["cop-mi"],"kind":"event","format":"hybrid","title":"Both",
        "start":"2027-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H","registration":{"policy":"open",
        "capacity":{"onSite":5,"online":1},"limits":{"perCountry":1},"waitlist":true}})").id);
    auto const seated = enrol(house, event.id, "a@x.example", "on-site").value();
    enrol(house, event.id, "b@x.example", "online").value();
    auto const change = house.write([&](Transaction& tx) {
        return usecases::answer_registration(tx, house.admin(), seated.id, usecases::Answer::confirm, "online");
    });
    CHECK(change.error().code == errc::event_full);
    CHECK(seats(house, event.id) == 1);
}

TEST_CASE("a token of another community registers nobody") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const theirs = house.add_community("cop-ees");
    auto const event = publish(house, create(house, scarce(5)).id);
    usecases::RegistrationRequest request;
    request.email = "a@x.example";
    for (auto const& context : {house.organiser_of(theirs), house.stranger()}) {
        auto const refused = house.write([&](Transaction& tx) { return usecases::register_participant(tx, context, event.id, request); });
        REQUIRE(refused.has_error());
        CHECK(refused.error().code == errc::forbidden);
    }
    CHECK(house.count("SELECT count(*) FROM person") == 0);
}

TEST_CASE("a stranger's seat is held for a day, for the one who reads the mail") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, scarce(1)).id);
    auto const hold = [&](std::string const& email) {
        usecases::RegistrationRequest request;
        request.email = email;
        return house.write([&](Transaction& tx) { return usecases::hold_seat(tx, house.stranger(), event.id, request); });
    };
    CHECK(hold("a@x.example").has_value());
    CHECK(hold("a@x.example").has_value());
    CHECK(count(mails(house, event.id), "address-check") == 1);
    CHECK(seats(house, event.id) == 1);
    CHECK(hold("b@x.example").error().code == errc::event_full);
    auto const all = house.read([&](Transaction& tx) { return usecases::list_registrations(tx, house.admin(), {event.id, 10, {}}); }).value();
    REQUIRE(all.size() == 1);
    CHECK(all[0].status == domain::RegistrationStatus::held);
    SECTION("confirmed by the link") {
        Context const reader{house.instance, house.now, domain::Actor::of_person(all[0].person_id)};
        auto const confirmed = house.write([&](Transaction& tx) { return usecases::answer_registration(tx, reader, all[0].id, usecases::Answer::confirm); });
        CHECK(confirmed->status == domain::RegistrationStatus::confirmed);
        CHECK(count(mails(house, event.id), "confirmation") == 1);
    }
    SECTION("never confirmed") {
        house.now += std::chrono::hours(24);
        CHECK(house.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::expire_offers(tx, house.admin()); }).value() == 1);
        CHECK(seats(house, event.id) == 0);
        CHECK(mails(house, event.id).size() == 1);
        CHECK(hold("b@x.example").has_value());
    }
}

TEST_CASE("only an open event holds seats for strangers") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, online_event()).id);
    usecases::RegistrationRequest request;
    request.email = "a@x.example";
    CHECK(house.write([&](Transaction& tx) { return usecases::hold_seat(tx, house.stranger(), event.id, request); }).error().code == errc::forbidden);
    CHECK(house.count("SELECT count(*) FROM person") == 0);
}
