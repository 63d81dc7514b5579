#include "tests/unit/usecases/events_fixture.hpp"

using namespace convoke;
using namespace convoke::test;

namespace {

std::int64_t plan(House& house) {
    return house.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::plan_reminders(tx, house.admin()); }).value();
}

calendar::sys_seconds brussels(char const* local) { return calendar::to_instant(calendar::parse_local(local).value(), "Europe/Brussels"); }

}  // namespace

TEST_CASE("reminders go to confirmed people when they are due, once") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "only-invited@x.example");
    auto const event = publish(house, create(house, online_event(R"(,"reminders":["P1D","PT1H"])")).id);
    enrol(house, event.id, "a@x.example").value();
    enrol(house, event.id, "b@x.example").value();
    house.now = brussels("2027-03-02T09:59:59");
    CHECK(plan(house) == 0);
    house.now += std::chrono::seconds(1);
    CHECK(plan(house) == 2);
    CHECK(plan(house) == 0);
    enrol(house, event.id, "late@x.example").value();
    CHECK(plan(house) == 0);
    house.now = brussels("2027-03-03T09:00:00");
    CHECK(plan(house) == 3);
    for (auto const& mail : mails(house, event.id))
        if (mail.kind == "reminder") CHECK(mail.recipient != "only-invited@x.example");
}

TEST_CASE("a reminder follows a moved event and stops for a cancelled one") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto event = publish(house, create(house, online_event(R"(,"reminders":["P1D"])")).id);
    enrol(house, event.id, "a@x.example").value();
    SECTION("moved before it was due") {
        event = patch(house, event, R"({"start":"2027-03-10T10:00:00"})").value();
        house.now = brussels("2027-03-02T10:00:00");
        CHECK(plan(house) == 0);
        house.now = brussels("2027-03-09T10:00:00");
        CHECK(plan(house) == 1);
    }
    SECTION("moved after it was sent: another start, another reminder") {
        house.now = brussels("2027-03-02T10:00:00");
        CHECK(plan(house) == 1);
        send_all(house);
        event = patch(house, event, R"({"start":"2027-03-10T10:00:00"})").value();
        house.now = brussels("2027-03-09T10:00:00");
        CHECK(plan(house) == 1);
    }
    SECTION("cancelled") {
        house.write([&](Transaction& tx) { return usecases::cancel_event(tx, house.admin(), event.id, ""); }).value();
        house.now = brussels("2027-03-02T10:00:00");
        CHECK(plan(house) == 0);
    }
}

TEST_CASE("after a long outage only the latest reminder is sent, and none of the past") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, online_event(R"(,"reminders":["P14D","P1D","PT1H"])")).id);
    enrol(house, event.id, "a@x.example").value();
    SECTION("shortly before the start") {
        house.now = brussels("2027-03-03T09:30:00");
        CHECK(plan(house) == 1);
        CHECK(mails(house, event.id).back().detail == "PT1H");
    }
    SECTION("after the start") {
        house.now = brussels("2027-03-03T10:00:00");
        CHECK(plan(house) == 0);
    }
}

TEST_CASE("a reminder a day before keeps its wall time across a clock change") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const event = publish(house, create(house, R"({"communities":["cop-mi"],"kind":"event","format":"on-site","title":"Spring",
        "start":"2027-03-28T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H","reminders":["P1D"]})").id);
    enrol(house, event.id, "a@x.example").value();
    house.now = brussels("2027-03-27T09:59:59");
    CHECK(plan(house) == 0);
    house.now = brussels("2027-03-27T10:00:00");
    CHECK(plan(house) == 1);
}
