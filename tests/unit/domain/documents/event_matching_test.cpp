#include "service/domain/documents/event_matching.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain::documents;
using convoke::calendar::local_days;

namespace {

local_days day(unsigned month, unsigned date) {
    return local_days(std::chrono::year(2032) / std::chrono::month(month) / std::chrono::day(date));
}

ImportedEvent before(std::string title, std::string key, local_days first, local_days last, std::string kind = "event", std::string format = "online") {
    return {std::move(key), std::move(title), std::move(kind), std::move(format), first, last};
}

ProposedEvent now(std::string title, std::string key, local_days first, local_days last, std::string kind = "event", std::string format = "online") {
    ProposedEvent event;
    event.title = std::move(title);
    event.key = std::move(key);
    event.date.first = first;
    event.date.last = last;
    event.kind = std::move(kind);
    event.format = std::move(format);
    return event;
}

}  // namespace

TEST_CASE("an event is found again by its key, whatever else was edited") {
    auto const match = match_events({before("A", "k/a", day(5, 1), day(5, 31)), before("B", "k/b", day(6, 1), day(6, 1))},
                                    {now("B", "k/b", day(9, 9), day(9, 9), "plenary", "hybrid"), now("A", "k/a", day(5, 3), day(5, 3))});
    REQUIRE(match.pairs.size() == 2);
    CHECK(match.pairs[0].existing == 1);
    CHECK(match.pairs[1].existing == 0);
    CHECK(match.added.empty());
    CHECK(match.missing.empty());
}

TEST_CASE("by its title where the key has changed, twins in the order of their dates") {
    auto const match = match_events({before("Meeting (TBC)", "2031/meeting", day(5, 1), day(5, 31)), before("Meeting", "2031/meeting#2", day(8, 1), day(8, 1))},
                                    {now("MEETING", "2032/meeting#2", day(8, 2), day(8, 2)), now("Meeting", "2032/meeting", day(5, 3), day(5, 3))});
    REQUIRE(match.pairs.size() == 2);
    CHECK(match.pairs[0].existing == 1);
    CHECK(match.pairs[1].existing == 0);
    CHECK_FALSE(match.pairs[0].by_position);
}

TEST_CASE("an edited title is matched by kind, format and date when nothing else could be meant") {
    auto const match = match_events({before("Old words", "k/old words", day(5, 1), day(5, 31))}, {now("New words", "k/new words", day(5, 14), day(5, 15))});
    REQUIRE(match.pairs.size() == 1);
    CHECK(match.pairs[0].by_position);
}

TEST_CASE("two candidates are no match: nothing is guessed") {
    auto const two_new = match_events({before("Old", "k/old", day(5, 1), day(5, 31))}, {now("X", "k/x", day(5, 3), day(5, 3)), now("Y", "k/y", day(5, 9), day(5, 9))});
    CHECK(two_new.pairs.empty());
    CHECK(two_new.added.size() == 2);
    CHECK(two_new.missing.size() == 1);
    auto const two_old = match_events({before("P", "k/p", day(5, 1), day(5, 31)), before("Q", "k/q", day(5, 1), day(5, 31))}, {now("X", "k/x", day(5, 3), day(5, 3))});
    CHECK(two_old.pairs.empty());
    auto const other_kind = match_events({before("P", "k/p", day(5, 1), day(5, 31))}, {now("X", "k/x", day(5, 3), day(5, 3), "plenary")});
    CHECK(other_kind.pairs.empty());
    auto const other_day = match_events({before("P", "k/p", day(5, 1), day(5, 2))}, {now("X", "k/x", day(5, 3), day(5, 3))});
    CHECK(other_day.pairs.empty());
}

TEST_CASE("the same document again: all pairs, nothing new") {
    std::vector<ImportedEvent> existing;
    std::vector<ProposedEvent> proposed;
    for (unsigned i = 0; i < 20; ++i) {
        std::string const title = "Event " + std::to_string(i);
        existing.push_back(before(title, "k/" + title, day(1 + i % 12, 1), day(1 + i % 12, 28)));
        proposed.push_back(now(title, "k/" + title, day(1 + i % 12, 1), day(1 + i % 12, 28)));
    }
    auto const match = match_events(existing, proposed);
    REQUIRE(match.pairs.size() == 20);
    for (auto const& pair : match.pairs) CHECK(pair.existing == pair.proposed);
    CHECK(match_events({}, {}).pairs.empty());
}
