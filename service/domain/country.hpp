// Countries by ISO 3166-1 alpha-2 code. Any thread; pure; the views live for ever.
#pragma once

#include "calendar/failure.hpp"

#include <span>
#include <string>
#include <string_view>

namespace convoke::domain {

enum class Union { eu, eea, none };  // eea: in the European Economic Area, not in the European Union

struct Country {
    std::string_view code;  // "IE"
    std::string_view name;  // "Ireland": the usual English short name
    Union belongs = Union::none;
};

// The 27 Member States first, then the EEA, then the others; each part by code.
std::span<Country const> countries();

// Null for a code that is not assigned. Upper case only.
Country const* find_country(std::string_view code);

// "" for an unknown code.
std::string_view country_name(std::string_view code);

bool is_member_state(std::string_view code);

// A code in any case, or the English short name in any case: "ie" and "Ireland" give "IE"; the Commission's own "EL" and
// "UK" are taken for Greece and the United Kingdom. errc::invalid_value otherwise.
result<std::string> parse_country(std::string_view text);

}  // namespace convoke::domain
