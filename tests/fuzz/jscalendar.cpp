// JSCalendar in: what is taken is an entry whose text is taken again and stays the same.
#include "calendar/jscalendar.hpp"

#include "tests/fuzz/input.hpp"

using namespace convoke::calendar;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    auto const entry = read_jscalendar(text_of(data, size));
    if (!entry) {
        CONVOKE_HOLDS(!entry.error().detail.empty());
        return 0;
    }
    std::string const text = jscalendar_text(*entry);
    auto const again = read_jscalendar(text);
    CONVOKE_HOLDS(again && jscalendar_text(*again) == text);
    return 0;
}
