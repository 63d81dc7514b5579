// What is PostgreSQL's own: its settings, deadlocks, and connections that are lost.
#include "service/store/errors.hpp"
#include "tests/unit/store/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

namespace {

auto setting(std::string const& name) {
    return [name](Transaction& tx) -> result<std::string> { return tx.query("SHOW " + name)[0].text(0); };
}

// Waits, but not for ever: when the job is run again the other may be long gone.
void wait_for(std::atomic<bool> const& flag) {
    auto const deadline = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!flag && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
}

}  // namespace

TEST_CASE("PostgreSQL sessions are durable, and readers cannot write", "[store]") {
    Postgresql place;
    run(*test::open(place.url()), {"ALTER DATABASE " + place.url().substr(place.url().rfind('/') + 1) + " SET synchronous_commit = off"});
    auto const db = test::open(place.url());
    CHECK(db->write_now(setting("synchronous_commit")).value() == "on");
    CHECK(db->write_now(setting("default_transaction_read_only")).value() == "off");
    CHECK(db->read_now(setting("default_transaction_read_only")).value() == "on");
    CHECK(db->read_now(setting("transaction_isolation")).value() == "repeatable read");
    CHECK(db->write_now(setting("transaction_isolation")).value() == "read committed");
    CHECK(db->write_now(setting("timezone")).value() == "UTC");
}

TEST_CASE("a deadlock is run again, and every job of both groups happens once", "[store]") {
    Postgresql place;
    auto const first = test::open(place.url());
    auto const second = test::open(place.url());
    run(*first, {"CREATE TABLE item (id bigint PRIMARY KEY, value bigint NOT NULL)", "INSERT INTO item (id, value) VALUES (1, 0)",
                 "INSERT INTO item (id, value) VALUES (2, 0)", "INSERT INTO item (id, value) VALUES (3, 0)"});
    std::atomic<bool> first_has_one{false};
    std::atomic<bool> second_has_two{false};
    std::atomic<int> runs{0};
    std::atomic<int> succeeded{0};
    auto add = [](Transaction& tx, std::int64_t id) { tx.execute("UPDATE item SET value = value + 1 WHERE id = $1", {id}); };
    auto crossing = [&](Database& db, std::int64_t mine, std::atomic<bool>& taken, std::atomic<bool> const& other, std::int64_t theirs) {
        auto const done = db.write_now([&](Transaction& tx) -> result<void> {
            ++runs;
            add(tx, mine);
            taken = true;
            wait_for(other);
            add(tx, theirs);
            return {};
        });
        if (done) ++succeeded;
    };
    auto neighbour = [&](Database& db) {
        auto const done = db.write_now([&](Transaction& tx) -> result<void> {
            add(tx, 3);
            return {};
        });
        if (done) ++succeeded;
    };
    std::vector<std::thread> threads;
    threads.emplace_back([&] { crossing(*first, 1, first_has_one, second_has_two, 2); });
    threads.emplace_back([&] { crossing(*second, 2, second_has_two, first_has_one, 1); });
    for (int i = 0; i < 4; ++i) threads.emplace_back([&, i] { neighbour(i % 2 == 0 ? *first : *second); });
    for (auto& thread : threads) thread.join();

    CHECK(succeeded == 6);
    CHECK(runs >= 3);
    CHECK(first->statistics().reruns + second->statistics().reruns >= 1);
    CHECK(count(*first, "SELECT value FROM item WHERE id = 1") == 2);
    CHECK(count(*first, "SELECT value FROM item WHERE id = 2") == 2);
    CHECK(count(*first, "SELECT value FROM item WHERE id = 3") == 4);
}

TEST_CASE("connections that were cut are opened again", "[store]") {
    Postgresql place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)"});
    CHECK(count(*db, "SELECT 1") == 1);
    auto const others = "SELECT COUNT(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";

    SECTION("while idle: nobody notices") {
        for (int round = 1; round <= 3; ++round) {
            auto const killer = test::open(place.url());
            CHECK(count(*killer, others) >= 2);
            run(*db, {"INSERT INTO item (id) VALUES (" + std::to_string(round) + ")"});
            CHECK(count(*db, "SELECT COUNT(*) FROM item") == round);
        }
    }
    SECTION("in the middle of a group: it is run again") {
        int runs = 0;
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO item (id) VALUES (1)");
            if (++runs == 1) tx.query("SELECT pg_terminate_backend(pg_backend_pid())");
            return {};
        });
        CHECK(done);
        CHECK(runs == 2);
        CHECK(count(*db, "SELECT COUNT(*) FROM item") == 1);
    }
    SECTION("in the middle of a read: it is run again") {
        int runs = 0;
        auto const done = db->read_now([&](Transaction& tx) -> result<void> {
            if (++runs == 1) tx.query("SELECT pg_terminate_backend(pg_backend_pid())");
            return {};
        });
        CHECK(done);
        CHECK(runs == 2);
    }
    SECTION("each time: it gives up, and says so") {
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            tx.query("SELECT pg_terminate_backend(pg_backend_pid())");
            return {};
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::database_unavailable);
        run(*db, {"INSERT INTO item (id) VALUES (1)"});
    }
    SECTION("at COMMIT: the outcome is unknown, so it is not run again") {
        run(*db, {"CREATE FUNCTION cut() RETURNS trigger LANGUAGE plpgsql AS "
                  "'BEGIN PERFORM pg_terminate_backend(pg_backend_pid()); PERFORM pg_sleep(1); RETURN NULL; END'",
                  "CREATE CONSTRAINT TRIGGER cut AFTER INSERT ON item DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION cut()"});
        int runs = 0;
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            ++runs;
            tx.execute("INSERT INTO item (id) VALUES (1)");
            return {};
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::database_unavailable);
        CHECK(runs == 1);
    }
}

TEST_CASE("a constraint that speaks up at COMMIT fails its own job only", "[store]") {
    Postgresql place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY, parent bigint REFERENCES item(id) DEFERRABLE INITIALLY DEFERRED)"});
    auto insert = [&](std::int64_t id, std::optional<std::int64_t> parent) {
        return db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO item (id, parent) VALUES ($1, $2)", {id, parent});
            return {};
        });
    };
    std::atomic<int> violations{0};
    std::atomic<int> succeeded{0};
    std::vector<std::thread> threads;
    {
        BusyWriter busy(*db);
        for (int i = 1; i <= 4; ++i)
            threads.emplace_back([&, i] {
                try {
                    if (insert(i, i == 2 ? std::optional<std::int64_t>(99) : std::nullopt)) ++succeeded;
                } catch (ConstraintViolation const& violation) {
                    if (violation.kind == ConstraintViolation::Kind::foreign_key) ++violations;
                }
            });
        busy.release();
        for (auto& thread : threads) thread.join();
    }
    CHECK(succeeded == 3);
    CHECK(violations == 1);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 3);
}

TEST_CASE("a server that is not there is answered for at once", "[store]") {
    // Port 1 of loopback: nobody listens there.
    auto const db = test::open("postgresql://postgres@127.0.0.1:1/nobody");
    auto const started = std::chrono::steady_clock::now();
    for (int i = 0; i < 20; ++i) {
        auto const done = db->write_now([](Transaction&) -> result<void> { return {}; });
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::database_unavailable);
        CHECK(done.error().arguments.contains("retryAfter"));
    }
    CHECK(std::chrono::steady_clock::now() - started < std::chrono::seconds(5));
}

TEST_CASE("a table that another process changed is read anew", "[store]") {
    Postgresql place;
    auto const db = test::open(place.url());
    auto const other = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)", "INSERT INTO item (id) VALUES (1)"});
    auto const columns = [&] { return db->read_now([](Transaction& tx) -> result<std::int64_t> { return tx.query("SELECT * FROM item")[0].columns(); }); };
    // Both readers have the statement prepared.
    for (int i = 0; i < 10; ++i) CHECK(columns().value() == 1);
    run(*other, {"ALTER TABLE item ADD COLUMN name text"});
    for (int i = 0; i < 10; ++i) CHECK(columns().value() == 2);
}
