// Migrations: once, in order, by one process at a time, whole or not at all.
#include "service/store/errors.hpp"
#include "service/store/migrations.hpp"
#include "tests/unit/store/fixture.hpp"

#include <atomic>
#include <csignal>
#include <cstdlib>
#include <sqlite3.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;
using Catch::Matchers::Contains;

namespace {

Migration same(std::int64_t number, std::string name, std::string sql) { return {number, std::move(name), sql, sql}; }

std::vector<Migration> two_steps() {
    return {same(1, "first", "CREATE TABLE item (id bigint PRIMARY KEY); INSERT INTO item (id) VALUES (1);"),
            same(2, "second", "INSERT INTO item (id) VALUES (2);\nALTER TABLE item ADD COLUMN name text;")};
}

// The second step takes a minute: long enough to be killed in its middle.
std::vector<Migration> slow_second_step() {
    auto steps = two_steps();
    steps[1].sqlite = "INSERT INTO item (id) VALUES (2);"
                      "INSERT INTO item (id) WITH RECURSIVE n(i) AS (SELECT 10 UNION ALL SELECT i + 1 FROM n WHERE i < 4000000000)"
                      " SELECT MAX(i) FROM n;";
    steps[1].postgresql = "INSERT INTO item (id) VALUES (2); SELECT pg_sleep(60);";
    return steps;
}

bool is_write_locked(std::string const& file) {
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(file.c_str(), &raw) == SQLITE_OK);
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> const handle(raw, sqlite3_close);
    return sqlite3_exec(raw, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_BUSY;
}

}  // namespace

TEMPLATE_TEST_CASE("an empty database gets every migration once", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    auto const steps = two_steps();
    CHECK(schema_version(*db).value() == 0);
    CHECK_FALSE(schema_is_current(*db).value());
    REQUIRE(migrate(*db, std::span(steps).first(1)));
    CHECK(schema_version(*db).value() == 1);
    for (int round = 0; round < 3; ++round) {
        REQUIRE(migrate(*db, steps));
        CHECK(schema_version(*db).value() == 2);
        CHECK(count(*db, "SELECT COUNT(*) FROM item WHERE name IS NULL") == 2);
    }
    CHECK(count(*db, "SELECT COUNT(*) FROM schema_migration WHERE applied_at > 1700000000 AND name IN ('first', 'second')") == 2);
}

TEMPLATE_TEST_CASE("the program's own migrations apply", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    auto const embedded = embedded_migrations();
    REQUIRE_FALSE(embedded.empty());
    REQUIRE(migrate(*db));
    CHECK(schema_version(*db).value() == static_cast<std::int64_t>(embedded.size()));
    CHECK(schema_is_current(*db).value());
    REQUIRE(migrate(*db));
}

TEMPLATE_TEST_CASE("processes that start together do not trip over each other", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const steps = two_steps();
    constexpr int processes = 6;
    std::atomic<int> waiting{processes};
    std::atomic<int> succeeded{0};
    std::vector<std::thread> starting;
    for (int i = 0; i < processes; ++i)
        starting.emplace_back([&] {
            auto const db = test::open(place.url());
            --waiting;
            while (waiting > 0) std::this_thread::yield();
            if (migrate(*db, steps)) ++succeeded;
        });
    for (auto& thread : starting) thread.join();
    CHECK(succeeded == processes);
    auto const db = test::open(place.url());
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 2);
    CHECK(schema_version(*db).value() == 2);
}

TEMPLATE_TEST_CASE("a database that does not fit the program is refused with a remedy", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    auto steps = two_steps();
    REQUIRE(migrate(*db, steps));

    SECTION("newer than the program") {
        auto const refused = migrate(*db, std::span(steps).first(1));
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::invalid_state);
        CHECK_THAT(refused.error().detail, Contains("2 (second)") && Contains("newer") && Contains("restore a backup"));
    }
    SECTION("an applied migration was changed") {
        steps[0].sqlite += " ";
        steps[0].postgresql += " ";
        auto const refused = migrate(*db, steps);
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::invalid_state);
        CHECK_THAT(refused.error().detail, Contains("1 (first)") && Contains("add a new migration"));
    }
    SECTION("a gap") {
        run(*db, {"DELETE FROM schema_migration WHERE number = 1"});
        auto const refused = migrate(*db, steps);
        REQUIRE_FALSE(refused);
        CHECK_THAT(refused.error().detail, Contains("lacks migration 1"));
    }
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 2);
}

TEMPLATE_TEST_CASE("a migration that fails leaves the schema before it", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    auto steps = two_steps();
    steps[1] = same(2, "second", "INSERT INTO item (id) VALUES (2); INSERT INTO nowhere (id) VALUES (1);");
    CHECK_THROWS_AS(migrate(*db, steps), EngineError);
    CHECK(schema_version(*db).value() == 1);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 1);

    steps[1] = same(2, "second", "INSERT INTO item (id) VALUES (2); COMMIT;");
    CHECK_THROWS_AS(migrate(*db, steps), EngineError);
    CHECK(schema_version(*db).value() == 1);
}

// Not a test by itself: what the next one starts as a process of its own, and kills.
TEST_CASE("migrates until it is killed", "[.child]") {
    auto const* url = std::getenv("CONVOKE_TEST_URL");
    if (url == nullptr) return;
    auto const db = test::open(url);
    auto const steps = slow_second_step();
    (void)migrate(*db, steps);
}

TEMPLATE_TEST_CASE("killed in the middle of a migration", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const child = fork();
    if (child == 0) {
        setenv("CONVOKE_TEST_URL", place.url().c_str(), 1);
        execl("/proc/self/exe", "unit_store", "migrates until it is killed", "--out", "/dev/null", static_cast<char*>(nullptr));
        _exit(127);
    }
    auto const db = test::open(place.url());
    eventually([&] {
        auto const version = schema_version(*db);
        return version && *version == 1;
    }, "the child's first migration");
    if (TestType::dialect == Dialect::postgresql)
        eventually([&] { return count(*db, "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'") == 1; },
                   "the child's second migration to be under way");
    else
        eventually([&] { return is_write_locked(place.url().substr(7)); }, "the child's second migration to hold the write lock");
    REQUIRE(kill(child, SIGKILL) == 0);
    int status = 0;
    REQUIRE(waitpid(child, &status, 0) == child);
    REQUIRE(WIFSIGNALED(status));
    if (TestType::dialect == Dialect::postgresql)
        // The server notices that its client is gone when it next speaks to it; an operator would do this.
        (void)count(*db, "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND wait_event = 'PgSleep'");

    CHECK(schema_version(*db).value() == 1);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 1);
    auto const steps = two_steps();
    REQUIRE(migrate(*db, steps));
    CHECK(schema_version(*db).value() == 2);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 2);
}
