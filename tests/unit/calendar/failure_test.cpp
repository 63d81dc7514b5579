#include "calendar/failure.hpp"

#include <catch2/catch.hpp>

using namespace convoke;

TEST_CASE("a failure takes the common code of its faults") {
    CHECK(Failure({Fault{"/a", errc::blank, "a"}, Fault{"/b", errc::blank, "b"}}).code == errc::blank);
    CHECK(Failure({Fault{"/a", errc::blank, "a"}, Fault{"/b", errc::too_long, "b"}}).code == errc::validation_failed);
    CHECK(slug(errc::local_time_ambiguous) == "local_time_ambiguous");
}
