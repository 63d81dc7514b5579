// A request with a key is done once, whatever comes between: on both engines, from two processes, through erasure.
#include "service/usecases/idempotency.hpp"

#include "service/usecases/communities.hpp"
#include "service/usecases/persons.hpp"
#include "service/usecases/tokens.hpp"
#include "tests/unit/usecases/house.hpp"

#include <thread>

using namespace convoke;
using test::House;
using test::Transaction;
using usecases::Context;

namespace {

struct Caller {
    std::string token;
};

Caller caller(House& house) {
    return {house.write([&](Transaction& tx) { return usecases::create_token(tx, house.admin(), "t", "admin", {}); }).value().text};
}

// What the API does for a POST: claim, work, keep. The work adds a community, which cannot be there twice, under a name
// that is new each time.
result<std::string> post(House& house, store::Database& db, Caller const& who, std::string const& key, std::string const& request,
                         std::string const& email = {}, std::function<void()> const& meanwhile = {}) {
    static int made = 0;
    std::string const slug = "made-" + std::to_string(++made);
    auto const wanted = usecases::idempotent_request(house.instance, key, request);
    return db.write_now([&](Transaction& tx) -> result<std::string> {
        auto const actor = usecases::actor_of_token(tx, who.token);
        if (!actor) return Failure(errc::unauthenticated, "no such token");
        Context const context{house.instance, house.now, *actor};
        CONVOKE_TRY(stored, usecases::claim_key(tx, context, wanted));
        if (stored) return *stored;
        CONVOKE_CHECK(usecases::create_community(tx, context, {.slug = slug, .name = slug, .time_zone = "Europe/Brussels", .language = "en"}));
        if (meanwhile) meanwhile();
        std::string const reply = "made " + slug;
        usecases::keep_reply(tx, context, wanted, reply, email);
        return reply;
    });
}

std::int64_t communities(House& house) { return house.count("SELECT count(*) FROM community"); }

}  // namespace

TEST_CASE("the same request under the same key is done once") {
    auto const engine = GENERATE(from_range(test::engines()));
    House house(engine);
    auto const who = caller(house);
    auto const first = post(house, house.db(), who, "k", "POST /x\n{}");
    REQUIRE(first.has_value());
    for (int again = 0; again < 5; ++again) CHECK(post(house, house.db(), who, "k", "POST /x\n{}").value() == *first);
    CHECK(communities(house) == 1);
    SECTION("another body or address is refused") {
        CHECK(post(house, house.db(), who, "k", "POST /x\n{ }").error().code == errc::idempotency_key_reused);
        CHECK(post(house, house.db(), who, "k", "POST /y\n{}").error().code == errc::idempotency_key_reused);
        CHECK(communities(house) == 1);
    }
    SECTION("another key is another request, and so is another token's") {
        CHECK(post(house, house.db(), who, "K", "POST /x\n{}").value() != *first);
        CHECK(post(house, house.db(), caller(house), "k", "POST /x\n{}").value() != *first);
        CHECK(post(house, house.db(), caller(house), "k", "POST /z\n{}").has_value());
        CHECK(communities(house) == 4);
    }
}

TEST_CASE("without stored replies the test of the promise fails") {
    House house("sqlite");
    house.instance.keep_replies = false;
    auto const who = caller(house);
    CHECK(post(house, house.db(), who, "k", "POST /x\n{}").value() != post(house, house.db(), who, "k", "POST /x\n{}").value());
    CHECK(communities(house) == 2);
}

TEST_CASE("the reply is in the transaction of its effect") {
    auto const engine = GENERATE(from_range(test::engines()));
    House house(engine);
    auto const who = caller(house);
    CHECK_THROWS(post(house, house.db(), who, "k", "POST /x\n{}", {}, [] { throw std::runtime_error("a fault of ours"); }));
    CHECK(communities(house) == 0);
    CHECK(house.count("SELECT count(*) FROM idempotent_request") == 0);
    CHECK(post(house, house.db(), who, "k", "POST /x\n{}").has_value());
    CHECK(communities(house) == 1);
}

TEST_CASE("another process is told that the first request is still running") {
    auto const all = test::engines();
    if (std::find(all.begin(), all.end(), "postgresql") == all.end()) return;  // SQLite has one writer at a time
    House house("postgresql");
    auto const who = caller(house);
    auto const other = house.open_again();
    store::test::Signal inside, go_on;
    result<std::string> first = std::string();
    std::thread running([&] {
        first = post(house, house.db(), who, "k", "POST /x\n{}", {}, [&] {
            inside.raise();
            go_on.wait();
        });
    });
    inside.wait();
    auto const busy = post(house, *other, who, "k", "POST /x\n{}");
    auto const different = post(house, *other, who, "another", "POST /x\n{}");
    go_on.raise();
    running.join();
    REQUIRE_FALSE(busy.has_value());
    CHECK(busy.error().code == errc::idempotency_in_progress);
    CHECK(different.has_value());
    REQUIRE(first.has_value());
    CHECK(post(house, *other, who, "k", "POST /x\n{}").value() == *first);
    CHECK(communities(house) == 2);
}

TEST_CASE("replies are kept for a day, and then removed some at a time") {
    auto const engine = GENERATE(from_range(test::engines()));
    House house(engine);
    auto const who = caller(house);
    auto const first = post(house, house.db(), who, "k", "POST /x\n{}").value();
    auto const tidy = [&] {
        return house.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::remove_old_replies(tx, house.admin()); }).value();
    };
    auto const any = [&] {
        return house.read([&](Transaction& tx) -> result<bool> { return usecases::any_old_replies(tx, house.now); }).value();
    };
    house.now += std::chrono::hours(24);
    CHECK_FALSE(any());
    CHECK(tidy() == 0);
    CHECK(post(house, house.db(), who, "k", "POST /x\n{}").value() == first);
    house.now += std::chrono::seconds(1);
    CHECK(any());
    CHECK(tidy() == 1);
    CHECK_FALSE(any());
    CHECK(post(house, house.db(), who, "k", "POST /x\n{}").value() != first);

    // Many at once go in parts.
    store::test::run(house.db(), {"INSERT INTO idempotent_request (token_id, key, fingerprint, created_at) "
                                  "SELECT a.id, 'old ' || b.id || ' ' || c.n, '', 1 FROM api_token a, community b, "
                                  "(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < 400) SELECT n FROM n) c"});
    CHECK(tidy() == 500);
    CHECK(tidy() == 300);
    CHECK(tidy() == 0);
}

TEST_CASE("with a person the replies that speak of them go, and a retry does not bring them back") {
    auto const engine = GENERATE(from_range(test::engines()));
    House house(engine);
    house.add_community("cop-mi");
    house.add_member("cop-mi", "anna@example.org");
    house.add_member("cop-mi", "ben@example.org");
    auto const who = caller(house);
    REQUIRE(post(house, house.db(), who, "a", "POST anna", "Anna@Example.org").has_value());
    auto const kept = post(house, house.db(), who, "b", "POST ben", "ben@example.org");
    REQUIRE(kept.has_value());
    auto const before = communities(house);
    REQUIRE(house.write([&](Transaction& tx) { return usecases::erase_person(tx, house.admin(), "anna@example.org"); }).has_value());
    CHECK(post(house, house.db(), who, "a", "POST anna").error().code == errc::idempotency_reply_erased);
    CHECK(post(house, house.db(), who, "b", "POST ben").value() == *kept);
    CHECK(communities(house) == before);
    CHECK(house.count("SELECT count(*) FROM idempotent_request WHERE reply IS NULL") == 1);
}

TEST_CASE("nothing of a stored reply can be read in the tables") {
    House house("sqlite");
    auto const who = caller(house);
    auto const reply = post(house, house.db(), who, "canary-key", "POST canary-request", "canary@example.org");
    REQUIRE(reply.has_value());
    CHECK(house.places_holding("canary").empty());
    for (auto const& place : house.places_holding(*reply)) CHECK(place.substr(0, 10) == "change_log");
    CHECK(house.places_holding("made ").empty());
}
