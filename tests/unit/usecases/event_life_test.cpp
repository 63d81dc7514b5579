#include "tests/unit/usecases/events_fixture.hpp"

using namespace convoke;
using namespace convoke::test;

TEST_CASE("a published event invites every member once") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    for (int i = 0; i < 5; ++i) house.add_member("cop-mi", "m" + std::to_string(i) + "@x.example");
    auto const event = create(house, online_event());
    CHECK(mails(house, event.id).empty());
    CHECK(publish(house, event.id).state == domain::EventState::published);
    CHECK(count(mails(house, event.id), "invitation") == 5);
    publish(house, event.id);
    CHECK(mails(house, event.id).size() == 5);
    CHECK(house.count("SELECT count(*) FROM registration WHERE status = 'invited'") == 5);
}

TEST_CASE("a joint event writes once to somebody who is in both communities") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_community("cop-ees");
    house.add_member("cop-mi", "both@x.example");
    house.add_member("cop-ees", "both@x.example");
    house.add_member("cop-ees", "other@x.example");
    auto const event = create(house, R"({"communities":["cop-mi","cop-ees"],"kind":"event","format":"on-site","title":"Joint",
        "start":"2027-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})");
    publish(house, event.id);
    CHECK(mails(house, event.id).size() == 2);
}

TEST_CASE("a window invites nobody until it is fixed, and keeps its UID") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto event = publish(house, create(house, window()).id);
    CHECK(mails(house, event.id).empty());

    auto const refused = patch(house, event, R"({"start":"2027-12-09T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})");
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::link_missing);
    CHECK(mails(house, event.id).empty());

    auto const fixed = patch(house, event, R"({"start":"2027-12-09T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H",
        "virtualLocations":{"1":{"uri":"https://meet.example/abc"}}})");
    REQUIRE(fixed.has_value());
    CHECK(fixed->uid == event.uid);
    CHECK(fixed->sequence == event.sequence + 1);
    CHECK(count(mails(house, event.id), "invitation") == 1);

    auto const back = patch(house, *fixed, R"({"provisional":{"earliest":"2027-12-01","latest":"2027-12-12"}})");
    REQUIRE(back.has_error());
    CHECK(back.error().code == errc::invalid_state);
}

TEST_CASE("a moved event is told once, a corrected typo to nobody") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto event = publish(house, create(house, online_event()).id);

    // Not written yet: the invitation will say what is true when it goes out.
    event = patch(house, event, R"({"start":"2027-03-04T10:00:00"})").value();
    CHECK(event.sequence == 1);
    CHECK(mails(house, event.id).size() == 1);

    CHECK(send_all(house) == 1);
    event = patch(house, event, R"({"title":"Launch of the programme"})").value();
    CHECK(event.sequence == 1);
    CHECK(mails(house, event.id).size() == 1);

    event = patch(house, event, R"({"start":"2027-03-05T10:00:00"})").value();
    CHECK(event.sequence == 2);
    CHECK(count(mails(house, event.id), "update") == 1);
}

TEST_CASE("a cancellation reaches whoever holds the entry, and nobody else") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    house.add_member("cop-mi", "b@x.example");
    auto const event = publish(house, create(house, online_event()).id);
    auto const cancel = [&] {
        house.write([&](Transaction& tx) { return usecases::cancel_event(tx, house.admin(), event.id, "no room"); }).value();
    };
    SECTION("after the invitations went out") {
        CHECK(send_all(house) == 2);
        cancel();
        CHECK(count(mails(house, event.id), "cancellation") == 2);
        cancel();
        CHECK(count(mails(house, event.id), "cancellation") == 2);
    }
    SECTION("before they went out") {
        cancel();
        auto const all = mails(house, event.id);
        CHECK(count(all, "invitation", "superseded") == 2);
        CHECK(count(all, "cancellation") == 0);
    }
    SECTION("while one of them is on its way") {
        house.write([&](Transaction& tx) -> result<int> { return static_cast<int>(usecases::claim_mails(tx, house.admin(), "test", 1).size()); }).value();
        cancel();
        CHECK(count(mails(house, event.id), "cancellation") == 1);
    }
}

TEST_CASE("a cancellation never overtakes its request") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto const event = publish(house, create(house, online_event()).id);
    auto const claim = [&] {
        return house.write([&](Transaction& tx) -> result<std::vector<usecases::OutboxMail>> {
            return usecases::claim_mails(tx, house.admin(), "test", 10);
        }).value();
    };
    auto const first = claim();
    REQUIRE(first.size() == 1);
    house.write([&](Transaction& tx) { return usecases::cancel_event(tx, house.admin(), event.id, ""); }).value();
    CHECK(claim().empty());
    house.write([&](Transaction& tx) -> result<void> {
        usecases::settle_mails(tx, "test", {{usecases::Settled::Kind::sent, first[0].id, "250", house.now, house.now}});
        return {};
    }).value();
    auto const second = claim();
    REQUIRE(second.size() == 1);
    CHECK(second[0].kind == "cancellation");
}

TEST_CASE("a lease that ended is somebody else's, and costs no attempt") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    publish(house, create(house, online_event()).id);
    auto const claim = [&](std::string const& owner) {
        return house.write([&](Transaction& tx) -> result<std::vector<usecases::OutboxMail>> {
            return usecases::claim_mails(tx, house.admin(), owner, 10);
        }).value();
    };
    REQUIRE(claim("dead").size() == 1);
    house.now += std::chrono::seconds(29);
    CHECK(claim("alive").empty());
    house.now += std::chrono::seconds(1);
    auto const again = claim("alive");
    REQUIRE(again.size() == 1);
    CHECK(again[0].attempts == 0);
    auto const frozen = house.write([&](Transaction& tx) -> result<std::size_t> {
        return usecases::freeze_mails(tx, house.admin(), "dead", {{again[0].id, 0, "f", "s", "late"}}).size();
    }).value();
    CHECK(frozen == 0);
}

TEST_CASE("an online event needs its link or a promise before anybody is told") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto const event = create(house, R"({"communities":["cop-mi"],"kind":"event","format":"online","title":"Launch",
        "start":"2027-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})");
    auto const publish_with = [&](std::optional<calendar::local_days> due) {
        return house.write([&](Transaction& tx) { return usecases::publish_event(tx, house.admin(), event.id, due); });
    };
    CHECK(publish_with({}).error().code == errc::link_missing);
    CHECK(mails(house, event.id).empty());
    CHECK(publish_with(calendar::parse_date("2027-02-20").value()).has_value());
    CHECK(count(mails(house, event.id), "invitation") == 1);
}

TEST_CASE("a hybrid event without a link says when it will come") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, R"({"communities":["cop-mi"],"kind":"event","format":"hybrid","title":"Launch",
        "start":"2027-03-13T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})").id);
    REQUIRE(event.link_due.has_value());
    CHECK(calendar::format_date(*event.link_due) == "2027-03-03");
}

TEST_CASE("somebody else's draft does not exist") {
    House house("sqlite");
    auto const mine = house.add_community("cop-mi");
    auto const theirs = house.add_community("cop-ees");
    auto const event = create(house, online_event());
    auto const look = [&](Context const& context) { return house.read([&](Transaction& tx) { return usecases::find_event(tx, context, event.id); }); };
    CHECK(look(house.organiser_of(mine)).has_value());
    CHECK(look(house.organiser_of(theirs)).error().code == errc::not_found);
    CHECK(look(house.stranger()).error().code == errc::not_found);
    auto const foreign = house.write([&](Transaction& tx) { return usecases::create_event(tx, house.organiser_of(theirs), definition(online_event())); });
    CHECK(foreign.has_error());
}

TEST_CASE("a joint event belongs to all its owners") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const theirs = house.add_community("cop-ees");
    auto event = create(house, R"({"communities":["cop-mi","cop-ees"],"kind":"event","format":"on-site","title":"Joint",
        "start":"2027-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})");
    auto const change = [&](std::string const& json) {
        return house.write([&](Transaction& tx) -> result<usecases::Event> {
            CONVOKE_TRY(definition, domain::patch_event(event.definition, boost::json::parse(json).as_object()));
            return usecases::change_event(tx, house.organiser_of(theirs), event.id, std::nullopt, {definition, std::nullopt});
        });
    };
    CHECK(change(R"({"title":"Joint event"})").has_value());
    CHECK(change(R"({"communities":["cop-ees"]})").has_error());
    CHECK(change(R"({"communities":["cop-mi"]})").has_value());  // leaving is one's own decision
}

TEST_CASE("an event published with a wrong year is invited to once the year is right") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto event = publish(house, create(house, R"({"communities":["cop-mi"],"kind":"event","format":"on-site","title":"Launch",
        "start":"2025-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})").id);
    CHECK(event.state == domain::EventState::completed);
    CHECK(mails(house, event.id).empty());
    event = patch(house, event, R"({"start":"2027-03-03T10:00:00"})").value();
    CHECK(event.state == domain::EventState::published);
    CHECK(count(mails(house, event.id), "invitation") == 1);
}

TEST_CASE("a working group's event is for its members, and a cancelled draft for nobody") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const inside = house.add_member("cop-mi", "in@x.example");
    auto const outside = house.add_member("cop-mi", "out@x.example");
    house.write([&](Transaction& tx) -> result<void> {
        tx.execute("INSERT INTO working_group (id, community_id, slug, name, revision, created_at) "
                   "SELECT 1, id, 'wg', 'Group', 1, 0 FROM community", {});
        tx.execute("INSERT INTO working_group_member (working_group_id, member_id) SELECT 1, id FROM member WHERE person_id = $1", {inside});
        return {};
    }).value();
    auto const event = publish(house, create(house, online_event(R"(,"workingGroup":"wg")")).id);
    auto const draft = create(house, online_event());
    house.write([&](Transaction& tx) { return usecases::cancel_event(tx, house.admin(), draft.id, ""); }).value();
    CHECK(count(mails(house, event.id), "invitation") == 1);
    auto const seen = [&](domain::Actor const& actor) {
        Context const context{house.instance, house.now, actor};
        return house.read([&](Transaction& tx) { return usecases::list_events(tx, context, {}); }).value().size();
    };
    CHECK(seen(domain::Actor::of_person(inside)) == 1);
    CHECK(seen(domain::Actor::of_person(outside)) == 0);
    CHECK(seen(domain::Actor{}) == 0);
    CHECK(seen(domain::Actor::command()) == 2);
}
