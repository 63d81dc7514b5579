// Over a corpus that may stand beside the project: an addition, absent elsewhere.
#include "calendar/reading.hpp"

#include "support.hpp"

#include <sstream>

using namespace convoke;
using namespace convoke::calendar;

namespace {

std::string with_marks(std::string const& stamp) {
    return stamp.substr(0, 4) + "-" + stamp.substr(4, 2) + "-" + stamp.substr(6, 5) + ":" + stamp.substr(11, 2) + ":" + stamp.substr(13, 2);
}

bool absent(std::filesystem::path const& path) {
    if (std::filesystem::exists(path)) return false;
    WARN("absent: " << path.filename().string() << " of the shared fixtures");
    return true;
}

}  // namespace

TEST_CASE("shared: every listed wall time has the listed instant") {
    auto const path = shared_fixtures() / "ical/tz-instants.tsv";
    if (absent(path)) return;
    std::istringstream in(file_text(path));
    int rows = 0;
    for (std::string line; std::getline(in, line);) {
        if (line.empty() || line[0] == '#') continue;
        std::istringstream fields(line);
        std::string zone, local, kind, instant;
        fields >> zone >> local >> kind >> instant;
        // The list was made with tzdata 2025b; Morocco has since changed its law from autumn 2026 on.
        if (zone == "Africa/Casablanca" && local >= "20260920") continue;
        INFO(line);
        auto const read = read_local(at(with_marks(local)), zone);
        if (local >= "2038") {
            CHECK(!read);
            continue;
        }
        REQUIRE(read);
        CHECK(read->instant == utc(with_marks(instant)));
        CHECK((read->kind == LocalReading::Kind::unique) == (kind == "plain"));
        CHECK((read->kind == LocalReading::Kind::gap) == (kind == "gap"));
        ++rows;
    }
    CHECK(rows > 50);
}

TEST_CASE("shared: other programs' calendars are read") {
    auto const folder = shared_fixtures() / "ical";
    if (absent(folder)) return;
    int read_well = 0, all = 0;
    for (auto const& file : std::filesystem::directory_iterator(folder)) {
        if (file.path().extension() != ".ics") continue;
        INFO(file.path().filename().string());
        auto const read = read_calendar(file_text(file.path()));
        ++all;
        CHECK(read);
        read_well += read && !read->components.empty();
    }
    CHECK(all > 20);
    CHECK(read_well > all / 2);
}
