#include "service/domain/demo/demo_content.hpp"
#include "service/domain/country.hpp"
#include "service/domain/email_address.hpp"
#include "service/domain/language.hpp"
#include "tests/unit/domain/documents/documents.hpp"

#include <catch2/catch.hpp>

#include <set>

using namespace convoke;
using namespace convoke::domain;
using namespace convoke::domain::demo;

namespace {
local_days date(int year, unsigned month, unsigned day) {
    return local_days(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(day));
}
}  // namespace

TEST_CASE("the demonstration: 151 people in 21 Member States, each with an address that is theirs alone") {
    auto const demo = make_demo(date(2026, 11, 22));
    REQUIRE(demo.members.size() == 151);
    std::set<std::string> countries, addresses, names;
    std::map<std::string, int> zones, roles, categories;
    for (Member const& member : demo.members) {
        INFO(member.name << " " << member.email);
        CHECK(is_member_state(member.country));
        CHECK(parse_email_address(member.email).has_value());
        CHECK(calendar::zone_exists(member.time_zone));
        CHECK(*parse_language(member.language) == member.language);
        CHECK_FALSE(member.organisation.empty());
        countries.insert(member.country);
        addresses.insert(member.email);
        names.insert(member.name);
        ++zones[member.time_zone];
        ++roles[member.role];
        ++categories[member.category];
    }
    CHECK(countries.size() == 21);
    CHECK(addresses.size() == 151);
    CHECK(names.size() == 151);
    CHECK(zones["Europe/Dublin"] >= 5);
    CHECK(zones["Europe/Athens"] >= 5);
    CHECK(zones["Atlantic/Azores"] >= 2);
    CHECK(zones["Atlantic/Canary"] >= 1);
    CHECK(zones["Europe/Helsinki"] >= 1);
    CHECK(roles["organiser"] == 1);
    CHECK(roles["chair"] == 2);
    CHECK(categories.size() >= 7);
    CHECK(demo.members.front().email == "organiser@convoke.example");
    std::set<std::string> const group(demo.working_group_members.begin(), demo.working_group_members.end());
    CHECK(group.size() == 12);
    for (auto const& address : group) CHECK(addresses.count(address) == 1);
}

TEST_CASE("the demonstration's programme holds whatever the day of loading") {
    for (local_days today = date(2026, 1, 1); today < date(2028, 3, 1); today += std::chrono::days{5}) {
        INFO(iso(today));
        auto const demo = make_demo(today);
        REQUIRE(demo.programme.objectives.size() == 3);
        CHECK(demo.programme.outputs.size() == 2);
        std::set<std::string> topics, keys;
        for (auto const& objective : demo.programme.objectives)
            for (auto const& topic : objective.topics) topics.insert(topic.code);
        CHECK(topics.size() == 6);
        int windows = 0, completed = 0, groups = 0;
        for (DemoEvent const& event : demo.events) {
            INFO(event.key);
            keys.insert(event.key);
            auto const& schedule = event.definition.schedule;
            auto const checked = calendar::check_schedule(schedule);
            CHECK(checked.has_value());
            for (auto const& code : event.definition.topics) CHECK(topics.count(code) == 1);
            bool const past = event.state == EventState::completed;
            completed += past;
            windows += schedule.provisional();
            groups += !event.definition.working_group.empty();
            if (auto const* window = std::get_if<calendar::Provisional>(&schedule.when)) {
                CHECK(window->earliest > today);
                CHECK_FALSE(past);
            } else if (auto const* fixed = std::get_if<calendar::Fixed>(&schedule.when)) {
                CHECK((fixed->start < local_seconds(today)) == past);
                CHECK(takes_place_online(event.definition));
                CHECK_FALSE(join_link(event.definition).empty());
            } else if (auto const* all_day = std::get_if<calendar::AllDay>(&schedule.when)) {
                CHECK((all_day->first < today) == past);
                CHECK(all_day->days == 2);
                CHECK_FALSE(event.definition.locations.empty());
            }
        }
        CHECK(keys.size() == demo.events.size());
        CHECK(completed == 3);
        CHECK(windows == 4);
        CHECK(groups == 1);
    }
}

TEST_CASE("the same day gives the same demonstration") {
    auto const one = make_demo(date(2027, 2, 28)), two = make_demo(date(2027, 2, 28));
    REQUIRE(one.events.size() == two.events.size());
    for (std::size_t i = 0; i < one.events.size(); ++i) CHECK(one.events[i].definition == two.events[i].definition);
    CHECK(one.programme.objectives == two.programme.objectives);
    CHECK(one.programme.outputs == two.programme.outputs);
}
