#include "calendar/written_date.hpp"

#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;
using Kind = WrittenDate::Kind;

namespace {

struct Case {
    std::string text;
    std::string first, last;
    Kind kind;
    bool tbc = false;
};

}  // namespace

TEST_CASE("dates are read as people write them") {
    std::vector<Case> const cases = {
        {"4 March 2025", "2025-03-04", "2025-03-04", Kind::day},
        {"21–22 May 2025", "2025-05-21", "2025-05-22", Kind::day},
        {"21-22 May 2025", "2025-05-21", "2025-05-22", Kind::day},
        {"21 — 22 MAY 2025", "2025-05-21", "2025-05-22", Kind::day},
        {"21 to 22 may 2025", "2025-05-21", "2025-05-22", Kind::day},
        {"5 June 2025", "2025-06-05", "2025-06-05", Kind::day},
        {"Thursday 5 June 2025", "2025-06-05", "2025-06-05", Kind::day},
        {"Thursday, 5th June, 2025", "2025-06-05", "2025-06-05", Kind::day},
        {"June 5, 2025", "2025-06-05", "2025-06-05", Kind::day},
        {"5 Jun. 2025", "2025-06-05", "2025-06-05", Kind::day},
        {"9 Sept 2025", "2025-09-09", "2025-09-09", Kind::day},
        {"3 and 4 June 2025", "2025-06-03", "2025-06-04", Kind::day},
        {"30 May – 2 June 2025", "2025-05-30", "2025-06-02", Kind::day},
        {"30 December 2025 – 2 January 2026", "2025-12-30", "2026-01-02", Kind::day},
        {"30 December – 2 January 2026", "2025-12-30", "2026-01-02", Kind::day},
        {"2025-03-04", "2025-03-04", "2025-03-04", Kind::day},
        {"2025-03-04/2025-03-06", "2025-03-04", "2025-03-06", Kind::day},
        {"1–12 December 2025 (TBC)", "2025-12-01", "2025-12-12", Kind::window, true},
        {"4 March 2025 (TBC)", "2025-03-04", "2025-03-04", Kind::window, true},
        {"4 March 2025, to be confirmed", "2025-03-04", "2025-03-04", Kind::window, true},
        {"October 2025 (TBC)", "2025-10-01", "2025-10-31", Kind::window, true},
        {"October 2025", "2025-10-01", "2025-10-31", Kind::window},
        {"November/December 2025", "2025-11-01", "2025-12-31", Kind::window},
        {"November or December 2025", "2025-11-01", "2025-12-31", Kind::window},
        {"November 2025 – January 2026", "2025-11-01", "2026-01-31", Kind::window},
        {"December–January 2026", "2025-12-01", "2026-01-31", Kind::window},
        {"February 2028", "2028-02-01", "2028-02-29", Kind::window},
        {"Q2 2023", "2023-04-01", "2023-06-30", Kind::window},
        {"2023 Q4", "2023-10-01", "2023-12-31", Kind::window},
        {"Q3/Q4 2025", "2025-07-01", "2025-12-31", Kind::window},
        {"2026", "2026-01-01", "2026-12-31", Kind::window},
    };
    for (auto const& expected : cases) {
        INFO(expected.text);
        auto const read = read_written_date(expected.text, std::nullopt);
        REQUIRE(read);
        CHECK(format_date(read->first) == expected.first);
        CHECK(format_date(read->last) == expected.last);
        CHECK((read->kind == expected.kind));
        CHECK(read->tbc == expected.tbc);
    }
}

TEST_CASE("a year from outside stands in where the text names none") {
    CHECK(read_written_date("April", 2026)->first == on("2026-04-01"));
    CHECK(read_written_date("20 March", 2026)->first == on("2026-03-20"));
    CHECK(read_written_date("November/December", 2026)->last == on("2026-12-31"));
    CHECK(read_written_date("20 March 2025", 2026)->first == on("2025-03-20"));
    auto const without = read_written_date("20 March", std::nullopt);
    REQUIRE(!without);
    CHECK(without.error().code == errc::invalid_date);
    CHECK(without.error().detail.find("--year") != std::string::npos);
}

TEST_CASE("what is no date is refused and nothing is guessed") {
    for (std::string_view text : {"Survey", "", "   ", "TBC", "(TBC)", "31 April 2025", "30 February 2025", "4 Marsh 2025", "32 May 2025",
                                  "22–21 May 2025", "Q5 2025", "May May 2025", "4 2025", "3 and 10 June 2025", "03/04/2025",
                                  "4.3.2025", "next Tuesday", "early October 2025", "4 March 25", "May 2099", "soon (TBC)", "1 2 3"}) {
        INFO(text);
        auto const read = read_written_date(text, 2025);
        REQUIRE(!read);
        CHECK(read.error().code == errc::invalid_date);
    }
    CHECK(read_written_date("Survey", 2025).error().detail.find("4 March 2025") != std::string::npos);
    CHECK(!read_written_date(std::string(100000, '1'), 2025));
}
