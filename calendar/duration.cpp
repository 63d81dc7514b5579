#include "calendar/duration.hpp"

#include <cstdint>

namespace convoke::calendar {
namespace {

constexpr std::int64_t longest = std::int64_t{366} * 86400;

Failure bad(std::string_view text, std::string_view why) {
    std::string shown(text.substr(0, 40));
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return {errc::invalid_duration, "'" + shown + "' " + std::string(why) +
                                        "; a duration looks like PT2H30M, P2D or P1DT8H"};
}

}  // namespace

result<Duration> parse_duration(std::string_view text) {
    if (text.size() < 3 || text.size() > 40 || text[0] != 'P') return bad(text, "is not a duration");
    std::int64_t days = 0, time = 0;
    bool in_time = false, any = false;
    // Units must come once each and in this order; weeks may stand beside days (RFC 8984 takes both).
    static constexpr std::string_view order = "WDTHMS";
    std::size_t next = 0;
    for (std::size_t i = 1; i < text.size();) {
        if (text[i] == 'T') {
            if (in_time || i + 1 == text.size()) return bad(text, "has a 'T' without a time after it");
            in_time = true;
            next = 3;
            ++i;
            continue;
        }
        std::int64_t number = 0;
        std::size_t digits = 0;
        while (i < text.size() && text[i] >= '0' && text[i] <= '9') {
            number = number * 10 + (text[i++] - '0');
            if (++digits > 9) return bad(text, "has a number that is too long");
        }
        if (digits == 0 || i == text.size()) return bad(text, "is not a duration");
        char const unit = text[i++];
        if (unit == 'Y' || (unit == 'M' && !in_time)) return bad(text, "counts years or months, whose length varies");
        auto const place = order.find(unit);
        if (place == std::string_view::npos || unit == 'T' || place < next || in_time != (place > 2))
            return bad(text, "has its parts in the wrong order or an unknown unit");
        next = place + 1;
        any = true;
        switch (unit) {
            case 'W': days += number * 7; break;
            case 'D': days += number; break;
            case 'H': time += number * 3600; break;
            case 'M': time += number * 60; break;
            default: time += number; break;
        }
    }
    if (!any) return bad(text, "is not a duration");
    if (days * 86400 + time > longest) return bad(text, "is longer than 366 days");
    return Duration{static_cast<int>(days), std::chrono::seconds{time}};
}

std::string format_duration(Duration const& duration) {
    auto rest = duration.time.count();
    if (duration.days == 0 && rest == 0) return "PT0S";
    std::string out = "P";
    if (duration.days != 0) out += std::to_string(duration.days) + "D";
    if (rest != 0) {
        out += 'T';
        if (rest / 3600) out += std::to_string(rest / 3600) + "H";
        if (rest / 60 % 60) out += std::to_string(rest / 60 % 60) + "M";
        if (rest % 60) out += std::to_string(rest % 60) + "S";
    }
    return out;
}

std::chrono::seconds approximate_length(Duration const& duration) {
    return std::chrono::seconds{std::int64_t{duration.days} * 86400} + duration.time;
}

}  // namespace convoke::calendar
