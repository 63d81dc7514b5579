#include "service/cli/progress.hpp"

#include <catch2/catch.hpp>

using convoke::cli::progress_line;
using namespace std::chrono_literals;

TEST_CASE("progress says how much is done and how long the rest takes at this pace") {
    CHECK(progress_line("importing members", 250, 500, 3s) == "importing members: 250 of 500, 50 %, 3 s left");
    CHECK(progress_line("importing members", 1, 500, 10ms) == "importing members: 1 of 500, 0 %, 5 s left");
    CHECK(progress_line("importing members", 500, 500, 6s) == "importing members: 500 of 500, 100 %, finishing");
    CHECK(progress_line("importing members", 0, 500, 1500ms) == "importing members: 1 s");
    CHECK(progress_line("migrating the database", 0, 0, 12s) == "migrating the database: 12 s");
}
