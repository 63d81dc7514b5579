// Years named in headings and titles: 'Events Calendar 2025', 'WP 2023–24'. Any thread; pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convoke::domain::documents {

struct YearSpan {
    int first = 0, last = 0;
    bool single() const { return first == last; }
    std::string text() const;  // "2025", "2023–2024"
    friend bool operator==(YearSpan const&, YearSpan const&) = default;
};

// From the earliest to the latest year (1970–2099) that `text` names; nothing when it names none.
std::optional<YearSpan> years_in(std::string_view text);

}  // namespace convoke::domain::documents
