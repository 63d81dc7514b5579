#include "service/usecases/sign_in.hpp"

#include "service/core/crypto.hpp"
#include "tests/unit/usecases/house.hpp"

#include <atomic>
#include <barrier>
#include <thread>

using namespace convoke;
using namespace std::chrono_literals;
using test::House;
using test::Transaction;

namespace {

usecases::LoginLink link_for(House& house, std::string const& email) {
    return house.write([&](Transaction& tx) { return usecases::create_login_link(tx, house.admin(), email); }).value();
}

result<usecases::SignedIn> use(House& house, std::string const& token) {
    return house.write([&](Transaction& tx) { return usecases::use_login_link(tx, house.stranger(), token); });
}

void request(House& house, std::string const& email) {
    REQUIRE(house.write([&](Transaction& tx) { return usecases::request_login_link(tx, house.stranger(), email); }).has_value());
}

std::optional<usecases::Session> session(House& house, std::string const& token) {
    return house.read([&](Transaction& tx) -> result<std::optional<usecases::Session>> {
        return usecases::find_session(tx, house.now, token);
    }).value();
}

}  // namespace

TEST_CASE("a sign-in link works once and makes a session") {
    House house(GENERATE(from_range(test::engines())));
    auto const id = house.add_community("cop-mi");
    house.add_community("cop-ees");
    auto const person = house.add_member("cop-mi", "desk@example.org", "organiser");
    house.add_member("cop-ees", "desk@example.org", "chair");
    auto const link = link_for(house, "DESK@example.org");
    auto const token = usecases::login_token(house.instance, link.id);
    CHECK(usecases::login_url(house.instance, link.id) == "https://events.example/sign-in/" + token);

    auto const usable = [&] {
        return house.read([&](Transaction& tx) -> result<bool> { return usecases::login_link_is_usable(tx, house.stranger(), token); }).value();
    };
    CHECK(usable());
    CHECK(usable());  // looking changes nothing
    std::string shouted = token;
    for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    auto const signed_in = use(house, shouted);
    REQUIRE(signed_in.has_value());
    CHECK(signed_in->person.id == person);
    CHECK_FALSE(usable());
    CHECK(use(house, token).error().code == errc::not_found);

    auto const found = session(house, signed_in->session_token);
    REQUIRE(found.has_value());
    CHECK(found->actor.kind == domain::Actor::Kind::person);
    CHECK(found->actor.organises == std::vector<std::int64_t>{id});
    CHECK_FALSE(found->actor.admin);

    // Neither of the two secrets stands anywhere in the database.
    CHECK(house.places_holding(token).empty());
    CHECK(house.places_holding(signed_in->session_token).empty());
    CHECK_FALSE(house.places_holding(core::hex_encode(core::sha256(token))).empty());  // the search does find things
}

TEST_CASE("of many who press the button at once one is let in") {
    House house(GENERATE(from_range(test::engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    // Two services on one database: the second has not seen what the first one is about to write.
    auto const other = house.open_again();
    constexpr int rounds = 25, people = 8;
    std::vector<std::string> tokens;
    for (int i = 0; i < rounds; ++i) tokens.push_back(usecases::login_token(house.instance, link_for(house, "a@example.org").id));
    std::vector<std::atomic<int>> let_in(rounds);
    std::barrier together(people);
    std::vector<std::thread> crowd;
    for (int who = 0; who < people; ++who)
        crowd.emplace_back([&, who] {
            for (int round = 0; round < rounds; ++round) {
                auto const press = [&](Transaction& tx) {
                    return usecases::use_login_link(tx, house.stranger(), tokens[static_cast<std::size_t>(round)]);
                };
                together.arrive_and_wait();
                let_in[static_cast<std::size_t>(round)] += (who % 2 == 0 ? house.db().write_now(press) : other->write_now(press)).has_value();
            }
        });
    for (auto& one : crowd) one.join();
    for (auto const& count : let_in) CHECK(count == 1);
    CHECK(house.count("SELECT count(*) FROM session") == rounds);
}

TEST_CASE("a link is over after half an hour, a session after thirty days without use") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    auto const late = usecases::login_token(house.instance, link_for(house, "a@example.org").id);
    house.now += 30min;
    CHECK(use(house, late).error().code == errc::not_found);

    auto const in_time = usecases::login_token(house.instance, link_for(house, "a@example.org").id);
    house.now += 30min - 1s;
    auto const signed_in = use(house, in_time);
    REQUIRE(signed_in.has_value());
    house.now += 29 * 24h;
    auto const found = session(house, signed_in->session_token);
    REQUIRE(found.has_value());
    REQUIRE(house.write([&](Transaction& tx) -> result<void> {
        usecases::renew_session(tx, house.stranger(), found->id);
        return {};
    }).has_value());
    house.now += 30 * 24h - 1s;
    CHECK(session(house, signed_in->session_token).has_value());
    house.now += 1s;
    CHECK_FALSE(session(house, signed_in->session_token).has_value());
    CHECK(house.write([&](Transaction& tx) -> result<std::int64_t> { return usecases::remove_expired_sign_ins(tx, house.now); }).value() == 3);
}

TEST_CASE("signing out ends the session") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    auto const signed_in = use(house, usecases::login_token(house.instance, link_for(house, "a@example.org").id)).value();
    REQUIRE(house.write([&](Transaction& tx) -> result<void> {
        usecases::sign_out(tx, house.stranger(), signed_in.session_token);
        return {};
    }).has_value());
    CHECK_FALSE(session(house, signed_in.session_token).has_value());
}

TEST_CASE("a made-up token is refused, also one with a genuine id") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    auto token = usecases::login_token(house.instance, link_for(house, "a@example.org").id);
    token.back() = token.back() == '0' ? '1' : '0';
    for (auto const& bad : {token, std::string(), std::string("x"), token + "0", std::string(39, '0')})
        CHECK(use(house, bad).error().code == errc::not_found);
}

TEST_CASE("the form answers the same to everybody and mails to those it knows") {
    House house(GENERATE(from_range(test::engines())));
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    request(house, "nobody@example.org");
    CHECK(house.count("SELECT count(*) FROM outbox") == 0);
    request(house, "A@example.org");
    CHECK(house.count("SELECT count(*) FROM outbox WHERE kind = 'sign-in' AND state = 'pending'") == 1);
    CHECK(house.write([&](Transaction& tx) { return usecases::request_login_link(tx, house.stranger(), "not an address"); }).error().code ==
          errc::email_invalid);

    // The dispatcher makes the link out of the row: it opens the door.
    auto const subject = house.count("SELECT subject_id FROM outbox");
    CHECK(use(house, usecases::login_token(house.instance, subject)).has_value());
    CHECK(house.count("SELECT not_after - created_at FROM outbox") == 30 * 60);
}

TEST_CASE("nobody's mailbox is flooded with sign-in links") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@example.org");
    auto const mails = [&] { return house.count("SELECT count(*) FROM outbox"); };
    request(house, "a@example.org");
    request(house, "a@example.org");
    CHECK(mails() == 1);
    house.now += 59s;
    request(house, "a@example.org");
    CHECK(mails() == 1);
    for (int i = 0; i < 20; ++i) {
        house.now += 61s;
        request(house, "a@example.org");
    }
    CHECK(mails() == 5);
    house.now += 1h;
    request(house, "a@example.org");
    CHECK(mails() == 6);
}
