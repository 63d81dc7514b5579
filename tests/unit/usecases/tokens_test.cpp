#include "service/usecases/tokens.hpp"

#include "service/usecases/capability.hpp"
#include "tests/unit/usecases/house.hpp"

using namespace convoke;
using test::House;
using test::Transaction;

namespace {

result<usecases::NewToken> create(House& house, usecases::Context const& context, std::string const& role,
                                  std::optional<std::string> community) {
    return house.write([&](Transaction& tx) { return usecases::create_token(tx, context, "script", role, community); });
}

std::optional<domain::Actor> actor(House& house, std::string const& text) {
    return house.read([&](Transaction& tx) -> result<std::optional<domain::Actor>> { return usecases::actor_of_token(tx, text); }).value();
}

}  // namespace

TEST_CASE("a token stands for its role and community until it is revoked") {
    House house(GENERATE(from_range(test::engines())));
    auto const id = house.add_community("cop-mi");
    auto const admin = create(house, house.admin(), "admin", {});
    auto const organiser = create(house, house.admin(), "organiser", "cop-mi");
    REQUIRE(admin.has_value());
    REQUIRE(organiser.has_value());
    CHECK(organiser->text.starts_with("cvk_"));
    CHECK(organiser->text.size() == 47);
    CHECK(organiser->text != admin->text);

    CHECK(actor(house, admin->text)->admin);
    CHECK_FALSE(actor(house, organiser->text)->admin);
    CHECK(actor(house, organiser->text)->organises == std::vector<std::int64_t>{id});
    CHECK(house.places_holding(organiser->text).empty());
    CHECK(house.places_holding(organiser->text.substr(4)).empty());

    auto wrong = organiser->text;
    wrong.back() = wrong.back() == 'A' ? 'B' : 'A';
    CHECK_FALSE(actor(house, wrong).has_value());
    CHECK_FALSE(actor(house, "").has_value());

    auto const revoke = [&] { return house.write([&](Transaction& tx) { return usecases::revoke_token(tx, house.admin(), organiser->id); }); };
    CHECK(revoke().has_value());
    CHECK_FALSE(actor(house, organiser->text).has_value());
    CHECK(actor(house, admin->text).has_value());
    CHECK(revoke().error().code == errc::not_found);
}

TEST_CASE("who may make a token, and which") {
    House house("sqlite");
    auto const id = house.add_community("cop-mi");
    CHECK(create(house, house.organiser_of(id), "organiser", "cop-mi").error().code == errc::forbidden);
    CHECK(create(house, house.admin(), "organiser", {}).error().code == errc::required);
    CHECK(create(house, house.admin(), "admin", "cop-mi").error().code == errc::invalid_value);
    CHECK(create(house, house.admin(), "king", {}).error().code == errc::invalid_value);
    CHECK(create(house, house.admin(), "organiser", "unknown").error().code == errc::not_found);
    CHECK(house.count("SELECT count(*) FROM api_token") == 0);
}

TEST_CASE("derived tokens serve one purpose, one subject and one version") {
    usecases::Instance instance{.base_url = "https://events.example", .secret = std::string(32, 's')};
    auto const feed = usecases::feed_token(instance, 42, 1);
    CHECK(feed.size() == 39);
    CHECK(usecases::feed_token_subject(feed) == 42);
    CHECK(feed == usecases::feed_token(instance, 42, 1));
    CHECK(feed != usecases::feed_token(instance, 42, 2));
    CHECK(feed != usecases::feed_token(instance, 43, 1));
    CHECK(feed != usecases::answer_token(instance, 42));
    CHECK_FALSE(usecases::verify_answer_token(instance, feed));

    auto const answer = usecases::answer_token(instance, 42);
    CHECK(usecases::verify_answer_token(instance, answer) == 42);
    std::string shouted = answer;
    for (char& c : shouted) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
    CHECK(usecases::verify_answer_token(instance, shouted) == 42);
    for (std::size_t i = 0; i < answer.size(); ++i) {
        auto forged = answer;
        forged[i] = forged[i] == '7' ? '8' : '7';
        CHECK_FALSE(usecases::verify_answer_token(instance, forged));
    }
    CHECK_FALSE(usecases::verify_answer_token(instance, ""));
    CHECK_FALSE(usecases::verify_answer_token(instance, answer.substr(1)));

    usecases::Instance other{.secret = std::string(32, 'o')};
    CHECK_FALSE(usecases::verify_answer_token(other, answer));
    CHECK(usecases::feed_url(instance, 42, 1) == "https://events.example/feeds/" + feed + ".ics");
}
