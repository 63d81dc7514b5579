// What goes into the database comes out again, the same on both engines.
#include "service/store/errors.hpp"
#include "tests/unit/store/fixture.hpp"

#include <limits>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

TEMPLATE_TEST_CASE("values keep their type, size and bytes", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    auto const blob = TestType::dialect == Dialect::sqlite ? "BLOB" : "bytea";
    run(*db, {std::string("CREATE TABLE sample (id bigint PRIMARY KEY, number bigint, words text, bytes ") + blob + ")"});

    std::string every_byte;
    for (int i = 0; i < 256; ++i) every_byte += static_cast<char>(i);

    SECTION("integers to both ends, and truth") {
        auto const low = std::numeric_limits<std::int64_t>::min();
        auto const high = std::numeric_limits<std::int64_t>::max();
        auto const read = db->write_now([&](Transaction& tx) -> result<std::vector<std::int64_t>> {
            tx.execute("INSERT INTO sample (id, number) VALUES ($1, $2)", {1, low});
            tx.execute("INSERT INTO sample (id, number) VALUES ($1, $2)", {2, high});
            tx.execute("INSERT INTO sample (id, number) VALUES ($1, $2)", {3, true});
            tx.execute("INSERT INTO sample (id, number) VALUES ($1, $2)", {4, false});
            std::vector<std::int64_t> all;
            for (auto const row : tx.query("SELECT number FROM sample ORDER BY id")) all.push_back(row.integer(0));
            CHECK(tx.query("SELECT number FROM sample WHERE id = 3")[0].boolean(0));
            CHECK_FALSE(tx.query("SELECT number FROM sample WHERE id = 4")[0].boolean(0));
            CHECK(tx.query("SELECT EXISTS (SELECT 1 FROM sample WHERE id = $1)", {4})[0].boolean(0));
            CHECK_FALSE(tx.query("SELECT EXISTS (SELECT 1 FROM sample WHERE id = $1)", {5})[0].boolean(0));
            CHECK(tx.query("SELECT SUM(number) FROM sample WHERE id > 2")[0].integer(0) == 1);
            return all;
        });
        CHECK(read.value() == std::vector<std::int64_t>{low, high, 1, 0});
    }

    SECTION("blobs with every byte, empty ones, and text of all planes") {
        std::string const words = "Å Ωmega été – “quotes” 'n' \\ $1 ? 🇪🇺 \n\t\r end";
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO sample (id, words, bytes) VALUES ($1, $2, $3)", {1, words, Blob{every_byte}});
            tx.execute("INSERT INTO sample (id, words, bytes) VALUES ($1, $2, $3)", {2, "", Blob{}});
            return {};
        });
        REQUIRE(done);
        auto const rows = db->read_now([](Transaction& tx) -> result<Rows> { return tx.query("SELECT words, bytes FROM sample ORDER BY id"); }).value();
        REQUIRE(rows.size() == 2);
        CHECK(rows[0].text(0) == words);
        CHECK(rows[0].blob(1).bytes == every_byte);
        CHECK(rows[1].text(0).empty());
        CHECK_FALSE(rows[1].is_null(0));
        CHECK(rows[1].blob(1).bytes.empty());
        CHECK_FALSE(rows[1].is_null(1));
    }

    SECTION("NULL has a type") {
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO sample (id, number, words, bytes) VALUES ($1, $2, $3, $4)",
                       {1, std::optional<std::int64_t>{}, std::optional<std::string>{}, std::optional<Blob>{}});
            // Without a declared type PostgreSQL could not tell what these are.
            CHECK(tx.query("SELECT 1 WHERE $1 IS NULL AND $2 IS NULL", {std::optional<std::int64_t>{}, std::optional<std::string>{}}).size() == 1);
            auto const rows = tx.query("SELECT number, words, bytes FROM sample");
            CHECK(rows[0].is_null(0));
            CHECK(rows[0].maybe_integer(0) == std::nullopt);
            CHECK(rows[0].maybe_text(1) == std::nullopt);
            CHECK(rows[0].maybe_blob(2) == std::nullopt);
            CHECK_THROWS_AS(rows[0].integer(0), std::logic_error);
            CHECK_THROWS_AS(rows[0].text(1), std::logic_error);
            CHECK_THROWS_AS(rows[0].text(3), std::logic_error);
            tx.execute("UPDATE sample SET number = $1, words = $2", {std::optional<int>(7), std::optional<std::string>("seven")});
            CHECK(tx.query("SELECT number FROM sample")[0].maybe_integer(0) == 7);
            CHECK(tx.query("SELECT words FROM sample")[0].maybe_text(0) == "seven");
            return {};
        });
        CHECK(done);
    }

    SECTION("parameters are bound by their number, not by their place") {
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO sample (words, id, number) VALUES ($2, $1, $3)", {1, "two", 3});
            auto const row = tx.query("SELECT id, words, number FROM sample WHERE number = $2 AND id = $1 AND number <> $1", {1, 3})[0];
            CHECK(row.integer(0) == 1);
            CHECK(row.text(1) == "two");
            return {};
        });
        CHECK(done);
    }

    SECTION("one text with other types is another statement") {
        auto const done = db->write_now([&](Transaction& tx) -> result<void> {
            for (int round = 0; round < 3; ++round) {
                CHECK(tx.query("SELECT CAST($1 AS text)", {42})[0].text(0) == "42");
                CHECK(tx.query("SELECT CAST($1 AS text)", {"forty-two"})[0].text(0) == "forty-two");
                CHECK(tx.query("SELECT CAST($1 AS text)", {std::optional<std::int64_t>{}})[0].is_null(0));
            }
            return {};
        });
        CHECK(done);
    }

    SECTION("text with NUL is refused before it gets there") {
        CHECK_THROWS_AS(db->write_now([&](Transaction& tx) -> result<void> {
            tx.execute("INSERT INTO sample (id, words) VALUES ($1, $2)", {1, std::string("a\0b", 3)});
            return {};
        }), std::invalid_argument);
        CHECK(count(*db, "SELECT COUNT(*) FROM sample") == 0);
    }
}

TEMPLATE_TEST_CASE("statements count and return rows", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE seat (id bigint PRIMARY KEY, taken bigint NOT NULL)"});
    auto const done = db->write_now([](Transaction& tx) -> result<void> {
        for (int id = 1; id <= 5; ++id) CHECK(tx.execute("INSERT INTO seat (id, taken) VALUES ($1, 0)", {id}) == 1);
        CHECK(tx.execute("INSERT INTO seat (id, taken) VALUES ($1, 0) ON CONFLICT DO NOTHING", {5}) == 0);
        CHECK(tx.query("INSERT INTO seat (id, taken) VALUES ($1, 0) ON CONFLICT DO NOTHING RETURNING id", {5}).empty());
        auto const returned = tx.query("INSERT INTO seat (id, taken) VALUES ($1, 1) ON CONFLICT (id) DO UPDATE SET taken = excluded.taken RETURNING id, taken", {5});
        REQUIRE(returned.size() == 1);
        CHECK(returned[0].integer(1) == 1);
        CHECK(tx.execute("UPDATE seat SET taken = 1 WHERE id > $1", {2}) == 3);
        CHECK(tx.execute("UPDATE seat SET taken = 1 WHERE id > $1", {99}) == 0);
        std::vector<Param> gathered;
        gathered.emplace_back(1);
        CHECK(tx.execute("DELETE FROM seat WHERE id = $1", gathered) == 1);
        CHECK(tx.query("SELECT id FROM seat WHERE id = $1", gathered).empty());
        CHECK(tx.query("SELECT id FROM seat ORDER BY id").size() == 4);
        return {};
    });
    CHECK(done);
}

TEMPLATE_TEST_CASE("constraints have names that both engines share", "[store]", Sqlite, Postgresql) {
    TestType place;
    auto const db = test::open(place.url());
    run(*db, {"CREATE TABLE event (id bigint PRIMARY KEY)",
              "CREATE TABLE registration (id bigint PRIMARY KEY, event bigint NOT NULL REFERENCES event(id), email text NOT NULL,"
              " seats bigint NOT NULL CONSTRAINT seats_positive CHECK (seats > 0), UNIQUE (event, email))",
              "CREATE UNIQUE INDEX one_lower_email ON registration (lower(email), event)",
              "INSERT INTO event (id) VALUES (1)", "INSERT INTO registration (id, event, email, seats) VALUES (1, 1, 'a', 1)"});

    auto violation = [&](std::string const& values) -> ConstraintViolation {
        try {
            (void)db->write_now([&](Transaction& tx) -> result<void> {
                tx.execute("INSERT INTO registration (id, event, email, seats) VALUES (" + values + ")");
                return {};
            });
        } catch (ConstraintViolation const& caught) {
            return caught;
        }
        FAIL("no violation for " << values);
        throw std::logic_error("not reached");
    };
    using Kind = ConstraintViolation::Kind;
    CHECK(violation("1, 1, 'b', 1").kind == Kind::unique);
    CHECK(violation("1, 1, 'b', 1").name == "registration(id)");
    CHECK(violation("2, 1, 'A', 1").name == "one_lower_email");
    CHECK(violation("2, 1, NULL, 1").kind == Kind::not_null);
    CHECK(violation("2, 1, NULL, 1").name == "registration(email)");
    CHECK(violation("2, 1, 'b', 0").kind == Kind::check);
    CHECK(violation("2, 1, 'b', 0").name == "seats_positive");
    CHECK(violation("2, 7, 'b', 1").kind == Kind::foreign_key);
    run(*db, {"DROP INDEX one_lower_email"});
    CHECK(violation("2, 1, 'a', 1").name == "registration(event,email)");
    CHECK(count(*db, "SELECT COUNT(*) FROM registration") == 1);
}
