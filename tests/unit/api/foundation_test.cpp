// Paging, conditions, tokens in headers and media types: what every route of the API is built from.
#include "service/api/authentication.hpp"
#include "service/api/conditional.hpp"
#include "service/api/negotiation.hpp"
#include "service/api/paging.hpp"
#include "service/core/ids.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using http::Method;
using http::Request;

namespace {

Request with(std::string_view name, std::string_view value) {
    Request request(Method::get, "/api/v1/x");
    request.headers.set(name, value);
    return request;
}

}  // namespace

TEST_CASE("the token stands behind Bearer") {
    CHECK(api::bearer_token(with("Authorization", "Bearer abc")) == "abc");
    CHECK(api::bearer_token(with("Authorization", "bearer   abc ")) == "abc");
    CHECK_FALSE(api::bearer_token(with("Authorization", "Basic abc")));
    CHECK_FALSE(api::bearer_token(with("Authorization", "Bearer ")));
    CHECK_FALSE(api::bearer_token(with("Authorization", "Bearer")));
    CHECK_FALSE(api::bearer_token(Request(Method::get, "/")));
}

TEST_CASE("If-Match is needed, and compared with the revision") {
    CHECK(api::required_condition(Request(Method::patch, "/")).error().code == errc::precondition_required);
    CHECK(api::required_condition(with("If-Match", "r3")).error().code == errc::bad_request);
    auto const three = api::required_condition(with("If-Match", "\"r3\""));
    REQUIRE(three.has_value());
    CHECK(three->check(3).has_value());
    auto const stale = three->check(4);
    REQUIRE_FALSE(stale.has_value());
    CHECK(stale.error().code == errc::changed_meanwhile);
    CHECK(stale.error().arguments.at("currentEtag") == "\"r4\"");
    CHECK(api::required_condition(with("If-Match", "*"))->check(9).has_value());
    CHECK(api::required_condition(with("If-Match", "\"r1\", \"r9\""))->check(9).has_value());
    CHECK_FALSE(api::required_condition(with("If-Match", "W/\"r9\""))->check(9).has_value());
    CHECK(api::optional_condition(Request(Method::del, "/"))->check(9).has_value());
}

TEST_CASE("pages have a limit and a cursor") {
    CHECK(api::page_request(Request(Method::get, "/x"))->limit == 50);
    auto const page = api::page_request(Request(Method::get, "/x?limit=2&cursor=" + api::cursor_behind("/x", 42)));
    REQUIRE(page.has_value());
    CHECK(page->one_more().limit == 3);
    CHECK(page->after == 42);
    for (auto const* bad : {"0", "201", "-1", "x", "2x", "", "99999999999999999999"})
        CHECK(api::page_request(Request(Method::get, std::string("/x?limit=") + bad)).error().code == errc::out_of_range);
    CHECK(api::page_request(Request(Method::get, "/x?limit=201")).error().detail.find("1 to 200") != std::string::npos);
    // Every damage of a cursor is noticed, also one that leaves a possible id.
    std::string const cursor = api::cursor_behind("/x", 42);
    for (std::size_t i = 0; i < cursor.size(); ++i) {
        std::string damaged = cursor;
        damaged[i] = damaged[i] == '3' ? '5' : '3';
        CHECK(api::page_request(Request(Method::get, "/x?cursor=" + damaged)).error().code == errc::bad_request);
    }
    for (std::string const& bad : {std::string("7"), std::string(), core::format_id(42), cursor + "x", cursor.substr(1)})
        CHECK(api::page_request(Request(Method::get, "/x?cursor=" + bad)).error().code == errc::bad_request);
    // So is a cursor of another list, with and without the API's root.
    CHECK(api::page_request(Request(Method::get, "/api/v1/x?cursor=" + cursor))->after == 42);
    CHECK(api::page_request(Request(Method::get, "/y?cursor=" + cursor)).error().code == errc::bad_request);
    CHECK(api::check_query(Request(Method::get, "/x?limit=1&stat=draft"), {"limit", "state"}).error().code == errc::unknown_field);
}

TEST_CASE("a list says where it goes on") {
    struct Item {
        std::int64_t id;
    };
    auto const encode = [](Item const& item) { return boost::json::value(item.id); };
    std::vector<Item> const three{{1}, {2}, {3}};
    CHECK(api::list_response(api::PageRequest{2, {}, "/x"}, three, encode).body() ==
          "{\"items\":[1,2],\"next\":\"" + api::cursor_behind("/x", 2) + "\"}");
    CHECK(api::list_response(api::PageRequest{3, {}, "/x"}, three, encode).body() == "{\"items\":[1,2,3],\"next\":null}");
}

TEST_CASE("the caller's favourite media type is given") {
    auto const choose = [](std::string_view accept) {
        return api::choose_media_type(with("Accept", accept), {"application/json", "text/csv"});
    };
    CHECK(choose("*/*").value() == "application/json");
    CHECK(choose("text/csv").value() == "text/csv");
    CHECK(choose("text/*").value() == "text/csv");
    CHECK(choose("Text/CSV;header=present").value() == "text/csv");
    CHECK(choose("application/json;q=0.5, text/csv;q=0.9").value() == "text/csv");
    CHECK(choose("text/csv;q=0, */*").value() == "application/json");
    CHECK(choose("image/png, */*;q=0.1").value() == "application/json");
    CHECK(choose("image/png").error().code == errc::not_acceptable);
    CHECK(choose("application/json;q=0").error().code == errc::not_acceptable);
    CHECK(api::choose_media_type(Request(Method::get, "/"), {"application/json"}).value() == "application/json");
}
