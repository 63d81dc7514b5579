// JSCalendar read back: a round trip of what we write, and a pointer for everything that is not supported.
#include "calendar/jscalendar.hpp"

#include "random_entry.hpp"

#include <boost/json.hpp>

using namespace convoke;
using namespace convoke::calendar;
namespace json = boost::json;

namespace {

// What a JSCalendar text cannot hold.
Entry without_losses(Entry entry) {
    auto& zone = entry.zone;
    if (zone == "UTC") zone = "Etc/UTC";
    if (auto* fixed = std::get_if<Fixed>(&entry.schedule.when); fixed && fixed->zone == "UTC") fixed->zone = "Etc/UTC";
    if (auto* whole = std::get_if<AllDay>(&entry.schedule.when); whole && whole->zone == "UTC") whole->zone = "Etc/UTC";
    bool const window = entry.schedule.provisional();
    if (window && entry.status == EntryStatus::confirmed) entry.status = EntryStatus::tentative;
    entry.transparent = entry.transparent || window || entry.status == EntryStatus::cancelled;
    if (entry.schedule.recurrence)
        for (auto& change : entry.schedule.recurrence->overrides)
            if (change.second.excluded) change.second = {}, change.second.excluded = true;
    return entry;
}

void check_same(Entry const& a, Entry const& b) {
    CHECK(a.uid == b.uid);
    CHECK(a.sequence == b.sequence);
    CHECK(a.created == b.created);
    CHECK(a.last_modified == b.last_modified);
    CHECK((a.schedule == b.schedule));
    CHECK(a.zone == b.zone);
    CHECK((a.status == b.status));
    CHECK(a.transparent == b.transparent);
    CHECK(a.summary == b.summary);
    CHECK(a.description == b.description);
    CHECK(a.location == b.location);
    CHECK(a.url == b.url);
    CHECK(a.conference_uri == b.conference_uri);
    CHECK(a.conference_label == b.conference_label);
    CHECK(a.geo == b.geo);
    CHECK(a.categories == b.categories);
    CHECK(a.language == b.language);
    CHECK(a.first_uid == b.first_uid);
    CHECK(a.next_uid == b.next_uid);
}

json::object right() { return json::parse(jscalendar_text(an_entry())).as_object(); }
std::vector<Fault> faults_in(json::object const& object) {
    auto const read = read_jscalendar(json::serialize(object));
    return read ? std::vector<Fault>{} : read.error().faults;
}

}  // namespace

TEST_CASE("what is written as JSCalendar is read back as it was") {
    RandomEntries entries(7);
    for (std::size_t i = 0; i < scaled(300, 2000, 100000); ++i) {
        Entry const entry = without_losses(entries.next());
        std::string const text = jscalendar_text(entry);
        INFO(text);
        auto const read = read_jscalendar(text);
        REQUIRE(read);
        check_same(*read, entry);
        CHECK(jscalendar_text(*read) == text);
    }
}

TEST_CASE("a changed place of one date is kept") {
    Entry entry = an_entry();
    RecurrenceRule rule;
    rule.count = 3;
    entry.schedule.recurrence = Recurrence{{rule}, {}};
    entry.schedule.recurrence->overrides[at("2026-06-24T10:00:00")].place = "Room 5";
    auto const read = read_jscalendar(jscalendar_text(entry));
    REQUIRE(read);
    CHECK(read->schedule.recurrence->overrides.at(at("2026-06-24T10:00:00")).place == "Room 5");
}

TEST_CASE("what is not supported is refused where it stands") {
    auto const refused = [](std::string const& pointer, errc code, auto change) {
        json::object object = right();
        change(object);
        INFO(json::serialize(object));
        auto const found = faults_in(object);
        REQUIRE(found.size() == 1);
        CHECK(found[0].pointer == pointer);
        CHECK(slug(found[0].code) == slug(code));
    };
    auto const set = [](char const* name, json::value value) { return [name, value](json::object& o) { o[name] = value; }; };
    json::object const rule{{"@type", "RecurrenceRule"}, {"frequency", "weekly"}, {"count", 3}};
    auto const with_rule = [&](char const* name, json::value value) {
        return [=](json::object& o) {
            json::object changed = rule;
            changed[name] = value;
            o["recurrenceRules"] = json::array{changed};
        };
    };
    refused("/@type", errc::invalid_value, set("@type", "Task"));
    refused("/uid", errc::required, set("uid", ""));
    refused("/sequence", errc::out_of_range, set("sequence", 4294967296));
    refused("/sequence", errc::wrong_type, set("sequence", "1"));
    refused("/updated", errc::required, [](json::object& o) { o.erase("updated"); });
    refused("/color", errc::unknown_field, set("color", "red"));
    refused("/participants", errc::unknown_field, set("participants", json::object{}));
    refused("/a~1b~0c", errc::unknown_field, set("a/b~c", 1));
    refused("/privacy", errc::invalid_value, set("privacy", "secret"));
    refused("/descriptionContentType", errc::invalid_value, set("descriptionContentType", "text/html"));
    refused("/start", errc::invalid_date, [](json::object& o) { o["start"] = "2026-02-30T10:00:00"; });
    refused("/start", errc::local_time_does_not_exist, set("start", "2026-03-29T02:30:00"));
    refused("/timeZone", errc::required, set("timeZone", ""));
    refused("/timeZone", errc::unknown_time_zone, set("timeZone", "Mars/Olympus"));
    refused("/duration", errc::invalid_duration, set("duration", "PT0S"));
    refused("/status", errc::invalid_value, set("status", "perhaps"));
    refused("/locations", errc::invalid_value, [](json::object& o) { o["locations"] = json::object{{"1", json::object{}}, {"2", json::object{}}}; });
    refused("/locations/1/coordinates", errc::invalid_value,
            set("locations", json::object{{"1", json::object{{"@type", "Location"}, {"name", "x"}, {"coordinates", "geo:91,0"}}}}));
    refused("/locations/1/timeZone", errc::unknown_field, set("locations", json::object{{"1", json::object{{"name", "x"}, {"timeZone", "Europe/Rome"}}}}));
    refused("/virtualLocations/1/uri", errc::url_scheme, set("virtualLocations", json::object{{"1", json::object{{"uri", "javascript:alert(1)"}}}}));
    refused("/links/1/rel", errc::invalid_value, set("links", json::object{{"1", json::object{{"href", "https://x.example"}, {"rel", "icon"}}}}));
    refused("/keywords", errc::invalid_value, set("keywords", json::object{{"a", 1}}));
    refused("/excludedRecurrenceRules", errc::unknown_field, set("excludedRecurrenceRules", json::array{}));
    refused("/recurrenceRules", errc::recurrence_not_supported, set("recurrenceRules", json::array{rule, rule}));
    refused("/recurrenceRules/0/frequency", errc::recurrence_not_supported, with_rule("frequency", "secondly"));
    refused("/recurrenceRules/0/byHour", errc::unknown_field, with_rule("byHour", json::array{1}));
    refused("/recurrenceRules/0/rscale", errc::invalid_value, with_rule("rscale", "hebrew"));
    refused("/recurrenceRules/0/byMonth", errc::recurrence_invalid, with_rule("byMonth", json::array{"5L"}));
    refused("/recurrenceRules/0/byMonth", errc::recurrence_invalid, with_rule("byMonth", json::array{5}));
    refused("/recurrenceRules/0/byDay/0/day", errc::recurrence_invalid, with_rule("byDay", json::array{json::object{{"day", "xx"}}}));
    refused("/recurrenceRules/0/count", errc::too_many_occurrences, with_rule("count", 5000));
    refused("/recurrenceOverrides", errc::recurrence_invalid, set("recurrenceOverrides", json::object{{"2026-06-24T10:00:00", json::object{}}}));
    refused("/recurrenceOverrides/2026-06-24T10:00:00/participants~1x", errc::unknown_field, [&](json::object& o) {
        o["recurrenceRules"] = json::array{rule};
        o["recurrenceOverrides"] = json::object{{"2026-06-24T10:00:00", json::object{{"participants/x", 1}}}};
    });
}

TEST_CASE("what is no JSCalendar event is refused in bounds") {
    CHECK(read_jscalendar("").error().code == errc::json_syntax);
    CHECK(read_jscalendar("[]").error().code == errc::wrong_type);
    CHECK(read_jscalendar(std::string(300 << 10, ' ')).error().code == errc::payload_too_large);
    CHECK(read_jscalendar(std::string(1000, '[')).error().code == errc::json_too_deep);
    CHECK(read_jscalendar("{}").error().faults.size() == 4);
    json::object many = right();
    for (int i = 0; i < 500; ++i) many["x" + std::to_string(i)] = i;
    CHECK(faults_in(many).size() == 50);
}
