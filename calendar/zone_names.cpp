// Which zone names there are: everything the system's tz database knows under a geographic area, and UTC.
#include "calendar/zone.hpp"
#include "calendar/zone_files.hpp"

#include <date/tz.h>

#include <array>
#include <fstream>
#include <sstream>
#include <unordered_set>

namespace convoke::calendar {
namespace {

// 'US/Eastern' and its like are links that browsers still report. 'Etc/GMT+3' means UTC-3 and is
// misread by nearly everyone, so of Etc only UTC is taken; 'EST5EDT', 'CET', 'W-SU' have no place.
constexpr std::array<std::string_view, 15> areas = {"Africa",    "America", "Antarctica", "Arctic",   "Asia",
                                                    "Atlantic",  "Australia", "Brazil",   "Canada",   "Chile",
                                                    "Europe",    "Indian",  "Mexico",     "Pacific",  "US"};

bool acceptable(std::string_view name) {
    if (name == "UTC" || name == "Etc/UTC") return true;
    auto const slash = name.find('/');
    if (slash == std::string_view::npos) return false;
    return std::find(areas.begin(), areas.end(), name.substr(0, slash)) != areas.end();
}

struct Names {
    std::vector<std::string> sorted;
    std::unordered_set<std::string_view> known;
};

Names const& names() {
    static Names const all = [] {
        Names n;
        auto const& db = date::get_tzdb();
        for (auto const& zone : db.zones)
            if (acceptable(zone.name())) n.sorted.emplace_back(zone.name());
#if !USE_OS_TZDB
        for (auto const& link : db.links)
            if (acceptable(link.name())) n.sorted.emplace_back(link.name());
#endif
        std::sort(n.sorted.begin(), n.sorted.end());
        n.sorted.erase(std::unique(n.sorted.begin(), n.sorted.end()), n.sorted.end());
        for (auto const& name : n.sorted) n.known.insert(name);
        return n;
    }();
    return all;
}

std::string folded(std::string_view text) {
    std::string out;
    for (char c : text) {
        if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
        if (c == ' ') c = '_';
        out += c;
    }
    return out;
}

std::size_t distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> row(b.size() + 1);
    for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
    for (std::size_t i = 1; i <= a.size(); ++i) {
        std::size_t diagonal = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            std::size_t const above = row[j];
            row[j] = std::min({row[j] + 1, row[j - 1] + 1, diagonal + (a[i - 1] != b[j - 1])});
            diagonal = above;
        }
    }
    return row[b.size()];
}

std::string_view last_part(std::string_view name) { return name.substr(name.rfind('/') + 1); }

}  // namespace

bool zone_exists(std::string_view name) { return names().known.contains(name); }

std::vector<std::string> nearest_zones(std::string_view name, std::size_t count) {
    std::string const wanted = folded(name.substr(0, 64));
    std::string_view const city = last_part(wanted);
    std::vector<std::pair<std::size_t, std::string const*>> ranked;
    for (auto const& candidate : names().sorted) {
        std::string const have = folded(candidate);
        // 'Brusels' alone is as good a try as 'Europe/Brusels'; the right city in a wrong area comes after both.
        std::size_t d = distance(wanted, have) * 2;
        if (wanted.find('/') == std::string::npos) d = std::min(d, distance(wanted, last_part(have)) * 2);
        else d = std::min(d, distance(city, last_part(have)) * 2 + 3);
        ranked.emplace_back(d, &candidate);
    }
    std::sort(ranked.begin(), ranked.end(), [](auto const& a, auto const& b) {
        return a.first != b.first ? a.first < b.first : *a.second < *b.second;
    });
    std::vector<std::string> out;
    for (auto const& [d, candidate] : ranked) {
        if (out.size() == count || d > std::max<std::size_t>(4, wanted.size())) break;
        out.push_back(*candidate);
    }
    return out;
}

namespace {

// What people write who think of an abbreviation or an offset: no spelling comes near a place.
std::vector<std::string> places_with(std::string_view name) {
    static std::map<std::string, std::vector<std::string>, std::less<>> const places = {
        {"0", {"Europe/London", "Europe/Dublin", "Europe/Lisbon"}},
        {"1", {"Europe/Brussels", "Europe/Paris", "Europe/Berlin"}},
        {"2", {"Europe/Athens", "Europe/Bucharest", "Europe/Helsinki"}},
        {"3", {"Europe/Istanbul", "Europe/Moscow", "Europe/Minsk"}},
        {"-5", {"America/New_York", "America/Toronto"}},
        {"-6", {"America/Chicago", "America/Mexico_City"}},
        {"-7", {"America/Denver", "America/Phoenix"}},
        {"-8", {"America/Los_Angeles", "America/Vancouver"}}};
    static std::map<std::string, std::string, std::less<>> const offsets = {
        {"gmt", "0"},  {"bst", "0"},  {"wet", "0"},  {"west", "0"}, {"z", "0"},   {"cet", "1"}, {"cest", "1"}, {"met", "1"},
        {"mez", "1"},  {"mesz", "1"}, {"ist", "0"},  {"eet", "2"},  {"eest", "2"}, {"trt", "3"}, {"msk", "3"},
        {"est", "-5"}, {"edt", "-5"}, {"est5edt", "-5"}, {"cst", "-6"}, {"cdt", "-6"}, {"cst6cdt", "-6"},
        {"mst", "-7"}, {"mdt", "-7"}, {"mst7mdt", "-7"}, {"pst", "-8"}, {"pdt", "-8"}, {"pst8pdt", "-8"}};
    std::string wanted = folded(name.substr(0, 16));
    if (auto const known = offsets.find(wanted); known != offsets.end()) return places.at(known->second);
    for (std::string_view const prefix : {"etc/gmt", "gmt", "utc"})
        if (wanted.starts_with(prefix)) {
            wanted.erase(0, prefix.size());
            break;
        }
    if (!wanted.starts_with('+')) return {};
    wanted.erase(0, 1);
    if (wanted.ends_with(":00")) wanted.resize(wanted.size() - 3);
    if (wanted.size() == 2 && wanted.front() == '0') wanted.erase(0, 1);
    auto const found = places.find(wanted);
    return found == places.end() ? std::vector<std::string>() : found->second;
}

}  // namespace

result<void> check_zone(std::string_view name) {
    if (zone_exists(name)) return {};
    std::string shown(name.substr(0, 64));
    for (char& c : shown)
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
    std::string detail = "'" + shown + "' is not a time zone with a place in the IANA database";
    auto near = places_with(name);
    if (near.empty()) near = nearest_zones(name, 3);
    if (near.empty()) {
        detail += "; a zone looks like Europe/Brussels";
    } else {
        detail += "; did you mean ";
        for (std::size_t i = 0; i < near.size(); ++i)
            detail += (i == 0 ? "" : i + 1 == near.size() ? " or " : ", ") + near[i];
        detail += "?";
    }
    return Failure{errc::unknown_time_zone, std::move(detail)};
}

std::string zone_of_country(std::string_view country) {
    // zone.tab has one country a row and lists a country's most populous zone first, with few exceptions.
    static std::map<std::string, std::string, std::less<>> const table = [] {
        std::map<std::string, std::string, std::less<>> out;
        std::ifstream in(zone_directory() + "/zone.tab");
        for (std::string line; std::getline(in, line);) {
            if (line.empty() || line[0] == '#') continue;
            std::istringstream fields(line);
            std::string code, place, zone;
            if (std::getline(fields, code, '\t') && std::getline(fields, place, '\t') && std::getline(fields, zone, '\t'))
                out.emplace(code, zone);
        }
        // The first row is not the largest part of these.
        out["AU"] = "Australia/Sydney";
        out["BR"] = "America/Sao_Paulo";
        out["CA"] = "America/Toronto";
        out["RU"] = "Europe/Moscow";
        return out;
    }();
    auto const found = table.find(country);
    return found == table.end() || !zone_exists(found->second) ? std::string{} : found->second;
}

}  // namespace convoke::calendar
