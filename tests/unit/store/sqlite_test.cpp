// What is SQLite's own: how durable, how private, how it grows, what its errors become.
#include "service/store/errors.hpp"
#include "tests/unit/store/fixture.hpp"

#include <sqlite3.h>
#include <sys/stat.h>

#include <fstream>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

namespace {

auto pragma(std::string const& name) {
    return [name](Transaction& tx) -> result<std::string> {
        auto const row = tx.query("PRAGMA " + name)[0];
        try {
            return std::to_string(row.integer(0));
        } catch (std::logic_error const&) {
            return row.text(0);
        }
    };
}

}  // namespace

TEST_CASE("SQLite connections are durable, strict and private", "[store]") {
    Sqlite place;
    auto const db = test::open(place.url());
    CHECK(db->write_now(pragma("journal_mode")).value() == "wal");
    CHECK(db->write_now(pragma("synchronous")).value() == "2");
    CHECK(db->write_now(pragma("foreign_keys")).value() == "1");
    CHECK(db->write_now(pragma("secure_delete")).value() == "1");
    CHECK(db->write_now(pragma("busy_timeout")).value() == "5000");
    CHECK(db->write_now(pragma("wal_autocheckpoint")).value() == "0");
    CHECK(db->write_now(pragma("query_only")).value() == "0");
    CHECK(db->read_now(pragma("query_only")).value() == "1");
    CHECK(db->read_now(pragma("synchronous")).value() == "2");
    struct stat info{};
    REQUIRE(stat(place.file().c_str(), &info) == 0);
    CHECK((info.st_mode & 0777) == 0600);
}

TEST_CASE("the write-ahead log does not grow without end", "[store]") {
    Sqlite place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY, bytes blob)"});
    for (int id = 0; id < 400; ++id) {
        REQUIRE(db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO item (id, bytes) VALUES ($1, $2)", {id, Blob{std::string(256 * 1024, 'x')}});
            return {};
        }));
    }
    auto const wal = std::filesystem::file_size(place.file().string() + "-wal");
    INFO("100 MB written, the log has " << wal);
    CHECK(wal < 48u * 1024 * 1024);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 400);
}

TEST_CASE("a full disk fails the job that meets it", "[store]") {
    Sqlite place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY, bytes blob)"});
    REQUIRE(db->write_now([](Transaction& tx) -> result<void> {
        tx.query("PRAGMA max_page_count = 100");
        return {};
    }));
    auto insert = [&](int id, std::size_t size) {
        return db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO item (id, bytes) VALUES ($1, $2)", {id, Blob{std::string(size, 'x')}});
            return {};
        });
    };
    result<void> small = Failure(errc::internal, "");
    result<void> large = Failure(errc::internal, "");
    {
        BusyWriter busy(*db);
        std::thread one([&] { small = insert(1, 10); });
        std::thread two([&] { large = insert(2, 1'000'000); });
        busy.release();
        one.join();
        two.join();
    }
    CHECK(small);
    REQUIRE_FALSE(large);
    CHECK(large.error().code == errc::storage_full);
    CHECK(large.error().arguments.contains("retryAfter"));
    CHECK(insert(3, 10));
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 2);
}

TEST_CASE("a database that is not there yet is found later", "[store]") {
    TemporaryDirectory directory;
    auto const home = directory.path() / "later";
    auto const db = test::open("sqlite:" + (home / "test.db").string());
    auto const look = [&] { return db->read_now([](Transaction& tx) -> result<std::int64_t> { return tx.query("SELECT 1")[0].integer(0); }); };
    auto const early = look();
    REQUIRE_FALSE(early);
    CHECK(early.error().code == errc::database_unavailable);
    std::filesystem::create_directory(home);
    eventually([&] { return look().has_value(); }, "the connection to be opened again");
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)"});
}

TEST_CASE("another program that keeps the lock makes the database unavailable", "[store]") {
    Sqlite place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE item (id bigint PRIMARY KEY)"});
    sqlite3* raw = nullptr;
    REQUIRE(sqlite3_open(place.file().c_str(), &raw) == SQLITE_OK);
    std::unique_ptr<sqlite3, decltype(&sqlite3_close)> const other(raw, sqlite3_close);
    REQUIRE(sqlite3_exec(raw, "BEGIN IMMEDIATE", nullptr, nullptr, nullptr) == SQLITE_OK);
    auto const insert = [&] { return db->write_now([](Transaction& tx) -> result<void> { tx.execute("INSERT INTO item (id) VALUES (1)"); return {}; }); };
    auto const blocked = insert();
    REQUIRE_FALSE(blocked);
    CHECK(blocked.error().code == errc::database_unavailable);
    CHECK(count(*db, "SELECT COUNT(*) FROM item") == 0);
    REQUIRE(sqlite3_exec(raw, "COMMIT", nullptr, nullptr, nullptr) == SQLITE_OK);
    CHECK(insert());
}

TEST_CASE("a file that is no database is a broken engine", "[store]") {
    TemporaryDirectory directory;
    auto const file = directory.path() / "test.db";
    std::ofstream(file) << std::string(8192, 'x');
    auto const db = test::open("sqlite:" + file.string());
    CHECK_THROWS_AS(count(*db, "SELECT 1"), EngineError);
}

TEST_CASE("only the two kinds of address are understood", "[store]") {
    CHECK_THROWS_AS(test::open("mysql://root@localhost/convoke"), std::invalid_argument);
    CHECK_THROWS_AS(test::open("sqlite:"), std::invalid_argument);
    CHECK_THROWS_AS(test::open("sqlite::memory:"), std::invalid_argument);
    CHECK_THROWS_AS(test::open(""), std::invalid_argument);
}
