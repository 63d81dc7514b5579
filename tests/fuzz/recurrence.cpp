// Rules as text, expanded: bounded, in order, and never before the start.
#include "calendar/embedded_zone.hpp"
#include "calendar/recurrence.hpp"

#include "tests/fuzz/input.hpp"

using namespace convoke::calendar;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const rule = parse_rule(text_of(data, size));
    if (!rule) return 0;
    local_seconds const start = local_seconds{local_days{std::chrono::year{2026} / 1 / 31}} + std::chrono::hours{9};
    auto const found = expand(*rule, start);
    CONVOKE_HOLDS(found.starts.size() <= most_occurrences);
    for (std::size_t i = 0; i < found.starts.size(); ++i)
        CONVOKE_HOLDS(found.starts[i] >= start && (i == 0 || found.starts[i - 1] < found.starts[i]));
    return 0;
}
