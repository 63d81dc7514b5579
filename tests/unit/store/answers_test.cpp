// What is asked for each answer that comes by mail costs the same however much is written about the event.
#include "service/store/answers.hpp"
#include "service/store/change_log.hpp"
#include "service/store/migrations.hpp"
#include "tests/unit/store/fixture.hpp"

#include <sqlite3.h>

using namespace convoke;
using namespace convoke::store;
using namespace convoke::store::test;

namespace {

using calendar::sys_seconds;

constexpr std::int64_t event_id = 7, person_id = 11;
constexpr int others = 3000;

// SQLite says of each statement how many steps it took.
thread_local std::int64_t steps = 0;
int count_steps(unsigned, void*, void* statement, void*) {
    steps += sqlite3_stmt_status(static_cast<sqlite3_stmt*>(statement), SQLITE_STMTSTATUS_VM_STEP, 1);
    return 0;
}
int watch(sqlite3* connection, char**, sqlite3_api_routines const*) {
    return sqlite3_trace_v2(connection, SQLITE_TRACE_PROFILE, count_steps, nullptr);
}

// Every connection opened while it lives is watched.
struct Watched {
    Watched() { REQUIRE(sqlite3_auto_extension(reinterpret_cast<void (*)()>(watch)) == SQLITE_OK); }
    ~Watched() { sqlite3_cancel_auto_extension(reinterpret_cast<void (*)()>(watch)); }
};

// Steps on SQLite, rows of the log read on PostgreSQL; both within this transaction.
std::int64_t work_so_far(Transaction& tx) {
    if (tx.dialect() == Dialect::sqlite) return steps;
    return tx.query("SELECT CAST(coalesce(sum(coalesce(idx_tup_fetch, 0) + seq_tup_read), 0) AS bigint) FROM pg_stat_xact_user_tables "
                    "WHERE relname = 'change_log'")[0].integer(0);
}

struct Decided {
    std::optional<sys_seconds> when;
    std::int64_t work = 0;
};
Decided ask(Database& database) {
    auto const answer = database.write_now([](Transaction& tx) -> result<Decided> {
        auto const before = work_so_far(tx);
        Decided decided{decided_otherwise(tx, event_id, person_id)};
        decided.work = work_so_far(tx) - before;
        return decided;
    });
    REQUIRE(answer.has_value());
    return *answer;
}

}  // namespace

TEMPLATE_TEST_CASE("a decision is found without reading what others did", "[store]", Sqlite, Postgresql) {
    Watched const watched;
    TestType place;
    auto const db = test::open(place.url());
    REQUIRE(migrate(*db));
    sys_seconds const now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
    auto const note = [&](std::string const& actor, std::string_view action, std::int64_t event, std::int64_t person, sys_seconds at) {
        REQUIRE(db->write_now([&](Transaction& tx) -> result<void> {
            log_change(tx, at, {actor}, action, 1, event, person, "");
            return {};
        }));
    };
    CHECK_FALSE(ask(*db).when);
    note("token:1", "registration.confirm", event_id, person_id, now);
    // None of these is a decision of this person about this event on the page.
    note("mail:11", "registration.decline", event_id, person_id, now + std::chrono::seconds(1));
    note("service", "registration.cancel", event_id, person_id, now + std::chrono::seconds(2));
    note("token:1", "registration.confirm", event_id + 1, person_id, now + std::chrono::seconds(3));
    note("token:1", "answer.keep", event_id, person_id, now + std::chrono::seconds(4));
    auto const few = ask(*db);
    CHECK(few.when == now);
    REQUIRE(db->write_now([&](Transaction& tx) -> result<void> {
        for (int n = 0; n < others; ++n) log_change(tx, now, {"token:1"}, "registration.create", 1, event_id, 1000 + n, "");
        return {};
    }));
    run(*db, {"ANALYZE change_log"});
    auto const many = ask(*db);
    CHECK(many.when == now);
    INFO(few.work << " before, " << many.work << " with " << others << " others");
    CHECK(few.work > 0);
    CHECK(many.work < few.work + 200);

    SECTION("the control: without the index it reads them all") {
        run(*db, {"DROP INDEX change_log_by_person"});
        CHECK(ask(*db).work > others);
    }
}
