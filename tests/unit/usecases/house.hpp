// A service without doors: a migrated database, an instance, a clock of the test's own. For tests/unit/usecases.
#pragma once

#include "service/usecases/context.hpp"
#include "tests/unit/store/fixture.hpp"

#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

namespace convoke::test {

using store::Transaction;
using usecases::Context;

// "sqlite", and "postgresql" where CONVOKE_TEST_POSTGRESQL names a cluster.
std::vector<std::string> engines();

class House {
 public:
    explicit House(std::string const& engine);

    usecases::Instance instance;
    usecases::sys_seconds now{std::chrono::seconds(1'798'700'400)};  // 2026-12-31T07:00:00Z

    Context admin() const { return {instance, now, domain::Actor::command()}; }
    Context organiser_of(std::int64_t community_id) const;
    Context stranger() const { return {instance, now, domain::Actor{}}; }

    // Each call is one transaction, as in the service.
    template <class Job>
    auto write(Job job) {
        return db_->write_now(std::move(job));
    }
    template <class Job>
    auto read(Job job) {
        return db_->read_now(std::move(job));
    }
    std::int64_t count(std::string const& sql) { return store::test::count(*db_, sql); }
    // Every value of every row of every table that contains `text`, as "table.column".
    std::vector<std::string> places_holding(std::string const& text);

    // A community "SLUG" in Europe/Brussels, English. Answers its id.
    std::int64_t add_community(std::string const& slug);
    // Answers the person's id.
    std::int64_t add_member(std::string const& slug, std::string const& email, std::string const& role = "member");

    store::Database& db() { return *db_; }
    // The same database opened once more, as another process would.
    std::unique_ptr<store::Database> open_again() const;

 private:
    std::string url() const;

    std::unique_ptr<store::test::Sqlite> sqlite_;
    std::unique_ptr<store::test::Postgresql> postgresql_;
    std::unique_ptr<store::Database> db_;
};

}  // namespace convoke::test
