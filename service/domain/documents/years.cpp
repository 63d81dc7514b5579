#include "service/domain/documents/years.hpp"

#include <algorithm>

namespace convoke::domain::documents {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

std::size_t digits_at(std::string_view text, std::size_t at) {
    std::size_t end = at;
    while (end < text.size() && digit(text[end])) ++end;
    return end - at;
}

// Length of the dash or slash at `at`, 0 when there is none.
std::size_t dash_at(std::string_view text, std::size_t at) {
    for (std::string_view dash : {"-", "/", "–", "—", "‑"})
        if (text.substr(at).starts_with(dash)) return dash.size();
    return 0;
}

int number(std::string_view digits) {
    int value = 0;
    for (char c : digits) value = value * 10 + (c - '0');
    return value;
}

}  // namespace

std::string YearSpan::text() const {
    return single() ? std::to_string(first) : std::to_string(first) + "–" + std::to_string(last);
}

std::optional<YearSpan> years_in(std::string_view text) {
    std::optional<YearSpan> span;
    auto const add = [&](int year) {
        if (year < 1970 || year > 2099) return;
        span = span ? YearSpan{std::min(span->first, year), std::max(span->last, year)} : YearSpan{year, year};
    };
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const length = digits_at(text, at);
        if (length == 0) {
            ++at;
            continue;
        }
        if (length == 4) {
            int const year = number(text.substr(at, 4));
            add(year);
            std::size_t const dash = dash_at(text, at + 4);
            if (dash > 0 && digits_at(text, at + 4 + dash) == 2) {
                int const second = year / 100 * 100 + number(text.substr(at + 4 + dash, 2));
                if (second > year) add(second);
                at += dash + 2;
            }
        }
        at += length;
    }
    return span;
}

}  // namespace convoke::domain::documents
