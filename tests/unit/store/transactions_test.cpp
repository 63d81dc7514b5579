// Jobs are all or nothing, durable when answered, and do not touch their neighbours in a group.
#include "service/store/errors.hpp"
#include "service/store/testing.hpp"
#include "tests/unit/store/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <set>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

namespace {

result<void> insert(Transaction& tx, std::int64_t id) {
    tx.execute("INSERT INTO item (id) VALUES ($1)", {id});
    return {};
}

std::set<std::int64_t> items(Database& db) {
    return db.read_now([](Transaction& tx) -> result<std::set<std::int64_t>> {
        std::set<std::int64_t> all;
        for (auto const row : tx.query("SELECT id FROM item ORDER BY id")) all.insert(row.integer(0));
        return all;
    }).value();
}

// Six jobs in one group: 1, 3 and 6 succeed; 2 fails by a Failure, 4 throws, 5 violates a constraint.
struct MixedGroup {
    std::string second, fourth, fifth;
    int succeeded = 0;
    DatabaseStatistics before, after;
};

MixedGroup run_mixed_group(Database& db) {
    MixedGroup seen;
    seen.before = db.statistics();
    boost::asio::io_context context;
    auto start = [&](auto job) {
        // What is thrown beyond what a job catches happens only where the protection is off.
        boost::asio::co_spawn(context, std::move(job), [](std::exception_ptr) {});
    };
    {
        BusyWriter busy(db);
        for (std::int64_t id : {1, 3, 6}) {
            if (id == 3) start([](Database& d, MixedGroup& s) -> boost::asio::awaitable<void> {
                auto const done = co_await d.write([](Transaction& tx) -> result<void> {
                    CONVOKE_CHECK(insert(tx, 2));
                    return Failure(errc::event_full, "no seat");
                });
                if (!done) s.second = slug(done.error().code);
            }(db, seen));
            if (id == 6) {
                start([](Database& d, MixedGroup& s) -> boost::asio::awaitable<void> {
                    try {
                        co_await d.write([](Transaction& tx) -> result<int> {
                            CONVOKE_CHECK(insert(tx, 4));
                            throw std::runtime_error("a job's own trouble");
                        });
                    } catch (std::runtime_error const& e) {
                        s.fourth = e.what();
                    }
                }(db, seen));
                start([](Database& d, MixedGroup& s) -> boost::asio::awaitable<void> {
                    try {
                        co_await d.write([](Transaction& tx) -> result<void> {
                            CONVOKE_CHECK(insert(tx, 5));
                            return insert(tx, 1);
                        });
                    } catch (ConstraintViolation const& e) {
                        s.fifth = e.name;
                    }
                }(db, seen));
            }
            start([](Database& d, MixedGroup& s, std::int64_t which) -> boost::asio::awaitable<void> {
                auto const done = co_await d.write([&](Transaction& tx) { return insert(tx, which); });
                if (done) ++s.succeeded;
            }(db, seen, id));
        }
        context.poll();
        busy.release();
        context.run();
    }
    seen.after = db.statistics();
    return seen;
}

}  // namespace

TEMPLATE_TEST_CASE("what is acknowledged is there for every reader", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)"});
    for (std::int64_t id = 1; id <= 50; ++id) {
        REQUIRE(db->write_now([&](Transaction& tx) { return insert(tx, id); }));
        REQUIRE(count(*db, "SELECT COUNT(*) FROM item") == id);
    }
    auto const another = test::open(place.url());
    CHECK(count(*another, "SELECT COUNT(*) FROM item") == 50);
}

TEMPLATE_TEST_CASE("a job that fails leaves its neighbours in the group alone", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)"});

    auto const seen = run_mixed_group(*db);
    CHECK(seen.second == "event_full");
    CHECK(seen.fourth == "a job's own trouble");
    CHECK(seen.fifth == "item(id)");
    CHECK(seen.succeeded == 3);
    CHECK(items(*db) == std::set<std::int64_t>{1, 3, 6});
    // It really was one group; otherwise this test would show nothing.
    CHECK(seen.after.groups - seen.before.groups == 1);
    CHECK(seen.after.writes - seen.before.writes == 3);
}

TEMPLATE_TEST_CASE("negative control: without savepoints the same group does not hold", "[store][control]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)"});
    testing::switch_savepoints_off(*db);

    auto const seen = run_mixed_group(*db);
    bool const held = seen.succeeded == 3 && items(*db) == std::set<std::int64_t>{1, 3, 6};
    CHECK_FALSE(held);
}

TEMPLATE_TEST_CASE("a failed statement ends its job", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)", "INSERT INTO item (id) VALUES (1)"});

    SECTION("a violated constraint may become a Failure") {
        auto const done = db->write_now([](Transaction& tx) -> result<void> {
            CONVOKE_CHECK(insert(tx, 2));
            try {
                return insert(tx, 1);
            } catch (ConstraintViolation const& violation) {
                if (violation.name == "item(id)") return Failure(errc::already_exists, "there is one");
                throw;
            }
        });
        REQUIRE_FALSE(done);
        CHECK(done.error().code == errc::already_exists);
    }
    SECTION("but nothing can be done after it") {
        CHECK_THROWS_AS(db->write_now([](Transaction& tx) -> result<void> {
            try {
                (void)insert(tx, 1);
            } catch (ConstraintViolation const&) {
            }
            return insert(tx, 2);
        }), std::logic_error);
    }
    SECTION("nor can it succeed") {
        CHECK_THROWS_AS(db->write_now([](Transaction& tx) -> result<void> {
            CONVOKE_CHECK(insert(tx, 2));
            try {
                (void)insert(tx, 1);
            } catch (ConstraintViolation const&) {
            }
            return {};
        }), std::logic_error);
    }
    SECTION("a wrong statement is an exception for its own caller") {
        CHECK_THROWS_AS(db->write_now([](Transaction& tx) -> result<void> {
            CONVOKE_CHECK(insert(tx, 2));
            tx.execute("INSERT INTO nowhere (id) VALUES (1)");
            return {};
        }), EngineError);
        CHECK_THROWS_AS(db->read_now([](Transaction& tx) -> result<Rows> { return tx.query("SELEKT 1"); }), EngineError);
    }
    CHECK(items(*db) == std::set<std::int64_t>{1});
    REQUIRE(db->write_now([](Transaction& tx) { return insert(tx, 9); }));
    CHECK(items(*db) == std::set<std::int64_t>{1, 9});
}

TEMPLATE_TEST_CASE("a read changes nothing and sees one moment", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)", "INSERT INTO item (id) VALUES (1)"});

    CHECK_THROWS_AS(db->read_now([](Transaction& tx) { return insert(tx, 2); }), EngineError);
    CHECK(items(*db) == std::set<std::int64_t>{1});

    Signal looked;
    Signal changed;
    std::thread writer([&] {
        looked.wait();
        (void)db->write_now([](Transaction& tx) { return insert(tx, 2); });
        changed.raise();
    });
    auto const both = db->read_now([&](Transaction& tx) -> result<std::pair<std::int64_t, std::int64_t>> {
        auto const first = tx.query("SELECT COUNT(*) FROM item")[0].integer(0);
        looked.raise();
        changed.wait();
        return std::pair(first, tx.query("SELECT COUNT(*) FROM item")[0].integer(0));
    });
    writer.join();
    CHECK(both.value() == std::pair<std::int64_t, std::int64_t>(1, 1));
    CHECK(items(*db) == std::set<std::int64_t>{1, 2});

    auto const failed = db->read_now([](Transaction&) -> result<void> { return Failure(errc::not_found, "nothing there"); });
    REQUIRE_FALSE(failed);
    CHECK(failed.error().code == errc::not_found);
}
