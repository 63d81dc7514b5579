#include "calendar/zone.hpp"

#include "support.hpp"

#include <thread>

using namespace convoke;
using namespace convoke::calendar;
using Kind = LocalReading::Kind;

TEST_CASE("zone names are those of the database, links included, and nothing else") {
    for (std::string_view name : {"Europe/Brussels", "Europe/Amsterdam", "Europe/Dublin", "Atlantic/Azores", "Europe/Kyiv",
                                  "America/Argentina/Buenos_Aires", "US/Eastern", "UTC", "Etc/UTC"}) {
        INFO(name);
        CHECK(zone_exists(name));
    }
    for (std::string_view name : {"", "CEST", "CET", "GMT", "GMT+1", "EST5EDT", "Etc/GMT+1", "europe/brussels", "Europe",
                                  "Europe/", "/Europe/Brussels", "../Europe/Brussels", "Europe/../Europe/Brussels",
                                  "posix/Europe/Brussels", "right/Europe/Brussels", "/etc/passwd", "localtime", "Europe/Brusels",
                                  "Romance Standard Time"}) {
        INFO(name);
        CHECK(!zone_exists(name));
    }
    CHECK(!zone_exists(std::string_view("Europe/Brussels\0", 16)));
}

TEST_CASE("a misspelt zone is answered with the nearest names") {
    auto const checked = check_zone("Europe/Brusels");
    REQUIRE(!checked);
    CHECK(checked.error().code == errc::unknown_time_zone);
    CHECK(checked.error().detail.find("did you mean Europe/Brussels") != std::string::npos);
    CHECK(nearest_zones("Dublin", 1) == std::vector<std::string>{"Europe/Dublin"});
    CHECK(nearest_zones("europe/rome", 1) == std::vector<std::string>{"Europe/Rome"});
    CHECK(nearest_zones("Europe/New York", 1) == std::vector<std::string>{"America/New_York"});
    // In the database, but of no place: the offset may be meant, or the place's summer time as well.
    CHECK(check_zone("EST").error().detail.find("with a place") != std::string::npos);
    CHECK(check_zone("EST").error().detail.find("did you mean America/New_York") != std::string::npos);
    CHECK(check_zone("Europe/Brussels"));
    CHECK(check_zone(std::string(100000, 'x')).error().detail.size() < 300);
}

TEST_CASE("a plain wall time has one reading") {
    auto const read = read_local(at("2026-06-17T10:00:00"), "Europe/Dublin");
    REQUIRE(read);
    CHECK(read->kind == Kind::unique);
    CHECK(read->instant == utc("2026-06-17T09:00:00"));
    CHECK(read->other == read->instant);
    CHECK(to_instant(at("2026-12-11T10:00:00"), "Europe/Dublin") == utc("2026-12-11T10:00:00"));
}

TEST_CASE("a gap takes the offset before it, a fold the first pass") {
    auto const gap = read_local(at("2026-03-29T02:30:00"), "Europe/Brussels");
    REQUIRE(gap);
    CHECK(gap->kind == Kind::gap);
    CHECK(gap->instant == utc("2026-03-29T01:30:00"));
    CHECK(gap->other == utc("2026-03-29T00:30:00"));
    auto const fold = read_local(at("2026-10-25T02:30:00"), "Europe/Brussels");
    REQUIRE(fold);
    CHECK(fold->kind == Kind::fold);
    CHECK(fold->instant == utc("2026-10-25T00:30:00"));
    CHECK(fold->other == utc("2026-10-25T01:30:00"));
}

TEST_CASE("a start that does not exist or exists twice is refused with both readings") {
    auto const gap = unambiguous_instant(at("2026-03-29T02:30:00"), "Europe/Brussels");
    REQUIRE(!gap);
    CHECK(gap.error().code == errc::local_time_does_not_exist);
    CHECK(gap.error().arguments.at("earlier") == "2026-03-29T01:30:00+01:00");
    CHECK(gap.error().arguments.at("later") == "2026-03-29T03:30:00+02:00");
    auto const fold = unambiguous_instant(at("2026-10-25T02:30:00"), "Europe/Brussels");
    REQUIRE(!fold);
    CHECK(fold.error().code == errc::local_time_ambiguous);
    CHECK(fold.error().arguments.at("earlier") == "2026-10-25T02:30:00+02:00");
    CHECK(fold.error().arguments.at("later") == "2026-10-25T02:30:00+01:00");
    CHECK(fold.error().detail.find("2026-10-25T02:30:00+02:00") != std::string::npos);
    // The same wall times in a zone that changes elsewhere are plain.
    CHECK(unambiguous_instant(at("2026-03-29T02:30:00"), "Europe/Dublin"));
    CHECK(unambiguous_instant(at("2026-10-25T02:30:00"), "Asia/Tokyo"));
}

TEST_CASE("years outside 1970 to 2037 are refused rather than wrong") {
    CHECK(read_local(at("2038-06-15T12:00:00"), "Europe/Brussels").error().code == errc::out_of_range);
    CHECK(read_local(at("1969-06-15T12:00:00"), "Europe/Brussels").error().code == errc::out_of_range);
    CHECK(read_local(at("2037-12-31T23:59:59"), "Europe/Brussels"));
}

TEST_CASE("an instant is shown on a zone's clock") {
    auto const summer = to_local(utc("2026-06-17T08:00:00"), "Europe/Dublin");
    CHECK(summer.local == at("2026-06-17T09:00:00"));
    CHECK(summer.offset == seconds{3600});
    CHECK(summer.abbreviation == "IST");
    CHECK(summer.daylight_saving);
    auto const winter = to_local(utc("2026-12-17T08:00:00"), "Europe/Dublin");
    CHECK(winter.local == at("2026-12-17T08:00:00"));
    CHECK(!winter.daylight_saving);
    CHECK(to_local(utc("2026-06-17T08:00:00"), "Europe/Brussels").daylight_saving);
    CHECK(!to_local(utc("2026-06-17T08:00:00"), "Asia/Tokyo").daylight_saving);
    CHECK(format_offset(seconds{-12600}) == "-03:30");
    CHECK(format_offset(seconds{0}) == "+00:00");
    CHECK_THROWS_AS(to_local(utc("2026-06-17T08:00:00"), "Europe/Nowhere"), std::invalid_argument);
}

TEST_CASE("every Member State has a zone, and it is the capital's") {
    std::map<std::string, std::string> const expected = {
        {"AT", "Europe/Vienna"}, {"BE", "Europe/Brussels"}, {"BG", "Europe/Sofia"}, {"CY", "Asia/Nicosia"},
        {"CZ", "Europe/Prague"}, {"DE", "Europe/Berlin"}, {"DK", "Europe/Copenhagen"}, {"EE", "Europe/Tallinn"},
        {"ES", "Europe/Madrid"}, {"FI", "Europe/Helsinki"}, {"FR", "Europe/Paris"}, {"GR", "Europe/Athens"},
        {"HR", "Europe/Zagreb"}, {"HU", "Europe/Budapest"}, {"IE", "Europe/Dublin"}, {"IT", "Europe/Rome"},
        {"LT", "Europe/Vilnius"}, {"LU", "Europe/Luxembourg"}, {"LV", "Europe/Riga"}, {"MT", "Europe/Malta"},
        {"NL", "Europe/Amsterdam"}, {"PL", "Europe/Warsaw"}, {"PT", "Europe/Lisbon"}, {"RO", "Europe/Bucharest"},
        {"SE", "Europe/Stockholm"}, {"SI", "Europe/Ljubljana"}, {"SK", "Europe/Bratislava"}};
    for (auto const& [country, zone] : expected) CHECK(zone_of_country(country) == zone);
    CHECK(zone_of_country("XX").empty());
    CHECK(zone_of_country("ie").empty());
}

TEST_CASE("local times, dates and instants have one text form") {
    CHECK(format_local(at("2026-06-17T10:00:00")) == "2026-06-17T10:00:00");
    CHECK(format_date(on("2028-02-29")) == "2028-02-29");
    CHECK(format_instant(utc("2026-06-17T08:00:00")) == "2026-06-17T08:00:00Z");
    for (std::string_view text : {"2026-02-30", "2026-13-01", "0000-01-01", "10000-01-01", "2026-6-17", "26-06-17", "2026/06/17",
                                  "", "2026-06-17 ", "２０２６-06-17", "2027-02-29"}) {
        INFO(text);
        CHECK(parse_date(text).error().code == errc::invalid_date);
    }
    for (std::string_view text : {"2026-06-17", "2026-06-17T10:00", "2026-06-17 10:00:00", "2026-06-17T10:00:00Z",
                                  "2026-06-17T10:00:00+02:00", "2026-06-17T24:00:00", "2026-06-17T10:60:00", "2026-06-17T10:00:60",
                                  "2026-02-30T10:00:00", "2026-06-17t10:00:00", "2026-06-17T-1:00:00"}) {
        INFO(text);
        CHECK(parse_local(text).error().code == errc::invalid_date);
    }
}

TEST_CASE("many threads may ask about zones at once") {
    std::vector<std::thread> threads;
    std::atomic<int> right = 0;
    for (int i = 0; i < 8; ++i)
        threads.emplace_back([&right, i] {
            static constexpr std::string_view zones[] = {"Europe/Dublin", "Europe/Lisbon"};
            for (int n = 0; n < 200; ++n)
                if (to_local(sys_seconds{seconds{1781683200}}, zones[(i + n) % 2]).offset == seconds{3600}) ++right;
        });
    for (auto& thread : threads) thread.join();
    CHECK(right == 1600);
}
