// Several processes on one database, played by several Database objects.
#include "tests/unit/store/fixture.hpp"

#include <atomic>
#include <chrono>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

namespace {

// Two processes take the last seat of one event; each looks first and writes then. Between the two they
// wait for each other (for a while: where the protection holds, the other cannot get there). Returns the seats sold.
std::int64_t race_for_one_seat(std::string const& url, bool with_lock) {
    auto const first = test::open(url);
    auto const second = test::open(url);
    run(*first, {"CREATE TABLE event (id bigint PRIMARY KEY, seats bigint NOT NULL, sold bigint NOT NULL)",
                 "INSERT INTO event (id, seats, sold) VALUES (1, 1, 0)"});
    std::atomic<int> looked{0};
    auto take = [&](Database& db) {
        return db.write_now([&](Transaction& tx) -> result<void> {
            if (with_lock) lock_row(tx, "event", 1);
            auto const row = tx.query("SELECT seats, sold FROM event WHERE id = $1", {1})[0];
            ++looked;
            auto const deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(300);
            while (looked < 2 && std::chrono::steady_clock::now() < deadline) std::this_thread::yield();
            if (row.integer(1) >= row.integer(0)) return Failure(errc::event_full, "no seat left");
            tx.execute("UPDATE event SET sold = sold + 1 WHERE id = $1", {1});
            return {};
        });
    };
    std::thread other([&] { (void)take(*second); });
    (void)take(*first);
    other.join();
    return count(*first, "SELECT sold FROM event WHERE id = 1");
}

}  // namespace

TEMPLATE_TEST_CASE("a locked row is read and written by one process at a time", "[store]", Sqlite, Postgresql) {
    TestType place;
    CHECK(race_for_one_seat(place.url(), true) == 1);
}

TEST_CASE("negative control: without lock_row PostgreSQL sells the seat twice", "[store][control]") {
    Postgresql place;
    CHECK(race_for_one_seat(place.url(), false) == 2);
}

TEMPLATE_TEST_CASE("processes write beside each other without losing anything", "[store]", Sqlite, Postgresql) {
    TestType place;
    constexpr int processes = 3;
    constexpr int threads = 4;
    constexpr int rounds = 25;
    std::vector<std::unique_ptr<Database>> all;
    for (int i = 0; i < processes; ++i) all.push_back(test::open(place.url()));
    run(*all[0], {"CREATE TABLE counter (id bigint PRIMARY KEY, value bigint NOT NULL)", "INSERT INTO counter (id, value) VALUES (1, 0)"});

    std::atomic<int> succeeded{0};
    std::vector<std::thread> working;
    for (int i = 0; i < processes * threads; ++i)
        working.emplace_back([&, i] {
            for (int round = 0; round < rounds; ++round) {
                auto const done = all[static_cast<std::size_t>(i % processes)]->write_now([](Transaction& tx) -> result<void> {
                    lock_row(tx, "counter", 1);
                    auto const value = tx.query("SELECT value FROM counter WHERE id = 1")[0].integer(0);
                    tx.execute("UPDATE counter SET value = $1 WHERE id = 1", {value + 1});
                    return {};
                });
                if (done) ++succeeded;
            }
        });
    for (auto& thread : working) thread.join();
    CHECK(succeeded == processes * threads * rounds);
    CHECK(count(*all[0], "SELECT value FROM counter WHERE id = 1") == processes * threads * rounds);
}

TEMPLATE_TEST_CASE("a queue's rows are claimed once", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const first = test::open(place.url());
    auto const second = test::open(place.url());
    run(*first, {"CREATE TABLE task (id bigint PRIMARY KEY, owner bigint NOT NULL)"});
    for (int id = 1; id <= 100; ++id) run(*first, {"INSERT INTO task (id, owner) VALUES (" + std::to_string(id) + ", 0)"});

    std::atomic<int> claimed{0};
    auto work = [&](Database& db, int owner) {
        while (true) {
            auto const some = db.write_now([&](Transaction& tx) -> result<std::size_t> {
                auto const sql = "UPDATE task SET owner = $1 WHERE id IN (SELECT id FROM task WHERE owner = 0 ORDER BY id LIMIT 7" +
                                 std::string(skip_locked(tx)) + ") AND owner = 0 RETURNING id";
                return tx.query(sql, {owner}).size();
            });
            if (*some == 0) return;
            claimed += static_cast<int>(*some);
        }
    };
    std::thread other([&] { work(*second, 2); });
    work(*first, 1);
    other.join();
    // One that meets only locked rows stops early; what it left is still there to be claimed.
    work(*first, 1);
    CHECK(claimed == 100);
    CHECK(count(*first, "SELECT COUNT(*) FROM task WHERE owner = 0") == 0);
}
