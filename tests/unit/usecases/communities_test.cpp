#include "service/usecases/communities.hpp"

#include "service/usecases/groups.hpp"
#include "service/usecases/members.hpp"
#include "service/usecases/programmes.hpp"
#include "tests/unit/usecases/house.hpp"

using namespace convoke;
using test::House;
using test::Transaction;

namespace {

domain::Programme programme() {
    return {.title = "Work programme",
            .period = "2026",
            .objectives = {{"01", "Pathways", {{"01 PT 01", "Skills"}, {"01 PT 02", "Housing"}}}, {"02", "Funds", {}}},
            .outputs = {{"report", "Mapping", "November/December", {"01 PT 02", "02"}}}};
}

}  // namespace

TEST_CASE("only an administrator creates communities, and each slug once") {
    House house(GENERATE(from_range(test::engines())));
    auto const id = house.add_community("cop-mi");
    auto const create = [&](usecases::Context const& context, std::string const& slug) {
        return house.write([&](Transaction& tx) {
            return usecases::create_community(tx, context, {.slug = slug, .name = "X", .time_zone = "Europe/Rome", .language = "it"});
        });
    };
    CHECK(create(house.organiser_of(id), "other").error().code == errc::forbidden);
    auto const twice = create(house.admin(), "cop-mi");
    REQUIRE_FALSE(twice.has_value());
    CHECK(twice.error().code == errc::already_exists);
    CHECK(twice.error().faults.at(0).pointer == "/slug");
    CHECK(create(house.admin(), "other").has_value());
}

TEST_CASE("a community's organisers change it, others do not see it") {
    House house("sqlite");
    auto const mi = house.add_community("cop-mi");
    auto const ees = house.add_community("cop-ees");
    auto wanted = house.read([&](Transaction& tx) { return usecases::find_community(tx, "cop-mi"); }).value();
    wanted.name = "Migrant Integration";
    auto const change = [&](usecases::Context const& context, std::int64_t revision) {
        return house.write([&](Transaction& tx) { return usecases::change_community(tx, context, "cop-mi", revision, wanted); });
    };
    CHECK(change(house.organiser_of(ees), 1).error().code == errc::not_found);
    CHECK(change(house.organiser_of(mi), 1)->revision == 2);
    CHECK(change(house.organiser_of(mi), 1).error().code == errc::changed_meanwhile);
    wanted.slug = "renamed";
    CHECK(change(house.organiser_of(mi), 2).error().code == errc::invalid_value);

    auto const list = [&](usecases::Context const& context) {
        return house.read([&](Transaction& tx) -> result<std::size_t> {
            return usecases::list_organised_communities(tx, context, {}).size();
        }).value();
    };
    CHECK(list(house.organiser_of(mi)) == 1);
    CHECK(list(house.admin()) == 2);
    CHECK(list(house.stranger()) == 0);
}

TEST_CASE("a working group holds members of its own community") {
    House house(GENERATE(from_range(test::engines())));
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    auto const other = house.organiser_of(house.add_community("cop-ees"));
    auto const create = [&] {
        return house.write([&](Transaction& tx) { return usecases::create_group(tx, desk, "cop-mi", {.slug = "skills", .name = "Skills"}); });
    };
    REQUIRE(create().has_value());
    CHECK(create().error().code == errc::already_exists);

    auto const member = house.write([&](Transaction& tx) { return usecases::add_member(tx, desk, "cop-mi", {.email = "a@example.org"}); }).value();
    auto const foreign = house.write([&](Transaction& tx) { return usecases::add_member(tx, other, "cop-ees", {.email = "b@example.org"}); }).value();
    auto const put = [&](std::int64_t id) {
        return house.write([&](Transaction& tx) { return usecases::put_group_member(tx, desk, "cop-mi", "skills", id); });
    };
    CHECK(put(member.id).has_value());
    CHECK(put(member.id).has_value());
    CHECK(put(foreign.id).error().code == errc::not_found);
    CHECK(house.count("SELECT count(*) FROM working_group_member") == 1);
    CHECK(house.count("SELECT count(*) FROM change_log WHERE action = 'group.member.add'") == 1);
    auto const listed = house.read([&](Transaction& tx) { return usecases::list_group_members(tx, desk, "cop-mi", "skills", {}); });
    REQUIRE(listed.has_value());
    CHECK(listed->at(0).email == "a@example.org");

    CHECK(house.write([&](Transaction& tx) { return usecases::remove_member(tx, desk, "cop-mi", member.id); }).has_value());
    CHECK(house.count("SELECT count(*) FROM working_group_member") == 0);
}

TEST_CASE("a programme is stored whole and comes back the same") {
    House house(GENERATE(from_range(test::engines())));
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    auto const wanted = programme();
    auto const made = house.write([&](Transaction& tx) { return usecases::create_programme(tx, desk, "cop-mi", wanted); });
    REQUIRE(made.has_value());
    auto const find = [&] { return house.read([&](Transaction& tx) { return usecases::find_programme(tx, "cop-mi", made->id); }); };
    CHECK(find()->objectives == wanted.objectives);
    CHECK(find()->outputs == wanted.outputs);

    auto edited = *made;
    edited.objectives.erase(edited.objectives.begin());
    edited.outputs.clear();
    auto const changed = house.write([&](Transaction& tx) { return usecases::change_programme(tx, desk, "cop-mi", made->id, 1, edited); });
    REQUIRE(changed.has_value());
    CHECK(find()->objectives == edited.objectives);
    CHECK(find()->outputs.empty());
    CHECK(find()->revision == 2);

    CHECK(house.write([&](Transaction& tx) { return usecases::remove_programme(tx, desk, "cop-mi", made->id); }).has_value());
    CHECK(find().error().code == errc::not_found);
    CHECK(house.count("SELECT count(*) FROM topic") + house.count("SELECT count(*) FROM objective") == 0);
}

TEST_CASE("importing a programme again changes nothing") {
    House house("sqlite");
    auto const desk = house.organiser_of(house.add_community("cop-mi"));
    using Outcome = usecases::PutProgramme::Outcome;
    auto const put = [&](domain::Programme const& wanted) {
        return house.write([&](Transaction& tx) { return usecases::put_programme(tx, desk, "cop-mi", wanted); })->outcome;
    };
    CHECK(put(programme()) == Outcome::added);
    CHECK(put(programme()) == Outcome::unchanged);
    auto edited = programme();
    edited.objectives[0].title = "Paths";
    CHECK(put(edited) == Outcome::changed);
    edited.period = "2027";
    CHECK(put(edited) == Outcome::added);
    CHECK(house.count("SELECT count(*) FROM programme") == 2);
}
