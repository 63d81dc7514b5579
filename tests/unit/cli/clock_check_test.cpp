#include "service/cli/clock_check.hpp"

#include <catch2/catch.hpp>

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>

using namespace convoke::cli;
using namespace std::chrono;

namespace {

struct DatabaseFile {
    DatabaseFile() { ::close(::mkstemp(name)); }
    ~DatabaseFile() { std::remove(name); }
    void written(sys_seconds when) const {
        timespec const times[2] = {{.tv_sec = when.time_since_epoch().count(), .tv_nsec = 0}, {.tv_sec = when.time_since_epoch().count(), .tv_nsec = 0}};
        REQUIRE(::utimensat(AT_FDCWD, name, times, 0) == 0);
    }
    std::string url() const { return std::string("sqlite:") + name; }
    char name[40] = "/tmp/convoke-clock-XXXXXX";
};

sys_seconds now() { return floor<seconds>(system_clock::now()); }

}  // namespace

TEST_CASE("a clock before the build cannot be right, a day of zones is no fault") {
    ClockFloor const floor = clock_floor("postgresql://localhost/convoke");
    CHECK_FALSE(clock_implausible(now(), floor));
    CHECK_FALSE(clock_implausible(floor.time, floor));
    auto const why = clock_implausible(floor.time - seconds(1), floor);
    REQUIRE(why);
    CHECK(why->find("before this program was built") != std::string::npos);
    CHECK(why->find("set the clock") != std::string::npos);
    CHECK(floor.time < now());
    CHECK(floor.time > now() - years(20));
}

TEST_CASE("a clock before the database's last write cannot be right") {
    DatabaseFile const file;
    file.written(now() + days(100));
    auto const why = clock_implausible(now(), clock_floor(file.url()));
    REQUIRE(why);
    CHECK(why->find("before the database was last written") != std::string::npos);
    file.written(now() + hours(12));
    CHECK_FALSE(clock_implausible(now(), clock_floor(file.url())));
    file.written(sys_days(year(2001) / 1 / 1));
    CHECK(clock_floor(file.url()).reason.find("built") != std::string::npos);
    CHECK_FALSE(clock_implausible(now(), clock_floor("sqlite:no-such-database.db")));
}
