// A series that changes from one date on: what becomes of the definition, and the faults of the request.
#include "service/domain/series_split.hpp"

#include "service/domain/event_codec.hpp"

#include <boost/json/parse.hpp>
#include <catch2/catch.hpp>

#include <set>

using namespace convoke;
using namespace convoke::domain;

namespace {

constexpr char const* series = R"({"communities":["cop-mi"],"kind":"event","format":"hybrid","title":"Paths","workingGroup":"wg",
 "start":"2027-03-01T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H",
 "recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","count":5}],
 "recurrenceOverrides":{"2027-03-08T10:00:00":{"title":"Second"},"2027-03-22T10:00:00":{"title":"Fourth"}},
 "locations":{"1":{"@type":"Location","name":"Palazzo"}},
 "virtualLocations":{"1":{"@type":"VirtualLocation","uri":"https://meet.example/abc"}},
 "registration":{"policy":"open","closes":"2027-03-29T10:00:00"}})";

boost::json::object object(std::string const& text) { return boost::json::parse(text).as_object(); }
EventDefinition whole(std::string const& patch = "{}") { return patch_event(decode_event(object(series)).value(), object(patch)).value(); }
local_seconds at(std::string_view text) { return calendar::parse_local(text).value(); }

result<SplitDefinition> split(std::string const& patch, std::string_view from = "2027-03-15T10:00:00", std::string const& before = "{}") {
    return split_definition(whole(before), at(from), object(patch));
}
std::set<std::string> pointers(result<SplitDefinition> const& tried) {
    std::set<std::string> out;
    if (!tried)
        for (Fault const& fault : tried.error().faults) out.insert(fault.pointer);
    return out;
}
std::map<local_seconds, calendar::Override> const& overrides(EventDefinition const& definition) { return definition.schedule.recurrence->overrides; }

}  // namespace

TEST_CASE("both parts are definitions that the API takes") {
    auto const parts = split(R"({"start":"2027-03-16T14:00:00","title":"After lunch"})");
    REQUIRE(parts.has_value());
    CHECK(parts->earlier.title == "Paths");
    CHECK(parts->later.title == "After lunch");
    CHECK(overrides(parts->earlier).contains(at("2027-03-08T10:00:00")));
    CHECK(overrides(parts->later).contains(at("2027-03-23T14:00:00")));
    // Registration for the first part ends with it; that of the rest stays open as long as before.
    CHECK(parts->earlier.registration.closes == at("2027-03-08T12:00:00"));
    CHECK(parts->later.registration.closes == at("2027-03-29T10:00:00"));
    for (EventDefinition const& one : {parts->earlier, parts->later}) CHECK(decode_event(encode_event(one)).value() == one);
}

TEST_CASE("new rules say the dates themselves") {
    auto const parts = split(R"({"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","interval":3,"count":2}],"registration":null})", "2027-03-15T10:00:00");
    REQUIRE(parts.has_value());
    CHECK(overrides(parts->later).empty());  // 22 March is no date of the new rule, and not an additional one either
    auto const kept = split(R"({"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"daily","interval":7,"count":2}],"registration":null})");
    REQUIRE(kept.has_value());
    CHECK(overrides(kept->later).at(at("2027-03-22T10:00:00")).title == "Fourth");
    auto const single = split(R"({"recurrenceRules":null,"registration":null})");
    REQUIRE(single.has_value());
    CHECK_FALSE(single->later.schedule.recurrence);
}

TEST_CASE("every fault of a division at once") {
    using Set = std::set<std::string>;
    CHECK(pointers(split("{}", "2027-03-01T10:00:00")) == Set{"/from"});
    CHECK(pointers(split(R"({"title":" ","communities":["x"],"workingGroup":null,"start":"2027-03-02T10:00:00"})", "2027-03-02T10:00:00")) ==
          Set{"/from", "/title", "/communities", "/workingGroup"});
    CHECK(pointers(split_definition(whole(), std::nullopt, object(R"({"locale":"no tag"})"))) == Set{"/locale"});
    CHECK(pointers(split(R"({"start":"2027-03-17T10:00:00"})", "2027-03-15T10:00:00",
                         R"({"recurrenceOverrides":null,"recurrenceRules":[{"@type":"RecurrenceRule","frequency":"weekly","count":5,
                             "byDay":[{"@type":"NDay","day":"mo"},{"@type":"NDay","day":"we"}]}],"registration":null})")) == Set{"/start"});
    auto const opens_late = split("{}", "2027-03-08T10:00:00", R"({"registration":{"opens":"2027-03-05T10:00:00"}})");
    CHECK(pointers(opens_late) == Set{"/from"});
}

TEST_CASE("a mail's detail says what changes from when") {
    SplitNews news = split_news(whole(), split(R"({"virtualLocations":{"1":{"uri":"https://meet.example/def"}}})").value(), at("2027-03-15T10:00:00"));
    CHECK((news.link && !news.time && !news.place && !news.title));
    CHECK(detail_of_split(news) == "split-ends:2027-03-15T10:00:00 link");
    news = split_news(whole(), split(R"({"start":"2027-03-15T09:00:00","locations":null,"title":"T"})").value(), at("2027-03-15T10:00:00"));
    news.begins = true;
    auto const read = split_of_detail(detail_of_split(news));
    REQUIRE(read.has_value());
    CHECK((read->begins && read->time && read->place && read->title && !read->link && read->from == at("2027-03-15T10:00:00")));
    CHECK_FALSE(split_of_detail("date:2027-03-15T10:00:00").has_value());
    CHECK_FALSE(split_of_detail("split-ends:soon").has_value());
}
