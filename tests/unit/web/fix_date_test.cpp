#include "tests/unit/web/samples.hpp"

#include "service/web/views/fix_date.hpp"

#include <catch2/catch.hpp>

using namespace samples;

namespace {

std::map<std::string, std::string> entered() {
    return {{"date", "2026-10-14"}, {"time", "10:00"}, {"zone", "Europe/Brussels"}, {"duration", "2:30"}, {"link", "https://meet.example/x"}, {"link_due", ""}, {"revision", "4"}};
}

std::optional<web::FixedDate> fix(std::map<std::string, std::string> const& fields, web::FormErrors& errors) {
    static Words const words;
    return web::fix_date(words.reader().say, provisional_event().definition, fields, errors);
}

}  // namespace

TEST_CASE("a window becomes a date, an hour and a zone") {
    web::FormErrors errors;
    auto const fixed = fix(entered(), errors);
    REQUIRE(fixed);
    auto const& when = std::get<calendar::Fixed>(fixed->definition.schedule.when);
    CHECK(when.start == local_days(2026y / October / 14) + 10h);
    CHECK(when.zone == "Europe/Brussels");
    CHECK(when.duration == calendar::Duration{0, 150min});
    CHECK(domain::join_link(fixed->definition) == "https://meet.example/x");
    CHECK(fixed->revision == 4);
    CHECK_FALSE(fixed->link_due);
}

TEST_CASE("everything wrong is said at once, beside its field") {
    auto fields = entered();
    fields["date"] = "14.10.2026";
    fields["duration"] = "two hours";
    fields["link_due"] = "soon";
    web::FormErrors errors;
    CHECK_FALSE(fix(fields, errors));
    for (auto const* field : {"date", "duration", "link_due"}) CHECK_FALSE(errors.of(field).empty());
}

TEST_CASE("an hour that exists twice or not at all is not guessed") {
    for (std::string const date : {"2026-10-25", "2026-03-29"}) {
        auto fields = entered();
        fields["date"] = date;
        fields["time"] = "02:30";
        web::FormErrors errors;
        CHECK_FALSE(fix(fields, errors));
        CHECK_FALSE(errors.of("date").empty());
    }
}

TEST_CASE("a link that is none is refused at its field") {
    auto fields = entered();
    fields["link"] = "javascript:alert(1)";
    web::FormErrors errors;
    CHECK_FALSE(fix(fields, errors));
    CHECK_FALSE(errors.of("link").empty());
}

TEST_CASE("an unknown zone is refused at its field") {
    auto fields = entered();
    fields["zone"] = "Mars/Olympus";
    web::FormErrors errors;
    CHECK_FALSE(fix(fields, errors));
    CHECK_FALSE(errors.of("zone").empty());
}
