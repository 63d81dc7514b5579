// The text forms of dates, wall times and instants (RFC 8984 §1.4.3–1.4.5, RFC 3339).
#include "calendar/zone.hpp"

#include <cstdlib>

namespace convoke::calendar {
namespace {

std::string shown(std::string_view text) {
    std::string out(text.substr(0, 40));
    for (char& c : out)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    return "'" + out + "'";
}

// Exactly `width` digits at `at`, or -1.
int digits(std::string_view text, std::size_t at, std::size_t width) {
    if (at + width > text.size()) return -1;
    int value = 0;
    for (std::size_t i = at; i < at + width; ++i) {
        if (text[i] < '0' || text[i] > '9') return -1;
        value = value * 10 + (text[i] - '0');
    }
    return value;
}

void two(std::string& out, long value) {
    out += static_cast<char>('0' + value / 10 % 10);
    out += static_cast<char>('0' + value % 10);
}

void append_date(std::string& out, local_days day) {
    std::chrono::year_month_day const ymd{day};
    int const year = static_cast<int>(ymd.year());
    two(out, year / 100);
    two(out, year % 100);
    out += '-';
    two(out, static_cast<unsigned>(ymd.month()));
    out += '-';
    two(out, static_cast<unsigned>(ymd.day()));
}

void append_local(std::string& out, local_seconds local) {
    auto const day = std::chrono::floor<std::chrono::days>(local);
    auto const time = (local - day).count();
    append_date(out, day);
    out += 'T';
    two(out, time / 3600);
    out += ':';
    two(out, time / 60 % 60);
    out += ':';
    two(out, time % 60);
}

}  // namespace

result<local_days> parse_date(std::string_view text) {
    int const year = digits(text, 0, 4), month = digits(text, 5, 2), day = digits(text, 8, 2);
    if (text.size() != 10 || text[4] != '-' || text[7] != '-' || year < 0 || month < 0 || day < 0)
        return Failure{errc::invalid_date, shown(text) + " is not a date; write it as 2026-06-17"};
    std::chrono::year_month_day const ymd{std::chrono::year{year}, std::chrono::month(static_cast<unsigned>(month)),
                                          std::chrono::day(static_cast<unsigned>(day))};
    if (year < 1 || !ymd.ok())
        return Failure{errc::invalid_date, shown(text) + ": there is no such day in the calendar"};
    return local_days{ymd};
}

result<local_seconds> parse_local(std::string_view text) {
    int const hour = digits(text, 11, 2), minute = digits(text, 14, 2), second = digits(text, 17, 2);
    if (text.size() != 19 || text[10] != 'T' || text[13] != ':' || text[16] != ':' || hour < 0 || minute < 0 ||
        second < 0)
        return Failure{errc::invalid_date, shown(text) + " is not a local time; write it as 2026-06-17T10:00:00, "
                                                         "without offset or Z (the zone stands beside it)"};
    CONVOKE_TRY(day, parse_date(text.substr(0, 10)));
    if (hour > 23 || minute > 59 || second > 59)
        return Failure{errc::invalid_date, shown(text) + ": there is no such time of day; the day ends at 23:59:59"};
    return local_seconds{day} + std::chrono::hours{hour} + std::chrono::minutes{minute} + seconds{second};
}

std::string format_date(local_days day) {
    std::string out;
    append_date(out, day);
    return out;
}

std::string format_local(local_seconds local) {
    std::string out;
    append_local(out, local);
    return out;
}

std::string format_instant(sys_seconds instant) {
    std::string out;
    append_local(out, local_seconds{instant.time_since_epoch()});
    out += 'Z';
    return out;
}

std::string format_offset(seconds offset) {
    auto const minutes = std::abs(offset.count()) / 60;
    std::string out(1, offset.count() < 0 ? '-' : '+');
    two(out, minutes / 60);
    out += ':';
    two(out, minutes % 60);
    return out;
}

}  // namespace convoke::calendar
