// Every zone's VTIMEZONE, read by libical (embedded text only), against the tz database.
#include "calendar/vtimezone.hpp"

#include "calendar/content_tree.hpp"
#include "calendar/vtimezone_form.hpp"
#include "support.hpp"

#include <date/tz.h>
#include <libical/ical.h>

using namespace convoke;
using namespace convoke::calendar;
using std::chrono::hours;

namespace {

sys_seconds const from = utc("2026-01-01T00:00:00"), to = utc("2028-12-31T18:00:00");

struct IcalZone {
    explicit IcalZone(std::string const& text) : zone(icaltimezone_new()) {
        icalcomponent* const component = icalparser_parse_string(text.c_str());
        REQUIRE(component);
        REQUIRE(icaltimezone_set_component(zone, component) == 1);
    }
    ~IcalZone() { icaltimezone_free(zone, 1); }
    IcalZone(IcalZone const&) = delete;
    IcalZone& operator=(IcalZone const&) = delete;

    seconds offset_at(sys_seconds instant) const {
        icaltimetype t = icaltime_from_timet_with_zone(instant.time_since_epoch().count(), 0, icaltimezone_get_utc_timezone());
        int daylight = 0;
        return seconds{icaltimezone_get_utc_offset_of_utc_time(zone, &t, &daylight)};
    }
    icaltimezone* zone;
};

int wrong_offsets(std::string const& text, std::string_view zone, sys_seconds first, sys_seconds last) {
    IcalZone const read(text);
    int wrong = 0;
    for (sys_seconds t = first; t <= last; t += hours{6}) wrong += read.offset_at(t) != to_local(t, zone).offset;
    return wrong;
}

// Z4, Z6–Z9: what Outlook and its kin can read.
std::vector<std::string> complaints(std::string const& text) {
    std::vector<std::string> out;
    auto const tree = read_tree(text, {});
    REQUIRE(tree);
    auto const& zone = tree->children.at(0);
    int standard = 0, daylight = 0;
    for (auto const& line : zone.lines)
        if (line.name != "TZID") out.push_back("has " + line.name);
        else if (line.value.starts_with('/')) out.push_back("has a prefixed TZID");
    for (auto const& part : zone.children) {
        (part.kind == "STANDARD" ? standard : daylight)++;
        std::string offset_from, offset_to;
        for (auto const& line : part.lines) {
            if (line.name == "TZOFFSETFROM") offset_from = line.value;
            if (line.name == "TZOFFSETTO") offset_to = line.value;
            if (line.name == "RDATE") out.push_back("has RDATE");
            if (line.name != "RRULE") continue;
            if (line.value.find("UNTIL") != std::string::npos) out.push_back("has UNTIL");
            if (line.value.find("BYMONTHDAY") != std::string::npos) out.push_back("has BYMONTHDAY");
        }
        auto const minutes = [](std::string const& o) {
            return (o.at(0) == '-' ? -1 : 1) * (std::stoi(o.substr(1, 2)) * 60 + std::stoi(o.substr(3, 2)));
        };
        if (offset_to.size() != 5) out.push_back("has seconds");
        else if (part.kind == "DAYLIGHT" && minutes(offset_to) <= minutes(offset_from)) out.push_back("has negative daylight saving");
    }
    if (standard != 1 || daylight > 1) out.push_back("has " + std::to_string(standard + daylight) + " observances");
    return out;
}

std::vector<std::string> all_zones() {
    std::vector<std::string> out;
    for (auto const& zone : date::get_tzdb().zones)
        if (zone_exists(zone.name()) && zone.name() != "UTC") out.emplace_back(zone.name());
    return out;
}

}  // namespace

TEST_CASE("the usual zones have the text that calendars expect") {
    check_golden("vtimezone-europe-brussels.ics", vtimezone_text("Europe/Brussels", from, to));
    check_golden("vtimezone-europe-dublin.ics", vtimezone_text("Europe/Dublin", from, to));
    check_golden("vtimezone-atlantic-azores.ics", vtimezone_text("Atlantic/Azores", from, to));
    check_golden("vtimezone-america-new-york.ics", vtimezone_text("America/New_York", from, to));
    check_golden("vtimezone-asia-tokyo.ics", vtimezone_text("Asia/Tokyo", from, to));
    CHECK(vtimezone_text("Europe/Amsterdam", from, to).find("TZID:Europe/Amsterdam\r\n") != std::string::npos);
}

TEST_CASE("every zone's VTIMEZONE gives the right offset every six hours of three years, or is not used") {
    int unchanging = 0, yearly = 0, irregular = 0;
    for (auto const& zone : all_zones()) {
        INFO(zone);
        auto const form = zone_form(zone, from, to);
        (form == ZoneForm::irregular ? irregular : form == ZoneForm::yearly ? yearly : unchanging)++;
        auto const text = vtimezone_text(zone, from, to);
        CHECK(complaints(text) == std::vector<std::string>{});
        // Irregular changes go out in UTC over windows like this one.
        if (form == ZoneForm::irregular && offset_changes(zone, from, to)) continue;
        CHECK(wrong_offsets(text, zone, from, to) == 0);
        CHECK(text.size() < 2000);
    }
    CHECK(unchanging > 200);
    CHECK(yearly > 80);
    CHECK(irregular < 40);
}

TEST_CASE("one day's event has the right offset in irregular zones too") {
    for (auto const& zone : all_zones()) {
        if (zone_form(zone, from, to) != ZoneForm::irregular) continue;
        INFO(zone);
        for (sys_seconds day = from; day < to; day += hours{24 * 5}) {
            if (offset_changes(zone, day, day + hours{24})) continue;
            CHECK(wrong_offsets(vtimezone_text(zone, day, day + hours{24}), zone, day, day + hours{24}) == 0);
        }
    }
}

TEST_CASE("past events of the rule's own years stay right") {
    auto const then = utc("2005-01-01T00:00:00");
    CHECK(wrong_offsets(vtimezone_text("Europe/Brussels", then, to), "Europe/Brussels", then, to) == 0);
    // The United States changed their rule in 2007: before, the rule does not hold and is not claimed to.
    CHECK(zone_form("America/New_York", then, to) == ZoneForm::irregular);
    CHECK(zone_form("America/New_York", from, to) == ZoneForm::yearly);
}

TEST_CASE("the checks see a wrong VTIMEZONE") {
    auto const brussels = vtimezone_text("Europe/Brussels", from, to);
    auto const wrong = replaced(brussels, "BYMONTH=10;BYDAY=-1SU", "BYMONTH=10;BYDAY=1SU");
    CHECK(wrong_offsets(wrong, "Europe/Brussels", from, to) > 100);

    // libical's own Dublin: negative daylight saving, a prefix, history.
    icaltimezone* const dublin = icaltimezone_get_builtin_timezone("Europe/Dublin");
    REQUIRE(dublin);
    char* const text = icalcomponent_as_ical_string_r(icaltimezone_get_component(dublin));
    auto const found = complaints(text);
    icalmemory_free_buffer(text);
    CHECK(std::find(found.begin(), found.end(), "has negative daylight saving") != found.end());
    CHECK(std::find(found.begin(), found.end(), "has a prefixed TZID") != found.end());
}

TEST_CASE("POSIX rules are read, or said not to be understood") {
    auto const dublin = parse_posix_rule("IST-1GMT0,M10.5.0,M3.5.0/1");
    CHECK(dublin.understood);
    CHECK(dublin.standard == seconds{3600});
    CHECK(dublin.daylight == seconds{0});
    CHECK(dublin.ends->time == seconds{3600});
    CHECK(parse_posix_rule("<+0545>-5:45").standard == seconds{20700});
    CHECK(parse_posix_rule("EST5EDT,M3.2.0,M11.1.0").daylight == seconds{-14400});
    CHECK(parse_posix_rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0").starts->time == seconds{-3600});
    for (std::string_view bad : {"", "X", "CET", "CET-1CEST", "CET-1CEST,J60,J300", "CET-1CEST,M13.5.0,M10.5.0", "CET-1CEST,M3.5.0,M10.5.0x"}) {
        INFO(bad);
        CHECK(!parse_posix_rule(bad).understood);
    }
    CHECK_THROWS(read_zone_file("../../../etc/passwd"));
}
