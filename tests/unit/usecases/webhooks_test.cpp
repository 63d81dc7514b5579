#include "service/usecases/webhooks.hpp"

#include "service/store/change_log.hpp"
#include "service/usecases/audit.hpp"
#include "tests/unit/usecases/events_fixture.hpp"

using namespace convoke;
using namespace convoke::test;
using namespace std::chrono_literals;
using usecases::Settled;

namespace {

usecases::Webhook add_hook(House& house) {
    domain::WebhookRequest wanted;
    wanted.url = "https://hooks.example/";
    wanted.events = {"*"};
    return house.write([&](Transaction& tx) { return usecases::create_webhook(tx, house.admin(), "cop-mi", wanted); }).value().hook;
}

std::vector<usecases::DueDelivery> claim(House& house, std::size_t max = 50) {
    return house.write([&](Transaction& tx) -> result<std::vector<usecases::DueDelivery>> {
        return usecases::claim_deliveries(tx, house.admin(), "test", max);
    }).value();
}

void settle(House& house, std::int64_t id, Settled::Kind kind, std::string const& reason) {
    house.write([&](Transaction& tx) -> result<void> {
        usecases::settle_deliveries(tx, house.admin(), "test", {{kind, id, reason, house.now, house.now + 5s}});
        return {};
    }).value();
}

usecases::Webhook look(House& house, std::int64_t id) {
    return house.read([&](Transaction& tx) { return usecases::find_webhook(tx, house.admin(), "cop-mi", id); }).value();
}

}  // namespace

TEST_CASE("a receiver that fails is tried by one delivery at a time, and paused after three days", "[webhooks]") {
    for (auto const& engine : engines()) {
        CAPTURE(engine);
        House house(engine);
        house.add_community("cop-mi");
        auto const hook = add_hook(house);
        for (int i = 0; i < 6; ++i) create(house, online_event());

        auto const first = claim(house);
        REQUIRE(first.size() == 4);  // of one receiver, so many at once
        CHECK(claim(house).empty());
        settle(house, first[0].delivery.id, Settled::Kind::sent, "204");
        for (std::size_t i = 1; i < 4; ++i) settle(house, first[i].delivery.id, Settled::Kind::deferred, "the receiver answered 500");
        CHECK(look(house, hook.id).failing_since == house.now);
        CHECK(claim(house).empty());  // the receiver as a whole waits

        auto const began = house.now;
        std::size_t tries = 0;
        while (!look(house, hook.id).paused) {
            house.now += 1min;
            auto const due = claim(house);
            REQUIRE(due.size() <= 1);
            if (due.empty()) continue;
            ++tries;
            settle(house, due[0].delivery.id, Settled::Kind::deferred, "the receiver answered 500");
        }
        CHECK(house.now - began >= 72h);
        CHECK(house.now - began <= 74h);
        CHECK(tries < 100);  // with an hour between them at last
        CHECK(house.count("SELECT count(*) FROM outbox WHERE state IN ('pending', 'sending')") == 0);
        create(house, online_event());
        CHECK(house.count("SELECT count(*) FROM outbox WHERE state = 'pending'") == 0);
        CHECK(house.count("SELECT count(*) FROM change_log WHERE action = 'webhook.pause'") == 1);
    }
}

TEST_CASE("a delivery that one process holds is not given to another, and goes on when it dies", "[webhooks]") {
    for (auto const& engine : engines()) {
        CAPTURE(engine);
        House house(engine);
        house.add_community("cop-mi");
        add_hook(house);
        create(house, online_event());
        auto const held = claim(house);
        REQUIRE(held.size() == 1);
        house.now += 29s;
        CHECK(claim(house).empty());
        house.now += 2s;
        // Whichever dispatcher looks first frees what a dead one held.
        house.write([&](Transaction& tx) -> result<std::size_t> { return usecases::claim_mails(tx, house.admin(), "mail", 5).size(); }).value();
        auto const again = claim(house);
        REQUIRE(again.size() == 1);
        CHECK(again[0].delivery.id == held[0].delivery.id);
        CHECK(again[0].delivery.body == held[0].delivery.body);
        CHECK(again[0].delivery.attempts == 0);
    }
}

TEST_CASE("a change and its deliveries are one thing", "[webhooks]") {
    for (auto const& engine : engines()) {
        CAPTURE(engine);
        House house(engine);
        house.add_community("cop-mi");
        add_hook(house);
        auto const refused = house.write([&](Transaction& tx) -> result<usecases::Event> {
            CONVOKE_TRY(event, usecases::create_event(tx, house.admin(), definition(online_event()), std::nullopt));
            return Failure(errc::invalid_state, "rolled back");
        });
        CHECK_FALSE(refused.has_value());
        CHECK(house.count("SELECT count(*) FROM outbox") == 0);
        create(house, online_event());
        CHECK(house.count("SELECT count(*) FROM outbox") == 1);
    }
}

TEST_CASE("lines are chained by one process at a time, in one chain", "[audit]") {
    for (auto const& engine : engines()) {
        CAPTURE(engine);
        House house(engine);
        house.add_community("cop-mi");
        auto const other = house.open_again();
        for (int i = 0; i < 20; ++i) house.add_member("cop-mi", "m" + std::to_string(i) + "@people.example");
        auto const chain = [](store::Database& db) {
            return db.write_now([](Transaction& tx) -> result<std::int64_t> { return usecases::chain_audit(tx, 7); }).value();
        };
        while (chain(house.db()) + chain(*other) > 0) {}
        auto const check = house.read([](Transaction& tx) -> result<usecases::AuditCheck> { return usecases::verify_audit(tx, ""); }).value();
        CHECK(check.fault == "");
        CHECK(check.waiting == 0);
        CHECK(check.lines == house.count("SELECT count(*) FROM change_log"));
        CHECK(check.lines >= 21);
    }
}
