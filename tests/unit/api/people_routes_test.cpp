// The routes around communities and their people, through the router, over a real database.
#include "service/api/community_routes.hpp"
#include "service/api/group_routes.hpp"
#include "service/api/member_routes.hpp"
#include "service/api/programme_routes.hpp"
#include "service/usecases/tokens.hpp"
#include "tests/unit/usecases/house.hpp"

#include <boost/json/parse.hpp>

using namespace convoke;
using http::Method;
using test::House;
using test::Transaction;

namespace {

struct TestClock final : core::Clock {
    explicit TestClock(House const& h) : house(h) {}
    std::chrono::sys_seconds now() const override { return house.now; }
    House const& house;
};

struct Answer {
    int status;
    http::Headers headers;
    std::string body;
    boost::json::value json() const { return boost::json::parse(body); }
    std::string header(std::string_view name) const { return std::string(headers.get(name).value_or("")); }
};

class Api {
 public:
    Api() : house("sqlite"), clock(house), services{house.db(), house.instance, clock} {
        api::add_community_routes(router, services);
        api::add_member_routes(router, services);
        api::add_group_routes(router, services);
        api::add_programme_routes(router, services);
        admin = token("admin", {});
    }

    std::string token(std::string const& role, std::optional<std::string> community) {
        return house.write([&](Transaction& tx) { return usecases::create_token(tx, house.admin(), "t", role, community); }).value().text;
    }

    Answer call(Method method, std::string const& target, std::string const& body = {}, std::string const& as = {},
                std::vector<std::pair<std::string, std::string>> const& headers = {}) {
        http::Request request(method, "/api/v1" + target);
        request.request_id = "test";
        std::string const& who = as.empty() ? admin : as;
        if (who != "nobody") request.headers.set("Authorization", "Bearer " + who);
        if (!body.empty()) request.headers.set("Content-Type", "application/json");
        for (auto const& [name, value] : headers) request.headers.set(name, value);
        request.body = body;
        std::optional<Answer> answer;
        store::test::complete([&]() -> boost::asio::awaitable<void> {
            auto const response = co_await router.dispatch(request);
            answer = Answer{response.status, response.headers, std::string(response.body())};
        }());
        INFO(answer->body);
        return *answer;
    }

    House house;
    TestClock clock;
    api::ApiServices services;
    http::Router router;
    std::string admin;
};

constexpr auto community = R"({"slug":"cop-mi","name":"Migrant Integration","timeZone":"Europe/Brussels","language":"en","contactEmail":"desk@example.org"})";

}  // namespace

TEST_CASE("who has no valid token is told so before anything else") {
    Api api;
    for (auto const& [method, target] : std::vector<std::pair<Method, std::string>>{{Method::get, "/communities"},
                                                                                   {Method::post, "/communities"},
                                                                                   {Method::patch, "/communities/x"},
                                                                                   {Method::del, "/communities/x/members/y"}})
        for (auto const* who : {"nobody", "wrong"}) {
            auto const answer = api.call(method, target, "", who);
            CHECK(answer.status == 401);
            CHECK(answer.header("WWW-Authenticate").starts_with("Bearer"));
            CHECK(answer.json().at("code") == "unauthenticated");
        }
    CHECK(api.house.count("SELECT count(*) FROM community") == 0);
}

TEST_CASE("a community from creation to change") {
    Api api;
    auto const made = api.call(Method::post, "/communities", community);
    REQUIRE(made.status == 201);
    CHECK(made.header("Location") == "/api/v1/communities/cop-mi");
    CHECK(made.header("ETag") == "\"r1\"");
    CHECK(made.json().at("slug") == "cop-mi");
    CHECK(made.json().at("id").is_string());
    CHECK(api.call(Method::post, "/communities", community).status == 409);

    auto const got = api.call(Method::get, "/communities/cop-mi");
    CHECK(got.status == 200);
    CHECK(got.header("ETag") == "\"r1\"");
    CHECK(api.call(Method::get, "/communities/cop-mi", "", "", {{"If-None-Match", "\"r1\""}}).status == 304);
    CHECK(api.call(Method::get, "/communities/none").status == 404);

    auto const patch = R"({"name":"Integration"})";
    CHECK(api.call(Method::patch, "/communities/cop-mi", patch).status == 428);
    auto const changed = api.call(Method::patch, "/communities/cop-mi", patch, "", {{"If-Match", "\"r1\""}});
    CHECK(changed.status == 200);
    CHECK(changed.header("ETag") == "\"r2\"");
    CHECK(changed.json().at("name") == "Integration");
    CHECK(changed.json().at("contactEmail") == "desk@example.org");
    auto const stale = api.call(Method::patch, "/communities/cop-mi", patch, "", {{"If-Match", "\"r1\""}});
    CHECK(stale.status == 412);
    CHECK(stale.header("ETag") == "\"r2\"");
    CHECK(api.call(Method::patch, "/communities/cop-mi", R"({"name":null})", "", {{"If-Match", "\"r2\""}}).status == 422);
    auto const unknown = api.call(Method::patch, "/communities/cop-mi", R"({"isAdmin":true})", "", {{"If-Match", "\"r2\""}});
    CHECK(unknown.status == 422);
    CHECK(unknown.json().at("code") == "unknown_field");
    CHECK(unknown.json().at("errors").at(0).at("pointer") == "/isAdmin");
    CHECK(api.call(Method::get, "/communities").json().at("items").as_array().size() == 1);
}

TEST_CASE("an organiser's token is bound to its community") {
    Api api;
    api.house.add_community("cop-mi");
    api.house.add_community("cop-ees");
    auto const organiser = api.token("organiser", "cop-mi");
    CHECK(api.call(Method::post, "/communities", community, organiser).status == 403);
    CHECK(api.call(Method::get, "/communities/cop-mi", "", organiser).status == 200);
    CHECK(api.call(Method::get, "/communities/cop-ees", "", organiser).status == 404);
    CHECK(api.call(Method::get, "/communities/cop-ees/members", "", organiser).status == 404);
    CHECK(api.call(Method::get, "/communities/cop-ees/programmes", "", organiser).status == 404);
    CHECK(api.call(Method::post, "/communities/cop-ees/groups", R"({"slug":"x","name":"x"})", organiser).status == 404);
    CHECK(api.call(Method::get, "/communities", "", organiser).json().at("items").as_array().size() == 1);
}

TEST_CASE("a member from joining to leaving") {
    Api api;
    api.house.add_community("cop-mi");
    std::string const members = "/communities/cop-mi/members";
    auto const made = api.call(Method::post, members, R"({"email":"anna@example.org","name":"Anna","country":"IE"})");
    REQUIRE(made.status == 201);
    auto const id = std::string(made.json().at("id").as_string());
    CHECK(made.header("Location") == "/api/v1" + members + "/" + id);
    CHECK(made.json().at("timeZone") == "Europe/Dublin");
    CHECK(std::string(made.json().at("feedUrl").as_string()).starts_with("https://events.example/feeds/"));
    CHECK(std::string(made.json().at("feedUrl").as_string()).ends_with(".ics"));

    auto const one = members + "/" + id;
    CHECK(api.call(Method::get, one).json().at("feedUrl") == made.json().at("feedUrl"));
    CHECK(api.call(Method::get, members + "/nonsense").status == 404);
    CHECK(api.call(Method::patch, one, R"({"role":"organiser"})", "", {{"If-Match", made.header("ETag")}}).json().at("role") == "organiser");
    CHECK(api.call(Method::patch, one, R"({"email":"x@example.org"})", "", {{"If-Match", "\"r2\""}}).status == 422);
    CHECK(api.call(Method::del, one, "", "", {{"If-Match", "\"r1\""}}).status == 412);
    CHECK(api.call(Method::del, one).status == 204);
    CHECK(api.call(Method::del, one).status == 404);
    CHECK(api.house.count("SELECT count(*) FROM outbox") == 0);
}

TEST_CASE("the members come in pages or as a table") {
    Api api;
    api.house.add_community("cop-mi");
    for (int i = 0; i < 5; ++i) api.house.add_member("cop-mi", "m" + std::to_string(i) + "@example.org");
    std::string const members = "/communities/cop-mi/members";
    std::vector<std::string> seen;
    std::string cursor;
    for (int pages = 0; pages < 3; ++pages) {
        auto const page = api.call(Method::get, members + "?limit=2" + cursor);
        REQUIRE(page.status == 200);
        CHECK_FALSE(page.header("ETag").empty());
        auto const json = page.json();
        for (auto const& item : json.at("items").as_array()) {
            seen.emplace_back(item.at("email").as_string());
            CHECK(item.as_object().contains("feedUrl"));
        }
        auto const& next = json.at("next");
        CHECK(next.is_null() == (pages == 2));
        if (next.is_string()) cursor = "&cursor=" + std::string(next.as_string());
    }
    CHECK(seen.size() == 5);
    CHECK(api.call(Method::get, members + "?limit=0").status == 422);
    CHECK(api.call(Method::get, members + "?stat=x").status == 422);

    auto const table = api.call(Method::get, members, "", "", {{"Accept", "text/csv"}});
    CHECK(table.status == 200);
    CHECK(table.header("Content-Type").starts_with("text/csv; charset=utf-8"));
    CHECK(table.body.starts_with("email,name,organisation,category,country,language,timeZone,role\r\n"));
    CHECK(std::count(table.body.begin(), table.body.end(), '\n') == 6);
    CHECK(api.call(Method::get, members, "", "", {{"Accept", "image/png"}}).status == 406);
}

TEST_CASE("what a spreadsheet would run is only text in the table") {
    auto const csv = api::members_as_csv({{.email = "a@example.org", .name = "=HYPERLINK(\"http://x\")", .organisation = "a,b\n\"c\""}});
    CHECK(csv.find("\n=") == std::string::npos);
    CHECK(csv.find(",=") == std::string::npos);
    CHECK(csv.find("\"=") == std::string::npos);
    CHECK(csv.find("\"a,b\n\"\"c\"\"\"") != std::string::npos);
}

TEST_CASE("a working group's members are put in and taken out") {
    Api api;
    api.house.add_community("cop-mi");
    std::string const groups = "/communities/cop-mi/groups";
    CHECK(api.call(Method::post, groups, R"({"slug":"skills","name":"Skills"})").header("Location") == "/api/v1" + groups + "/skills");
    auto const member = api.call(Method::post, "/communities/cop-mi/members", R"({"email":"a@example.org"})").json();
    auto const place = groups + "/skills/members/" + std::string(member.at("id").as_string());
    CHECK(api.call(Method::put, place).status == 204);
    CHECK(api.call(Method::put, place).status == 204);
    CHECK(api.call(Method::get, groups + "/skills/members").json().at("items").as_array().size() == 1);
    CHECK(api.call(Method::del, place).status == 204);
    CHECK(api.call(Method::del, place).status == 404);
    CHECK(api.call(Method::get, groups).json().at("items").as_array().size() == 1);
    CHECK(api.call(Method::get, groups + "/none").status == 404);
    CHECK(api.call(Method::patch, groups + "/skills", R"({"name":"S"})", "", {{"If-Match", "\"r1\""}}).json().at("name") == "S");
}

TEST_CASE("a programme is kept as it was given") {
    Api api;
    api.house.add_community("cop-mi");
    std::string const programmes = "/communities/cop-mi/programmes";
    auto const body = R"({"title":"Work programme","period":"2026","objectives":[{"code":"01","title":"Pathways","topics":[{"code":"01 PT 02","title":"Housing"}]}],"outputs":[{"type":"report","title":"Mapping","due":"November/December","topics":["01 PT 02"]}]})";
    auto const made = api.call(Method::post, programmes, body);
    REQUIRE(made.status == 201);
    auto const one = programmes + "/" + std::string(made.json().at("id").as_string());
    auto json = api.call(Method::get, one).json().as_object();
    for (auto const* name : {"id", "created", "updated"}) CHECK(json.erase(name) == 1);
    CHECK(boost::json::value(json) == boost::json::parse(body));
    CHECK(api.call(Method::patch, one, R"({"outputs":null})", "", {{"If-Match", "\"r1\""}}).json().at("outputs").as_array().empty());
    CHECK(api.call(Method::get, programmes).json().at("items").as_array().size() == 1);
    CHECK(api.call(Method::del, one).status == 204);
}

TEST_CASE("a body that is no JSON never reaches the database") {
    Api api;
    CHECK(api.call(Method::post, "/communities", "{\"name\": ").json().at("code") == "json_syntax");
    CHECK(api.call(Method::post, "/communities", community, "", {{"Content-Type", "text/plain"}}).status == 415);
    CHECK(api.call(Method::post, "/communities", R"({"slug":"a","slug":"b"})").json().at("code") == "json_duplicate_key");
    auto const several = api.call(Method::post, "/communities", R"({"slug":"A B","isAdmin":true})");
    CHECK(several.status == 422);
    CHECK(several.json().at("errors").as_array().size() == 4);
}

TEST_CASE("a list's validator changes with the list") {
    Api api;
    api.call(Method::post, "/communities", R"({"slug":"cop-mi","name":"CoP","timeZone":"Europe/Brussels","language":"en","contactEmail":"desk@x.example"})");
    auto const empty = api.call(Method::get, "/communities/cop-mi/members");
    CHECK(api.call(Method::get, "/communities/cop-mi/members", "", "", {{"If-None-Match", empty.header("ETag")}}).status == 304);
    api.call(Method::post, "/communities/cop-mi/members", R"({"email":"a@x.example","name":"A"})");
    auto const one = api.call(Method::get, "/communities/cop-mi/members", "", "", {{"If-None-Match", empty.header("ETag")}});
    CHECK(one.status == 200);
    CHECK(one.header("ETag") != empty.header("ETag"));
}
