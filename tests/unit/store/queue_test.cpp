// The writer's queue: order, groups, limits, waking others, draining.
#include "tests/unit/store/fixture.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>

#include <atomic>
#include <set>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

namespace asio = boost::asio;

namespace {

asio::awaitable<void> add(Database& db, std::int64_t id, std::atomic<int>& succeeded) {
    auto const done = co_await db.write([&](Transaction& tx) -> result<std::int64_t> {
        return tx.query("INSERT INTO item (id, place) SELECT $1, COUNT(*) FROM item RETURNING place", {id})[0].integer(0);
    });
    if (done) ++succeeded;
}

void must_end(std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
}

constexpr auto create = "CREATE TABLE item (id bigint PRIMARY KEY, place bigint NOT NULL)";

}  // namespace

TEMPLATE_TEST_CASE("jobs run in the order they were given", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {create});
    std::atomic<int> succeeded{0};
    asio::io_context context;
    for (int id = 0; id < 300; ++id) asio::co_spawn(context, add(*db, id, succeeded), must_end);
    context.run();
    CHECK(succeeded == 300);
    CHECK(count(*db, "SELECT COUNT(*) FROM item WHERE id <> place") == 0);
}

TEMPLATE_TEST_CASE("many writers share few commits", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {create});
    auto const before = db->statistics();

    SECTION("queued together: 64 a commit") {
        std::atomic<int> succeeded{0};
        asio::io_context context;
        BusyWriter busy(*db);
        for (int id = 0; id < 130; ++id) asio::co_spawn(context, add(*db, id, succeeded), must_end);
        context.poll();
        busy.release();
        context.run();
        CHECK(succeeded == 130);
        CHECK(db->statistics().writes - before.writes == 130);
        CHECK(db->statistics().groups - before.groups == 3);
    }
    SECTION("64 writers on two threads, each waiting for its answer") {
        std::atomic<int> succeeded{0};
        asio::thread_pool pool(2);
        auto writer = [&](int number) -> asio::awaitable<void> {
            for (int round = 0; round < 10; ++round) co_await add(*db, number * 10 + round, succeeded);
        };
        for (int number = 0; number < 64; ++number) asio::co_spawn(pool, writer(number), must_end);
        pool.join();
        CHECK(succeeded == 640);
        auto const after = db->statistics();
        CHECK(after.writes - before.writes == 640);
        CHECK(after.groups - before.groups < 320);
        CHECK(count(*db, "SELECT COUNT(*) FROM item") == 640);
    }
    SECTION("one writer alone has a commit of his own each time") {
        std::atomic<int> succeeded{0};
        complete([](Database& d, std::atomic<int>& s) -> asio::awaitable<void> {
            for (int id = 0; id < 10; ++id) co_await add(d, id, s);
        }(*db, succeeded));
        CHECK(db->statistics().groups - before.groups == 10);
    }
}

TEMPLATE_TEST_CASE("a full queue refuses, and says when to come again", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url(), 8);
    run(*db, {create});
    std::atomic<int> succeeded{0};
    {
        asio::io_context context;
        BusyWriter busy(*db);
        for (int id = 0; id < 8; ++id) asio::co_spawn(context, add(*db, id, succeeded), must_end);
        context.poll();
        auto const refused = db->write_now([](Transaction&) -> result<void> { return {}; });
        REQUIRE_FALSE(refused);
        CHECK(refused.error().code == errc::overloaded);
        CHECK(refused.error().arguments.at("retryAfter") == "1");
        busy.release();
        context.run();
    }
    CHECK(succeeded == 8);
    CHECK(db->statistics().refused == 1);
    CHECK(db->write_now([](Transaction&) -> result<void> { return {}; }));
}

TEMPLATE_TEST_CASE("a commit wakes whoever asked for it, a rollback does not", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    std::atomic<int> woken{0};
    db->on_commit([&] { ++woken; });
    run(*db, {create});
    CHECK(woken == 1);
    CHECK_FALSE(db->write_now([](Transaction& tx) -> result<void> {
        tx.execute("INSERT INTO item (id, place) VALUES (1, 1)");
        return Failure(errc::event_full, "no");
    }));
    CHECK(woken == 1);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 0);
    run(*db, {"INSERT INTO item (id, place) VALUES (1, 1)"});
    CHECK(woken == 2);
}

TEMPLATE_TEST_CASE("draining finishes what was taken and takes no more", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {create});
    std::atomic<int> succeeded{0};
    asio::io_context context;
    std::thread drain;
    {
        BusyWriter busy(*db);
        for (int id = 0; id < 20; ++id) asio::co_spawn(context, add(*db, id, succeeded), must_end);
        context.poll();
        drain = std::thread([&] { db->drain_and_close(); });
        eventually([&] {
            auto const late = db->read_now([](Transaction&) -> result<void> { return {}; });
            return !late && late.error().code == errc::database_unavailable;
        }, "drain_and_close to close the queues");
        CHECK_FALSE(db->write_now([](Transaction&) -> result<void> { return {}; }));

        busy.release();
    }
    drain.join();
    context.run();
    CHECK(succeeded == 20);
    auto const late = db->read_now([](Transaction&) -> result<void> { return {}; });
    REQUIRE_FALSE(late);
    CHECK(late.error().code == errc::database_unavailable);
    db->drain_and_close();

    auto const again = test::open(place.url());
    CHECK(count(*again, "SELECT COUNT(*) FROM item") == 20);
}

TEMPLATE_TEST_CASE("a coroutine resumes where it came from, with any result", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {create});
    auto const here = std::this_thread::get_id();
    complete([](Database& d, std::thread::id thread) -> asio::awaitable<void> {
        auto const text = co_await d.read([](Transaction& tx) -> result<std::string> { return tx.query("SELECT 'words'")[0].text(0); });
        CHECK(text.value() == "words");
        CHECK(std::this_thread::get_id() == thread);
        auto const nothing = co_await d.write([&](Transaction&) -> result<void> {
            return std::this_thread::get_id() == thread ? result<void>(Failure(errc::internal, "on the caller's thread")) : result<void>();
        });
        CHECK(nothing.has_value());
        CHECK(std::this_thread::get_id() == thread);
        auto const moved = co_await d.write([](Transaction&) -> result<std::unique_ptr<int>> { return std::make_unique<int>(7); });
        CHECK(*moved.value() == 7);
    }(*db, here));
}
