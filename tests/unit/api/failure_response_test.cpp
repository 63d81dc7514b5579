#include "service/api/failure_response.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace convoke;

namespace {

std::vector<errc> every_code() {
    std::vector<errc> out;
    for (int i = 0; i <= static_cast<int>(errc::internal); ++i) out.push_back(static_cast<errc>(i));
    return out;
}

}  // namespace

TEST_CASE("every failure has a status and a title of its own") {
    std::set<std::string_view> titles;
    for (errc code : every_code()) {
        INFO(slug(code));
        auto const [status, title] = api::meaning_of(code);
        CHECK(((status >= 400 && status < 500) || status == 500 || status == 503));
        CHECK((status == 500) == (code == errc::internal));
        CHECK_FALSE(title.empty());
        CHECK(titles.insert(title).second);
        CHECK(api::problem_of(Failure(code, "x")).code == slug(code));
    }
}

TEST_CASE("the statuses that clients rely on") {
    std::map<errc, int> const fixed{
        {errc::json_syntax, 400},         {errc::json_too_deep, 400},     {errc::json_duplicate_key, 400}, {errc::bad_encoding, 400},
        {errc::unsupported_media_type, 415}, {errc::payload_too_large, 413}, {errc::unknown_field, 422},   {errc::validation_failed, 422},
        {errc::local_time_ambiguous, 422}, {errc::unauthenticated, 401},  {errc::forbidden, 403},          {errc::rate_limited, 429},
        {errc::not_found, 404},           {errc::changed_meanwhile, 412}, {errc::precondition_required, 428}, {errc::link_missing, 409},
        {errc::event_full, 409},          {errc::already_registered, 409}, {errc::overloaded, 503},        {errc::storage_full, 503}};
    for (auto const& [code, status] : fixed) {
        INFO(slug(code));
        CHECK(api::meaning_of(code).status == status);
    }
}

TEST_CASE("what passes by itself says when to come back") {
    for (errc code : every_code()) {
        INFO(slug(code));
        auto const problem = api::problem_of(Failure(code, "x"));
        bool const passes = problem.status == 503 || problem.status == 429 || code == errc::idempotency_in_progress;
        CHECK(problem.headers.contains("Retry-After") == passes);
    }
    Failure busy(errc::overloaded, "busy");
    busy.arguments["retryAfter"] = "7";
    CHECK(api::problem_of(busy).headers.at("Retry-After") == "7");
}

TEST_CASE("headers that belong to a failure") {
    Failure stale(errc::changed_meanwhile, "x");
    stale.arguments["currentEtag"] = "\"r4\"";
    CHECK(api::problem_of(stale).headers.at("ETag") == "\"r4\"");
    CHECK(api::problem_of(Failure(errc::unauthenticated, "x")).headers.at("WWW-Authenticate").starts_with("Bearer"));
}

TEST_CASE("all faults, and what machines want to know, stand in the document") {
    Failure failure(std::vector<Fault>{{"/name", errc::blank, "no name"}, {"/start", errc::local_time_ambiguous, "twice"}});
    failure.arguments["earlier"] = "2026-10-25T02:30:00+02:00";
    http::Request request;
    request.request_id = "abc";
    auto const response = api::failure_response(request, failure);
    CHECK(response.status == 422);
    CHECK(response.headers.get("Content-Type") == "application/problem+json");
    auto const json = boost::json::parse(response.body()).as_object();
    CHECK(json.at("code") == "validation_failed");
    CHECK(json.at("status") == 422);
    CHECK(json.at("requestId") == "abc");
    CHECK(json.at("earlier") == "2026-10-25T02:30:00+02:00");
    CHECK(json.at("errors").at(1).at("pointer") == "/start");
    CHECK(json.at("errors").at(1).at("code") == "local_time_ambiguous");
    for (auto const* name : {"type", "title", "detail"}) CHECK(json.contains(name));
}

TEST_CASE("what broke inside stays inside") {
    auto const problem = api::problem_of(Failure(errc::internal, "secret path /var/lib"));
    CHECK(problem.status == 500);
    CHECK(problem.detail.find("secret") == std::string::npos);
}
