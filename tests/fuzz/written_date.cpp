// Dates as people write them in work programmes.
#include "calendar/written_date.hpp"

#include "tests/fuzz/input.hpp"

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    (void)convoke::calendar::read_written_date(text_of(data, size), 2026);
    return 0;
}
