#include "calendar/duration.hpp"

#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;
using std::chrono::seconds;

TEST_CASE("durations are read as days and elapsed time") {
    CHECK(*parse_duration("PT2H30M") == Duration{0, seconds{9000}});
    CHECK(*parse_duration("P1DT8H") == Duration{1, seconds{28800}});
    CHECK(*parse_duration("P2W") == Duration{14, seconds{0}});
    CHECK(*parse_duration("PT24H") == Duration{0, seconds{86400}});
    CHECK(*parse_duration("P366D") == Duration{366, seconds{0}});
    CHECK(*parse_duration("PT0S") == Duration{0, seconds{0}});
}

TEST_CASE("durations are written in their shortest form") {
    for (std::string text : {"PT2H30M", "P1DT8H", "P14D", "PT0S", "PT45M", "PT1H5S", "P1DT1S"})
        CHECK(format_duration(*parse_duration(text)) == text);
    CHECK(format_duration(*parse_duration("P2W")) == "P14D");
    CHECK(approximate_length({2, seconds{60}}) == seconds{172860});
}

TEST_CASE("what is no duration is refused with an example") {
    for (std::string_view text : {"", "P", "PT", "P1DT", "2H", "-PT1H", "+PT1H", "P1Y", "P1M", "PT1H1H", "PT1M1H", "P1H", "PT1D",
                                  "P1.5D", "PT1,5H", "P367D", "PT999999999H", "P99999999999999999999D", "pt1h", " PT1H", "PT1H ",
                                  "P1D1W", "PT1W"}) {
        INFO(text);
        auto const read = parse_duration(text);
        REQUIRE(!read);
        CHECK(read.error().code == errc::invalid_duration);
        CHECK(read.error().detail.find("PT2H30M") != std::string::npos);
    }
}
