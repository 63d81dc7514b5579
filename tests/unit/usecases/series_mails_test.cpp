// The mails of a series and of its single dates: which goes when, and what becomes of them together.
#include "service/core/ids.hpp"
#include "service/domain/series_split.hpp"
#include "service/usecases/event_split.hpp"
#include "tests/unit/usecases/events_fixture.hpp"

using namespace convoke;
using namespace convoke::test;
using usecases::Settled;

namespace {

calendar::local_seconds wall(char const* text) { return calendar::parse_local(text).value(); }

std::string const weekly = R"(,"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","count":6}])";
std::vector<calendar::local_seconds> const apart{wall("2027-03-10T10:00:00"), wall("2027-03-17T10:00:00")};

std::vector<usecases::OutboxMail> claim(House& house) {
    return house.write([&](Transaction& tx) -> result<std::vector<usecases::OutboxMail>> {
        return usecases::claim_mails(tx, house.admin(), "test", 10);
    }).value();
}

void freeze(House& house, std::int64_t id, std::vector<calendar::local_seconds> const& dates) {
    house.write([&](Transaction& tx) -> result<void> {
        usecases::freeze_mails(tx, house.admin(), "test", {{id, 0, "rsvp@events.example", "subject", "bytes", dates}});
        return {};
    }).value();
}

void settle(House& house, Settled::Kind kind, std::int64_t id, std::string const& reason) {
    house.write([&](Transaction& tx) -> result<void> {
        usecases::settle_mails(tx, "test", {{kind, id, reason, house.now, house.now + std::chrono::minutes(1)}});
        return {};
    }).value();
}

result<usecases::OutboxMail> retry(House& house, std::int64_t id) {
    return house.write([&](Transaction& tx) { return usecases::retry_mail(tx, house.admin(), id); });
}

result<usecases::Event> split(House& house, usecases::Event const& event, char const* from, std::string const& patch = "{}") {
    return house.write([&](Transaction& tx) -> result<usecases::Event> {
        CONVOKE_TRY(now, usecases::find_event(tx, house.admin(), event.id));
        CONVOKE_TRY(definitions, domain::split_definition(now.definition, wall(from), boost::json::parse(patch).as_object()));
        return usecases::split_event(tx, house.admin(), event.id, std::nullopt, {wall(from), definitions, std::nullopt});
    });
}

}  // namespace

TEST_CASE("mails of single dates wait for the mail of their series, fail with it and go out with it") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto const event = publish(house, create(house, online_event(weekly)).id);
    auto const whole = claim(house).at(0);
    freeze(house, whole.id, apart);
    REQUIRE(count(mails(house, event.id), "update") == 2);

    SECTION("while it is being sent or waits for another attempt, none is free to go") {
        CHECK(claim(house).empty());
        settle(house, Settled::Kind::deferred, whole.id, "421 later");
        CHECK(claim(house).empty());
        house.now += std::chrono::minutes(2);
        auto const next = claim(house);
        REQUIRE(next.size() == 1);
        CHECK(next[0].id == whole.id);
        settle(house, Settled::Kind::sent, whole.id, "250 ok");
        CHECK(claim(house).size() == 1);
    }
    SECTION("when it fails they fail, and again with it") {
        settle(house, Settled::Kind::failed, whole.id, "550 no such user");
        auto const failed = mails(house, event.id);
        CHECK(count(failed, "invitation", "failed") == 1);
        CHECK(count(failed, "update", "failed") == 2);
        for (auto const& mail : failed) CHECK(mail.last_error.find("550 no such user") != std::string::npos);
        CHECK(claim(house).empty());

        auto const date = std::find_if(failed.begin(), failed.end(), [](auto const& mail) { return mail.kind == "update"; });
        CHECK(retry(house, date->id).error().detail.find(core::format_id(whole.id)) != std::string::npos);
        REQUIRE(retry(house, whole.id).has_value());
        CHECK(count(mails(house, event.id), "update") == 2);
        auto const again = claim(house);
        REQUIRE(again.size() == 1);
        CHECK(again[0].id == whole.id);
        settle(house, Settled::Kind::sent, whole.id, "250 ok");
        CHECK(send_all(house) == 2);
    }
    SECTION("a mail of another change that went out later stands in the way, one of its own does not") {
        settle(house, Settled::Kind::failed, whole.id, "550 no such user");
        // As a release left it that did not hold them back.
        house.write([&](Transaction& tx) -> result<void> {
            tx.execute("UPDATE outbox SET state = 'sent', frozen_at = due_at WHERE kind = 'update'", {});
            return {};
        }).value();
        REQUIRE(retry(house, whole.id).has_value());
        claim(house);
        settle(house, Settled::Kind::failed, whole.id, "550 no such user");
        patch(house, event, R"({"start":"2027-03-03T11:00:00"})").value();
        REQUIRE(send_all(house) == 1);
        CHECK(retry(house, whole.id).error().detail.find("a later mail") != std::string::npos);
    }
    SECTION("what was caused by something else does not fail with it") {
        patch(house, event, R"({"start":"2027-03-03T11:00:00"})").value();
        settle(house, Settled::Kind::failed, whole.id, "550 no such user");
        CHECK(count(mails(house, event.id), "update") == 1);
    }
}

TEST_CASE("a promise of a link for a day that is over does not go on with the rest of a series") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    std::string const format = GENERATE("online", "hybrid");
    auto const event = create(house, R"({"communities":["cop-mi"],"kind":"event","format":")" + format + R"(","title":"Launch",
        "start":"2027-03-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H")" + weekly + "}");
    house.write([&](Transaction& tx) {
        return usecases::publish_event(tx, house.admin(), event.id, calendar::parse_date("2027-02-20").value());
    }).value();
    SECTION("until that day it does") {
        house.now = calendar::to_instant(wall("2027-02-20T23:00:00"), "Europe/Brussels");
        auto const rest = split(house, event, "2027-03-17T10:00:00").value();
        CHECK(calendar::format_date(rest.link_due.value()) == "2027-02-20");
    }
    SECTION("after it the rest needs its own") {
        house.now = calendar::to_instant(wall("2027-02-21T01:00:00"), "Europe/Brussels");
        auto const bare = split(house, event, "2027-03-17T10:00:00");
        if (format == "online") {
            CHECK(bare.error().code == errc::link_missing);
            auto const rest = split(house, event, "2027-03-17T10:00:00", R"({"virtualLocations":{"1":{"uri":"https://meet.example/abc"}}})");
            CHECK_FALSE(rest.value().link_due.has_value());
        } else {
            CHECK(calendar::format_date(bare.value().link_due.value()) == "2027-03-07");
        }
    }
}

TEST_CASE("a series held date by date is divided only where few dates have to be taken back") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    // The last working day of each month is no rule for Outlook: March, April and so on to February.
    auto const event = publish(house, create(house, R"({"communities":["cop-mi"],"kind":"event","format":"online","title":"Launch",
        "start":"2027-03-31T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H","virtualLocations":{"1":{"uri":"https://meet.example/abc"}},
        "recurrenceRules":[{"@type":"RecurrenceRule","frequency":"monthly","count":12,"bySetPosition":[-1],"byDay":[
        {"@type":"NDay","day":"mo"},{"@type":"NDay","day":"tu"},{"@type":"NDay","day":"we"},{"@type":"NDay","day":"th"},{"@type":"NDay","day":"fr"}]}]})").id);
    SECTION("nobody holds an entry yet") {
        CHECK(split(house, event, "2027-06-30T10:00:00").has_value());
        CHECK(count(mails(house, event.id), "cancellation") == 0);
    }
    SECTION("somebody does") {
        REQUIRE(send_all(house) == 1);
        auto const refused = split(house, event, "2027-09-30T10:00:00");
        REQUIRE(refused.has_error());
        REQUIRE(refused.error().faults.size() == 1);
        CHECK(refused.error().faults[0].code == errc::limit_reached);
        CHECK(refused.error().faults[0].pointer == "/from");
        CHECK(refused.error().faults[0].detail.find("divide it from 2027-10-29T10:00:00 on") != std::string::npos);
        CHECK(mails(house, event.id).size() == 1);
        CHECK(house.count("SELECT count(*) FROM event") == 1);
        CHECK(split(house, event, "2027-10-29T10:00:00").has_value());
        CHECK(count(mails(house, event.id), "cancellation") == 5);
    }
}
