#include "service/core/metrics_text.hpp"

#include <catch2/catch.hpp>

#include <array>
#include <limits>

using namespace convoke;

TEST_CASE("metrics are written as Prometheus reads them", "[core]") {
    core::MetricsText text;
    text.counter("a_total", "Things.", 18'446'744'073'709'551'615ULL);
    text.family("b", "gauge", "Other things.");
    text.sample("", {{"kind", "a\"b\\c\nd"}, {"state", "open"}}, 0.25);
    CHECK(text.text() ==
          "# HELP a_total Things.\n# TYPE a_total counter\na_total 18446744073709551615\n"
          "# HELP b Other things.\n# TYPE b gauge\nb{kind=\"a\\\"b\\\\c\\nd\",state=\"open\"} 0.25\n");
}

TEST_CASE("a histogram's buckets count everything below their bound", "[core]") {
    core::MetricsText text;
    text.family("t", "histogram", "Times.");
    std::array<double, 2> const bounds{0.1, 1};
    std::array<std::uint64_t, 3> const counts{3, 0, 2};
    text.histogram({{"route", "/"}}, bounds, counts, 12.5);
    CHECK(text.text().ends_with("t_bucket{route=\"/\",le=\"0.1\"} 3\nt_bucket{route=\"/\",le=\"1\"} 3\nt_bucket{route=\"/\",le=\"+Inf\"} 5\n"
                                "t_sum{route=\"/\"} 12.5\nt_count{route=\"/\"} 5\n"));
}

TEST_CASE("numbers of metrics", "[core]") {
    CHECK(core::metric_number(0.005) == "0.005");
    CHECK(core::metric_number(std::numeric_limits<double>::infinity()) == "+Inf");
    CHECK(core::metric_number(1e9) == "1e+09");
}
