#include "service/api/negotiation.hpp"

#include <charconv>

namespace convoke::api {
namespace {

std::string_view trimmed(std::string_view text) {
    while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    return text;
}

std::string_view take_until(std::string_view& rest, char separator) {
    auto const end = std::min(rest.find(separator), rest.size());
    auto const part = rest.substr(0, end);
    rest.remove_prefix(std::min(end + 1, rest.size()));
    return trimmed(part);
}

// "0.5" as 500; malformed weights count as 1.
int weight(std::string_view text) {
    int whole = 0;
    auto const [end, problem] = std::from_chars(text.data(), text.data() + text.size(), whole);
    if (problem != std::errc() || whole > 0) return 1000;
    int thousandths = 0, unit = 100;
    for (char const* digit = end + (end != text.data() + text.size()); digit < text.data() + text.size() && unit; ++digit) {
        if (*digit < '0' || *digit > '9') return 1000;
        thousandths += (*digit - '0') * unit;
        unit /= 10;
    }
    return thousandths;
}

// How exactly a range names a type: 3 itself, 2 "text/*", 1 "*/*", 0 not at all.
int exactness(std::string_view range, std::string_view type) {
    auto const same = [](std::string_view a, std::string_view b) {
        return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                          [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x + 32 : x) == y; });
    };
    if (range == "*/*") return 1;
    if (same(range, type)) return 3;
    auto const slash = type.find('/');
    return range.ends_with("/*") && same(range.substr(0, range.size() - 2), type.substr(0, slash)) ? 2 : 0;
}

int quality(std::string_view accept, std::string_view type) {
    int best = 0, q = 0;
    while (!accept.empty()) {
        auto item = take_until(accept, ',');
        auto const range = take_until(item, ';');
        int const exact = exactness(range, type);
        int item_q = 1000;
        while (!item.empty()) {
            auto const parameter = take_until(item, ';');
            if (parameter.starts_with("q=") || parameter.starts_with("Q=")) item_q = weight(parameter.substr(2));
        }
        if (exact > best) {
            best = exact;
            q = item_q;
        }
    }
    return q;
}

}  // namespace

result<std::string_view> choose_media_type(http::Request const& request, std::vector<std::string_view> const& offered) {
    auto const accept = request.headers.joined("Accept");
    if (!accept || trimmed(*accept).empty()) return offered.front();
    std::string_view chosen;
    int best = 0;
    for (auto const type : offered) {
        int const q = quality(*accept, type);
        if (q > best) {
            best = q;
            chosen = type;
        }
    }
    if (best > 0) return chosen;
    std::string list;
    for (auto const type : offered) list += (list.empty() ? "" : ", ") + std::string(type);
    return Failure(errc::not_acceptable, "this can be given as " + list);
}

}  // namespace convoke::api
