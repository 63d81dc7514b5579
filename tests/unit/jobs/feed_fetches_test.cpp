#include "service/jobs/feed_fetches.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace std::chrono_literals;

namespace {

calendar::sys_seconds at(int second) { return calendar::sys_seconds(std::chrono::seconds(1'800'000'000 + second)); }
jobs::FetchNotes::Instant after(std::chrono::seconds passed) { return jobs::FetchNotes::Instant{} + 1h + passed; }

}  // namespace

TEST_CASE("a person's fetches are written once a minute, the last of them") {
    jobs::FetchNotes notes;
    notes.add(1, at(0), "Thunderbird");
    REQUIRE(notes.take(after(0s), 10).size() == 1);
    for (int second = 1; second < 60; ++second) {
        notes.add(1, at(second), "Apple");
        CHECK(notes.take(after(std::chrono::seconds(second)), 10).empty());
    }
    auto const later = notes.take(after(60s), 10);
    REQUIRE(later.size() == 1);
    CHECK(later[0].at == at(59));
    CHECK(later[0].client == "Apple");
    CHECK(notes.take(after(61s), 10).empty());
}

TEST_CASE("what has rested is forgotten, what is unwritten is given at the end") {
    jobs::FetchNotes notes;
    notes.add(1, at(0), "other");
    notes.take(after(0s), 10);
    CHECK(notes.persons() == 1);
    notes.take(after(60s), 10);
    CHECK(notes.persons() == 0);
    notes.add(1, at(61), "other");
    notes.take(after(61s), 10);
    notes.add(1, at(62), "other");
    notes.add(2, at(62), "other");
    auto const left = notes.take_all();
    CHECK(left.size() == 2);
    CHECK(notes.take_all().empty());
}

TEST_CASE("the table of fetches is bounded and hands out so many at a time") {
    jobs::FetchNotes notes(100);
    for (int person = 0; person < 1000; ++person) notes.add(person, at(0), "other");
    CHECK(notes.persons() == 100);
    CHECK(notes.take(after(0s), 30).size() == 30);
    notes.add(2000, at(1), "other");  // the thirty that are written make room
    CHECK(notes.persons() == 71);
    CHECK(notes.take(after(1s), 1000).size() == 71);
}
