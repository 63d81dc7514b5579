#include "tests/unit/usecases/house.hpp"

#include "notifications/reminder_rule.hpp"

#include "service/store/migrations.hpp"
#include "service/usecases/communities.hpp"
#include "service/usecases/members.hpp"

#include <cstdlib>

namespace convoke::test {

std::vector<std::string> engines() {
    std::vector<std::string> out{"sqlite"};
    if (std::getenv("CONVOKE_TEST_POSTGRESQL")) out.push_back("postgresql");
    return out;
}

House::House(std::string const& engine) {
    instance.base_url = "https://events.example";
    instance.mail_domain = "events.example";
    instance.secret = std::string(32, 's');
    instance.default_reminders = {"P1D"};
    instance.link_promise = "P10D";
    instance.reminder_times = [](auto const& leads, auto start, auto const& zone) {
        std::vector<usecases::Instance::ReminderTime> times;
        for (auto const& reminder : notifications::reminders_of(leads, start, zone)) times.push_back({reminder.offset, reminder.due});
        return times;
    };
    if (engine == "sqlite") sqlite_ = std::make_unique<store::test::Sqlite>();
    else postgresql_ = std::make_unique<store::test::Postgresql>();
    db_ = store::test::open(url());
    REQUIRE(store::migrate(*db_).has_value());
}

std::string House::url() const { return sqlite_ ? sqlite_->url() : postgresql_->url(); }

std::unique_ptr<store::Database> House::open_again() const { return store::test::open(url()); }

Context House::organiser_of(std::int64_t community_id) const {
    domain::Actor actor{.kind = domain::Actor::Kind::token, .id = 1};
    actor.organises.push_back(community_id);
    return {instance, now, actor};
}

std::int64_t House::add_community(std::string const& slug) {
    auto const made = write([&](Transaction& tx) {
        return usecases::create_community(
            tx, admin(), {.slug = slug, .name = "Community " + slug, .time_zone = "Europe/Brussels", .language = "en"});
    });
    REQUIRE(made.has_value());
    return made->id;
}

std::int64_t House::add_member(std::string const& slug, std::string const& email, std::string const& role) {
    auto const made = write(
        [&](Transaction& tx) { return usecases::add_member(tx, admin(), slug, {.email = email, .name = "Somebody", .role = role}); });
    REQUIRE(made.has_value());
    return made->person_id;
}

std::vector<std::string> House::places_holding(std::string const& text) {
    std::vector<std::string> out;
    auto const done = read([&](Transaction& tx) -> result<void> {
        out.clear();
        auto const tables =
            sqlite_ ? tx.query("SELECT name FROM sqlite_master WHERE type = 'table'")
                    : tx.query("SELECT CAST(table_name AS text) FROM information_schema.tables WHERE table_schema = 'public'");
        for (auto const& table : tables)
            for (auto const& row : tx.query("SELECT * FROM " + table.text(0)))
                for (int column = 0; column < row.columns(); ++column) {
                    std::string value;
                    try {
                        value = row.maybe_text(column).value_or("");
                    } catch (std::logic_error const&) {
                        continue;  // a number
                    }
                    if (value.find(text) != std::string::npos) out.push_back(table.text(0) + "." + std::to_string(column));
                }
        return {};
    });
    REQUIRE(done.has_value());
    return out;
}

}  // namespace convoke::test
