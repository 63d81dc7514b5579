#include "calendar/zone_files.hpp"

#include <filesystem>
#include <fstream>
#include <iterator>
#include <stdexcept>

namespace convoke::calendar {
namespace {

std::int64_t big_endian(std::string_view bytes, std::size_t at, std::size_t width) {
    if (at + width > bytes.size()) throw std::runtime_error("zone file ends too early");
    std::uint64_t value = (static_cast<unsigned char>(bytes[at]) & 0x80) ? ~std::uint64_t{0} : 0;
    for (std::size_t i = 0; i < width; ++i) value = value << 8 | static_cast<unsigned char>(bytes[at + i]);
    return static_cast<std::int64_t>(value);
}

struct Header {
    std::size_t utc_marks, standard_marks, leaps, times, types, characters;
    std::size_t length(std::size_t time_width) const {
        return times * time_width + times + types * 6 + characters + leaps * (time_width + 4) + standard_marks + utc_marks;
    }
};

Header header_at(std::string_view bytes, std::size_t at) {
    if (at + 44 > bytes.size() || bytes.substr(at, 4) != "TZif" || bytes[at + 4] < '2')
        throw std::runtime_error("not a TZif file of version 2 or later");
    auto const count = [&](std::size_t i) { return static_cast<std::size_t>(big_endian(bytes, at + 20 + i * 4, 4)); };
    return {count(0), count(1), count(2), count(3), count(4), count(5)};
}

struct Reader {
    std::string_view rest;
    bool ok = true;

    bool take(char c) {
        if (rest.empty() || rest[0] != c) return false;
        rest.remove_prefix(1);
        return true;
    }
    std::string name() {
        std::string out;
        if (take('<')) {
            while (!rest.empty() && rest[0] != '>') out += rest[0], rest.remove_prefix(1);
            ok = take('>') && ok;
        } else {
            while (!rest.empty() && ((rest[0] | 32) >= 'a' && (rest[0] | 32) <= 'z')) out += rest[0], rest.remove_prefix(1);
        }
        ok = ok && out.size() >= 3;
        return out;
    }
    int number() {
        int out = 0, digits = 0;
        while (!rest.empty() && rest[0] >= '0' && rest[0] <= '9' && digits < 4)
            out = out * 10 + (rest[0] - '0'), rest.remove_prefix(1), ++digits;
        ok = ok && digits > 0;
        return out;
    }
    seconds time() {
        int sign = 1;
        if (take('-')) sign = -1;
        else take('+');
        int total = number() * 3600;
        if (take(':')) total += number() * 60;
        if (take(':')) total += number();
        return seconds{sign * total};
    }
    YearlyDay day() {
        YearlyDay out;
        ok = take('M') && ok;
        out.month = static_cast<unsigned>(number());
        ok = take('.') && ok;
        out.week = static_cast<unsigned>(number());
        ok = take('.') && ok;
        out.weekday = static_cast<unsigned>(number());
        if (take('/')) out.time = time();
        ok = ok && out.month >= 1 && out.month <= 12 && out.week >= 1 && out.week <= 5 && out.weekday <= 6;
        return out;
    }
};

}  // namespace

std::string const& zone_directory() {
    static std::string const found = [] {
        for (char const* path : {"/usr/share/zoneinfo", "/usr/share/lib/zoneinfo", "/usr/lib/zoneinfo"})
            if (std::filesystem::is_directory(path)) return std::string(path);
        throw std::runtime_error("no tz database on this machine; install tzdata");
    }();
    return found;
}

PosixRule parse_posix_rule(std::string_view text) {
    Reader in{text};
    PosixRule out;
    out.standard_name = in.name();
    out.standard = -in.time();  // POSIX counts west of Greenwich
    if (!in.rest.empty()) {
        out.daylight_name = in.name();
        out.daylight = in.rest.empty() || in.rest[0] == ',' ? out.standard + seconds{3600} : -in.time();
        in.ok = in.take(',') && in.ok;
        out.starts = in.day();
        in.ok = in.take(',') && in.ok;
        out.ends = in.day();
    }
    out.understood = in.ok && in.rest.empty();
    if (!out.understood) out.starts = out.ends = std::nullopt;
    return out;
}

local_seconds wall_time_of(YearlyDay const& day, int year) {
    using namespace std::chrono;
    auto const month_of_year = std::chrono::year{year} / month{day.month};
    weekday const wanted{day.weekday};
    local_days const date = day.week == 5 ? local_days{month_of_year / wanted[last]} : local_days{month_of_year / wanted[day.week]};
    return local_seconds{date} + day.time;
}

ZoneFile read_zone_file(std::string_view zone) {
    if (!zone_exists(zone)) throw std::invalid_argument("unknown time zone: " + std::string(zone.substr(0, 64)));
    std::ifstream file(zone_directory() + "/" + std::string(zone), std::ios::binary);
    std::string const bytes{std::istreambuf_iterator<char>(file), {}};
    std::size_t const second = 44 + header_at(bytes, 0).length(4);
    Header const head = header_at(bytes, second);
    std::size_t const times = second + 44, indexes = times + head.times * 8, types = indexes + head.times;
    std::size_t const names = types + head.types * 6;
    std::size_t const footer = times + head.length(8);
    if (head.types == 0 || footer + 2 > bytes.size() || bytes[footer] != '\n')
        throw std::runtime_error("zone file without a footer: " + std::string(zone));

    auto const offset_of = [&](std::size_t type) { return seconds{big_endian(bytes, types + type * 6, 4)}; };
    auto const name_of = [&](std::size_t type) {
        std::size_t const at = names + static_cast<unsigned char>(bytes[types + type * 6 + 5]);
        return std::string(bytes.c_str() + at);
    };
    ZoneFile out;
    out.first_offset = offset_of(0);
    out.first_name = name_of(0);
    seconds before = out.first_offset;
    for (std::size_t i = 0; i < head.times; ++i) {
        std::size_t const type = static_cast<unsigned char>(bytes[indexes + i]);
        if (type >= head.types) throw std::runtime_error("zone file with a wrong type: " + std::string(zone));
        Transition t{sys_seconds{seconds{big_endian(bytes, times + i * 8, 8)}}, before, offset_of(type), name_of(type),
                     bytes[types + type * 6 + 4] != 0};
        before = t.after;
        out.transitions.push_back(std::move(t));
    }
    std::string_view rule = std::string_view(bytes).substr(footer + 1);
    out.rule = parse_posix_rule(rule.substr(0, rule.find('\n')));
    return out;
}

}  // namespace convoke::calendar
