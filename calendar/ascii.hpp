// Letters of ASCII without regard to case, as protocols compare names: no locale, other bytes stay. Any thread.
#pragma once

#include <string>
#include <string_view>

namespace convoke::calendar {

inline std::string ascii_lower(std::string_view text) {
    std::string out(text);
    for (char& c : out)
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    return out;
}

}  // namespace convoke::calendar
