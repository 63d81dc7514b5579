// The reader for calendars from outside: bounded, and every text it gives is UTF-8 without NUL.
#include "calendar/reading.hpp"

#include "tests/fuzz/input.hpp"

using namespace convoke::calendar;

int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
    static constexpr std::string_view charsets[] = {"", "iso-8859-7", "utf-16", "x"};
    std::string_view const charset = charsets[size % 4];
    auto const read = read_calendar(text_of(data, size), {}, charset);
    if (!read) return 0;
    for (auto const& component : read->components) {
        CONVOKE_HOLDS(component.sequence >= 0);
        CONVOKE_HOLDS(component.attendees.size() <= ReadLimits{}.attendees);
        for (auto const* time : {&component.start, &component.end, &component.recurrence_id})
            if (*time) CONVOKE_HOLDS(((*time)->kind == ReadTime::Kind::instant) == (*time)->instant.has_value());
        for (auto const& person : component.attendees)
            CONVOKE_HOLDS(person.address.find('\n') == std::string::npos && person.address.find('\0') == std::string::npos);
    }
    return 0;
}
