#include "service/usecases/members.hpp"

#include "service/usecases/communities.hpp"
#include "service/usecases/persons.hpp"
#include "tests/unit/usecases/house.hpp"

using namespace convoke;
using domain::Member;
using test::House;
using test::Transaction;
using usecases::PutMember;

namespace {

result<Member> add(House& house, usecases::Context const& context, std::string const& slug, Member const& wanted) {
    return house.write([&](Transaction& tx) { return usecases::add_member(tx, context, slug, wanted); });
}

result<Member> change(House& house, usecases::Context const& context, Member const& wanted, std::int64_t revision) {
    return house.write(
        [&](Transaction& tx) { return usecases::change_member(tx, context, "cop-mi", wanted.id, revision, wanted); });
}

}  // namespace

TEST_CASE("a member's zone is the country's, else the community's") {
    House house(GENERATE(from_range(test::engines())));
    auto const id = house.add_community("cop-mi");
    auto const desk = house.organiser_of(id);

    auto const dublin = add(house, desk, "cop-mi", {.email = "a@example.org", .country = "IE"});
    REQUIRE(dublin.has_value());
    CHECK(dublin->time_zone == "Europe/Dublin");
    CHECK(dublin->language == "en");
    CHECK(dublin->role == "member");

    auto const nowhere = add(house, desk, "cop-mi", {.email = "b@example.org"});
    REQUIRE(nowhere.has_value());
    CHECK(nowhere->time_zone == "Europe/Brussels");

    auto const azores = add(house, desk, "cop-mi", {.email = "c@example.org", .country = "PT", .time_zone = "Atlantic/Azores"});
    REQUIRE(azores.has_value());
    CHECK(azores->time_zone == "Atlantic/Azores");
}

TEST_CASE("adding a member sends nothing") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    CHECK(house.count("SELECT count(*) FROM outbox") == 0);
    CHECK(house.count("SELECT count(*) FROM change_log WHERE action = 'member.add'") == 1);
    CHECK(house.places_holding("a@example.org") == std::vector<std::string>{"person.1"});
}

TEST_CASE("one mailbox is one person, in any community and spelling, with a profile of its own in each") {
    House house(GENERATE(from_range(test::engines())));
    auto const mi = house.add_community("cop-mi");
    auto const ees = house.add_community("cop-ees");
    auto const here = add(house, house.organiser_of(mi), "cop-mi", {.email = "Anna.K@example.org", .name = "Anna", .organisation = "Ministry"});
    auto const there = add(house, house.organiser_of(ees), "cop-ees", {.email = "anna.k@example.org", .name = "A. Kovács"});
    REQUIRE(here.has_value());
    REQUIRE(there.has_value());
    CHECK(here->person_id == there->person_id);
    CHECK(there->email == "Anna.K@example.org");
    CHECK(here->name == "Anna");
    CHECK(there->name == "A. Kovács");
    CHECK(house.count("SELECT count(*) FROM person") == 1);
    auto const person = house.read([&](Transaction& tx) { return usecases::find_person(tx, here->person_id); });
    CHECK(person->name == "Anna");  // what is known is not overwritten

    auto const twice = add(house, house.organiser_of(mi), "cop-mi", {.email = "ANNA.K@example.org"});
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().code == errc::already_exists);
    CHECK(house.count("SELECT count(*) FROM member") == 2);
}

TEST_CASE("the database itself refuses a second person with the same mailbox") {
    House house(GENERATE(from_range(test::engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "anna@example.org");
    auto const second = [&] {
        return house.write([](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO person (id, email, name, organisation, country, language, time_zone, feed_version, "
                       "provisional_in_feed, created_at) VALUES (7, 'ANNA@example.org', '', '', '', '', '', 1, 1, 0)");
            return {};
        });
    };
    CHECK_THROWS(second());
}

TEST_CASE("what another community's organiser may not know of is not there") {
    House house("sqlite");
    auto const mi = house.add_community("cop-mi");
    auto const ees = house.add_community("cop-ees");
    auto const member = add(house, house.organiser_of(mi), "cop-mi", {.email = "a@example.org"});
    REQUIRE(member.has_value());
    auto const foreign = house.organiser_of(ees);

    CHECK(add(house, foreign, "cop-mi", {.email = "b@example.org"}).error().code == errc::not_found);
    CHECK(change(house, foreign, *member, 1).error().code == errc::not_found);
    CHECK(house.write([&](Transaction& tx) { return usecases::remove_member(tx, foreign, "cop-mi", member->id); }).error().code == errc::not_found);
    CHECK(house.read([&](Transaction& tx) { return usecases::find_member(tx, foreign, "cop-mi", member->id); }).error().code == errc::not_found);
    // Their own community's name with a foreign member's id.
    CHECK(house.read([&](Transaction& tx) { return usecases::find_member(tx, foreign, "cop-ees", member->id); }).error().code == errc::not_found);
    CHECK(add(house, house.stranger(), "cop-mi", {.email = "b@example.org"}).error().code == errc::not_found);
    CHECK(house.count("SELECT count(*) FROM member") == 1);
}

TEST_CASE("a change is made to the version its author saw, or not at all") {
    House house(GENERATE(from_range(test::engines())));
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    auto const member = add(house, desk, "cop-mi", {.email = "a@example.org", .name = "Anna"});
    REQUIRE(member.has_value());

    Member first = *member, second = *member;
    first.name = "Anna K.";
    second.organisation = "Ministry";
    auto const done = change(house, desk, first, 1);
    REQUIRE(done.has_value());
    CHECK(done->revision == 2);

    auto const late = change(house, desk, second, 1);
    REQUIRE_FALSE(late.has_value());
    CHECK(late.error().code == errc::changed_meanwhile);
    CHECK(late.error().arguments.at("currentEtag") == "\"r2\"");
    auto const now = house.read([&](Transaction& tx) { return usecases::find_member(tx, desk, "cop-mi", member->id); });
    CHECK(now->name == "Anna K.");
    CHECK(now->organisation.empty());

    auto const same = change(house, desk, *now, 2);
    REQUIRE(same.has_value());
    CHECK(same->revision == 2);

    Member moved = *now;
    moved.email = "other@example.org";
    CHECK(change(house, desk, moved, 2).error().faults.at(0).pointer == "/email");
}

TEST_CASE("a removed member comes back as the same person") {
    House house("sqlite");
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    auto const member = add(house, desk, "cop-mi", {.email = "a@example.org"});
    REQUIRE(member.has_value());
    auto const remove = [&] {
        return house.write([&](Transaction& tx) { return usecases::remove_member(tx, desk, "cop-mi", member->id); });
    };
    REQUIRE(remove().has_value());
    CHECK(remove().error().code == errc::not_found);
    auto const again = add(house, desk, "cop-mi", {.email = "A@example.org"});
    REQUIRE(again.has_value());
    CHECK(again->person_id == member->person_id);
    CHECK(again->id != member->id);
}

TEST_CASE("an import adds, changes what differs and leaves the rest") {
    House house("sqlite");
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    auto const put = [&](Member const& wanted) {
        return house.write([&](Transaction& tx) { return usecases::put_member(tx, desk, "cop-mi", wanted); });
    };
    Member const row{.email = "a@example.org", .name = "Anna", .country = "IE"};
    CHECK(put(row)->outcome == PutMember::Outcome::added);
    CHECK(put(row)->outcome == PutMember::Outcome::unchanged);
    Member edited = row;
    edited.organisation = "Ministry";
    edited.country.clear();
    auto const changed = put(edited);
    CHECK(changed->outcome == PutMember::Outcome::changed);
    CHECK(changed->member.country == "IE");
    CHECK(changed->member.time_zone == "Europe/Dublin");
    CHECK(house.count("SELECT count(*) FROM member") == 1);
}

TEST_CASE("a long list comes in parts, each member once") {
    House house(GENERATE(from_range(test::engines())));
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    for (int i = 0; i < 7; ++i) house.add_member("cop-mi", "m" + std::to_string(i) + "@example.org");
    std::vector<std::string> seen;
    for (usecases::Page page{3, {}};;) {
        auto const part = house.read([&](Transaction& tx) { return usecases::list_members(tx, desk, "cop-mi", page); });
        REQUIRE(part.has_value());
        for (auto const& member : *part) seen.push_back(member.email);
        if (part->size() < page.limit) break;
        page.after = part->back().id;
    }
    std::sort(seen.begin(), seen.end());
    CHECK(seen.size() == 7);
    CHECK(std::unique(seen.begin(), seen.end()) == seen.end());
}
