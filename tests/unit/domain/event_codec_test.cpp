#include "service/domain/event_codec.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <catch2/catch.hpp>

#include <set>

using namespace convoke;
using domain::EventDefinition;

namespace {

// The whole event of the contract.
constexpr char const* whole = R"({"communities":["cop-mi","cop-ees"],"kind":"study-visit","format":"hybrid","title":"Labour market paths",
 "description":"Two days\nwith our hosts","start":"2027-05-20T09:00:00","timeZone":"Europe/Rome","duration":"P1DT8H","locale":"en",
 "interpretation":["it","fr"],
 "locations":{"1":{"@type":"Location","name":"Palazzo","description":"Via Roma 1, Salerno","coordinates":"geo:40.68,14.76"}},
 "virtualLocations":{"1":{"@type":"VirtualLocation","name":"Plenary room","uri":"https://meet.example/abc"}},
 "registration":{"policy":"members","opens":"2027-02-01T09:00:00","closes":"2027-05-01T18:00:00","capacity":{"onSite":40,"online":300},
   "limits":{"perOrganisation":2,"perCountry":3},"waitlist":{"offerFor":"P2D"},
   "questions":[{"id":"diet","type":"text","label":"Dietary needs","required":false,"sensitive":true}]},
 "reminders":["P14D","P1D","PT1H"],"topics":["01 PT 02"],"workingGroup":"drafting"})";

boost::json::object object(std::string const& text) { return boost::json::parse(text).as_object(); }

// The whole event with one member replaced.
result<EventDefinition> with(std::string const& patch) {
    return domain::patch_event(domain::decode_event(object(whole)).value(), object(patch));
}

std::string code(std::string const& patch) {
    auto const decoded = with(patch);
    return decoded ? "taken" : std::string(slug(decoded.error().code));
}

std::string minimal(std::string const& schedule) {
    return R"({"communities":["c"],"kind":"event","format":"online","title":"T",)" + schedule + "}";
}
std::string schedule_code(std::string const& schedule) {
    auto const decoded = domain::decode_event(object(minimal(schedule)));
    return decoded ? "taken" : std::string(slug(decoded.error().code));
}

}  // namespace

TEST_CASE("an event comes out of the store as it went in") {
    auto const definition = domain::decode_event(object(whole)).value();
    CHECK(domain::decode_event(domain::encode_event(definition)).value() == definition);
    CHECK(definition.registration.capacity_on_site == 40);
    CHECK(definition.reminders == std::vector<std::string>{"P14D", "P1D", "PT1H"});
    for (char const* schedule : {R"("provisional":{"earliest":"2027-10-01","latest":"2027-10-31"})",
                                 R"("start":"2027-06-17T00:00:00","showWithoutTime":true,"duration":"P2D","timeZone":"Europe/Rome")",
                                 R"("start":"2027-06-17T10:00:00","timeZone":"Europe/Rome","duration":"PT1H","recurrenceRules":[
                                    {"frequency":"monthly","count":5,"byDay":[{"day":"th","nthOfPeriod":3}]}],
                                    "recurrenceOverrides":{"2027-08-19T10:00:00":{"excluded":true}})"}) {
        auto const decoded = domain::decode_event(object(minimal(schedule)));
        REQUIRE(decoded.has_value());
        CHECK(domain::decode_event(domain::encode_event(*decoded)).value() == *decoded);
    }
}

TEST_CASE("all faults of an event are named at once, each with its pointer") {
    auto const decoded = domain::decode_event(object(R"({"communities":[],"kind":"party","format":"online","title":"  ","isAdmin":true})"));
    REQUIRE(decoded.has_error());
    std::vector<std::string> pointers;
    for (Fault const& fault : decoded.error().faults) pointers.push_back(fault.pointer);
    for (char const* pointer : {"/communities", "/kind", "/title", "/isAdmin", "/start"}) {
        INFO(pointer);
        CHECK(std::find(pointers.begin(), pointers.end(), pointer) != pointers.end());
    }
}

TEST_CASE("bad values have their own codes") {
    CHECK(code(R"({"isAdmin":true})") == "unknown_field");
    CHECK(code(R"({"registration":{"capacity":{"onSite":-1}}})") == "out_of_range");
    CHECK(code(R"({"registration":{"capacity":{"onSite":2.5}}})") != "taken");
    CHECK(code(R"j({"virtualLocations":{"1":{"uri":"javascript:alert(1)"}}})j") == "url_scheme");
    CHECK(code(R"({"virtualLocations":{"1":{"uri":"https://x.example/\r\nATTENDEE:mailto:a"}}})") != "taken");
    CHECK(code(R"({"title":" "})") == "blank");
    CHECK(code(R"({"title":"a\u0000b"})") == "control_character");
    CHECK(code(R"({"title":"\u202Eabc"})") == "control_character");
    CHECK(code("{\"title\":\"" + std::string(1000, 'x') + "\"}") == "too_long");
    CHECK(code(R"({"reminders":["P400D"]})") == "reminder_offset");
    CHECK(code(R"({"reminders":["-PT1H"]})") == "reminder_offset");
    CHECK(code(R"({"registration":{"opens":"2027-05-02T09:00:00"}})") == "end_before_start");
    CHECK(code(R"({"locale":"english language"})") == "invalid_value");
}

TEST_CASE("impossible times are refused with what would be right") {
    CHECK(schedule_code("\"locale\":\"en\"") == "schedule_required");
    CHECK(schedule_code(R"("start":"2027-03-28T02:30:00","timeZone":"Europe/Brussels","duration":"PT1H")") == "local_time_does_not_exist");
    CHECK(schedule_code(R"("start":"2027-10-31T02:30:00","timeZone":"Europe/Brussels","duration":"PT1H")") == "local_time_ambiguous");
    CHECK(schedule_code(R"("start":"2027-02-30T10:00:00","timeZone":"Europe/Brussels","duration":"PT1H")") == "invalid_date");
    CHECK(schedule_code(R"("start":"2027-02-03T10:00:00","timeZone":"Europe/Brusels","duration":"PT1H")") == "unknown_time_zone");
    CHECK(schedule_code(R"("start":"2027-02-03T10:00:00","timeZone":"CEST","duration":"PT1H")") == "unknown_time_zone");
    CHECK(schedule_code(R"("start":"2027-02-03T10:00:00","timeZone":"Europe/Brussels","duration":"2 hours")") == "invalid_duration");
    CHECK(schedule_code(R"("provisional":{"earliest":"2027-10-31","latest":"2027-10-01"})") == "end_before_start");
    std::string const base = R"("start":"2027-02-03T10:00:00","timeZone":"Europe/Brussels","duration":"PT1H","recurrenceRules":)";
    CHECK(schedule_code(base + R"([{"frequency":"secondly"}])") == "recurrence_not_supported");
    CHECK(schedule_code(base + R"([{"frequency":"daily","count":1000000000}])") == "too_many_occurrences");
    CHECK(schedule_code(base + R"([{"frequency":"yearly","byMonth":["2"],"byMonthDay":[30]}])") == "recurrence_never_happens");
    CHECK(schedule_code(base + R"([{"frequency":"daily","count":3,"until":"2027-03-01T00:00:00"}])") == "recurrence_invalid");
    CHECK(schedule_code(base + R"([{"frequency":"daily","interval":0}])") == "recurrence_invalid");
}

TEST_CASE("how certain a window is goes into its schedule and comes back") {
    using Certainty = calendar::Provisional::Certainty;
    for (auto const& [name, certainty] : {std::pair("idea", Certainty::idea), std::pair("tbc", Certainty::to_be_confirmed),
                                          std::pair("confirmed", Certainty::confirmed)}) {
        auto const read = domain::decode_event(object(minimal(
            R"("provisional":{"earliest":"2027-10-01","latest":"2027-10-31"},"certainty":")" + std::string(name) + "\"")));
        REQUIRE(read.has_value());
        CHECK(std::get<calendar::Provisional>(read->schedule.when).certainty == certainty);
        CHECK(domain::encode_event(*read).at("certainty").as_string() == name);
    }
}

TEST_CASE("fixing a window needs no null, and neither does its opposite") {
    auto const window = domain::decode_event(object(minimal(R"("provisional":{"earliest":"2027-10-01","latest":"2027-10-31"})"))).value();
    auto const fixed = domain::patch_event(window, object(R"({"start":"2027-10-07T10:00:00","timeZone":"Europe/Rome","duration":"PT1H"})"));
    REQUIRE(fixed.has_value());
    CHECK(fixed->schedule.fixed());
    auto const again = domain::patch_event(*fixed, object(R"({"provisional":{"earliest":"2027-11-01","latest":"2027-11-30"}})"));
    REQUIRE(again.has_value());
    CHECK(again->schedule.provisional());
    CHECK(domain::patch_event(*fixed, object(R"({"title":null})")).error().code == errc::required);
}

namespace {

using Places = std::set<std::pair<std::string, errc>>;

Places places_of(std::string const& json) {
    auto const decoded = domain::decode_event(object(json));
    if (decoded) return {};
    Places places;
    for (Fault const& fault : decoded.error().faults) places.emplace(fault.pointer, fault.code);
    return places;
}

std::string on_17_june(std::string const& more) {
    return minimal(R"("start":"2027-06-17T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H",)" + more);
}

}  // namespace

TEST_CASE("what ends before it begins is refused with both pointers") {
    for (std::string const length : {"PT0S", "-PT1H", "P0D", "-P1D"}) {
        INFO(length);
        CHECK(places_of(minimal(R"("start":"2027-06-17T10:00:00","timeZone":"Europe/Brussels","duration":")" + length + "\"")) ==
              Places{{"/start", errc::end_before_start}, {"/duration", errc::end_before_start}});
    }
    CHECK(places_of(minimal(R"("provisional":{"earliest":"2027-10-31","latest":"2027-10-01"})")) ==
          Places{{"/provisional/earliest", errc::end_before_start}, {"/provisional/latest", errc::end_before_start}});
    CHECK(places_of(on_17_june(R"("registration":{"opens":"2027-06-01T10:00:00","closes":"2027-06-01T10:00:00"})")) ==
          Places{{"/registration/opens", errc::end_before_start}, {"/registration/closes", errc::end_before_start}});
    CHECK(places_of(on_17_june(R"("registration":{"closes":"2027-06-17T12:00:00"})")).empty());
    CHECK(places_of(on_17_june(R"("registration":{"closes":"2027-06-17T12:00:01"})")) ==
          Places{{"/registration/closes", errc::end_before_start}, {"/duration", errc::end_before_start}});
    CHECK(places_of(on_17_june(R"("registration":{"opens":"2027-06-17T12:00:00"})")) ==
          Places{{"/registration/opens", errc::end_before_start}, {"/duration", errc::end_before_start}});
    CHECK(places_of(minimal(R"("provisional":{"earliest":"2027-10-01","latest":"2027-10-31"},"registration":{"closes":"2027-11-02T00:00:00"})")) ==
          Places{{"/registration/closes", errc::end_before_start}, {"/provisional/latest", errc::end_before_start}});
    std::string const series = R"("recurrenceRules":[{"frequency":"weekly","count":3}],"registration":{"closes":)";
    CHECK(places_of(on_17_june(series + "\"2027-07-01T11:00:00\"}")).empty());
    CHECK(places_of(on_17_june(series + "\"2027-07-02T11:00:00\"}")) ==
          Places{{"/registration/closes", errc::end_before_start}, {"/recurrenceRules/0", errc::end_before_start}});
}

TEST_CASE("registration opens and closes at hours that exist once") {
    auto const gap = domain::decode_event(object(on_17_june(R"("registration":{"opens":"2027-03-28T02:30:00"})")));
    REQUIRE(gap.has_error());
    CHECK(gap.error().code == errc::local_time_does_not_exist);
    CHECK(gap.error().faults.front().pointer == "/registration/opens");
    CHECK(gap.error().arguments.at("later") == "2027-03-28T03:30:00+02:00");
    CHECK(places_of(on_17_june(R"("registration":{"opens":"2026-10-25T02:30:00"})")) ==
          Places{{"/registration/opens", errc::local_time_ambiguous}});
}

TEST_CASE("each fault is named whatever else is wrong") {
    CHECK(places_of(minimal(R"("start":"2027-03-28T02:30:00","timeZone":"Europe/Brussels","duration":"two hours","reminders":[5,"P400D","P1D","-PT1H"],"interpretation":[1,"no such"])")) ==
          Places{{"/start", errc::local_time_does_not_exist}, {"/duration", errc::invalid_duration}, {"/reminders/0", errc::wrong_type},
                 {"/reminders/1", errc::reminder_offset}, {"/reminders/3", errc::reminder_offset}, {"/interpretation/0", errc::wrong_type},
                 {"/interpretation/1", errc::invalid_value}});
    CHECK(places_of(minimal(R"("timeZone":"CEST","duration":5)")) ==
          Places{{"/start", errc::schedule_required}, {"/timeZone", errc::unknown_time_zone}, {"/duration", errc::wrong_type}});
}

TEST_CASE("what was stored stays readable when the rules of time have changed") {
    auto const gap = object(minimal(R"("start":"2027-03-28T02:30:00","timeZone":"Europe/Brussels","duration":"PT1H","registration":{"closes":"2028-03-01T00:00:00"})"));
    CHECK(domain::decode_event(gap).has_error());
    auto const stored = domain::decode_stored_event(gap);
    REQUIRE(stored.has_value());
    CHECK(domain::encode_event(*stored).at("start").as_string() == "2027-03-28T02:30:00");
}
