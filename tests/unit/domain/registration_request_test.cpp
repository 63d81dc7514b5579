#include "service/domain/registration_request.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace convoke;

namespace {

using Places = std::set<std::pair<std::string, errc>>;

domain::EventDefinition asking_event() {
    domain::EventDefinition definition;
    definition.format = "on-site";
    definition.registration.questions = {{"diet", "text", "Dietary needs", true, true, {}},
                                         {"day", "choice", "Which day", false, false, {"first", "both"}},
                                         {"bus", "boolean", "By bus", false, false, {}},
                                         {"a/b", "text", "A path", true, false, {}}};
    return definition;
}

Places places(std::string const& text) {
    auto const checked = domain::check_registration_request(asking_event(), domain::decode_registration_request(boost::json::parse(text).as_object()));
    Places found;
    if (checked) return found;
    for (Fault const& fault : checked.error().faults) CHECK(found.emplace(fault.pointer, fault.code).second);
    return found;
}

}  // namespace

TEST_CASE("a registration in its usual spelling") {
    auto const checked = domain::check_registration_request(
        asking_event(), domain::decode_registration_request(boost::json::parse(R"({"email":" Anna@M\u00fcnchen.example ","name":"Anna","country":"ireland",
            "language":"EN-gb","timeZone":"Europe/Dublin","answers":{"diet":"none","bus":true,"day":"both","a/b":"x"}})").as_object()));
    REQUIRE(checked.has_value());
    CHECK(checked->email == "Anna@xn--mnchen-3ya.example");
    CHECK(checked->country == "IE");
    CHECK(checked->language == "en-GB");
    CHECK(checked->mode == "on-site");
    CHECK(checked->answers.at("bus") == "true");
}

TEST_CASE("everything wrong with a registration is named at once") {
    CHECK(places(R"({"email":"a@b\r\nBcc: x@y","name":7,"mode":"by boat","language":"no tag","timeZone":"CEST","organisation":"x\u202ey",
            "country":"Atlantis","answers":{"diet":true,"day":"second","bus":"perhaps","colour":"red"},"isAdmin":true})") ==
          Places{{"/email", errc::email_invalid}, {"/name", errc::wrong_type}, {"/mode", errc::invalid_value}, {"/language", errc::invalid_value},
                 {"/timeZone", errc::unknown_time_zone}, {"/organisation", errc::control_character}, {"/country", errc::invalid_value},
                 {"/answers/diet", errc::wrong_type}, {"/answers/day", errc::invalid_value}, {"/answers/bus", errc::invalid_value},
                 {"/answers/colour", errc::unknown_field}, {"/answers/a~1b", errc::required}, {"/isAdmin", errc::unknown_field}});
    CHECK(places(R"({"answers":{"diet":5}})") ==
          Places{{"/email", errc::required}, {"/answers/diet", errc::wrong_type}, {"/answers/a~1b", errc::required}});
    CHECK(places(R"({"email":5,"answers":[]})") ==
          Places{{"/email", errc::wrong_type}, {"/answers", errc::wrong_type}, {"/answers/diet", errc::required}, {"/answers/a~1b", errc::required}});
}

TEST_CASE("what comes from a form, without a reader, is looked at in the same way") {
    domain::RegistrationRequest request;
    request.email = "anna@example.org";
    request.name = std::string(201, 'x');
    request.answers = {{"diet", "a\x01" "b"}, {"a/b", std::string(2001, 'x')}};
    auto const checked = domain::check_registration_request(asking_event(), request);
    REQUIRE(checked.has_error());
    CHECK(checked.error().faults.size() == 3);
}
