// Languages by BCP 47 tag. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"

#include <span>
#include <string>
#include <string_view>

namespace convoke::domain {

struct Language {
    std::string_view tag;      // "ga"
    std::string_view name;     // "Irish"
    std::string_view endonym;  // "Gaeilge"
};

// The 24 official languages of the European Union, by tag.
std::span<Language const> official_languages();

// English name of the tag's language: from the table, else what ICU calls it; "" when nobody knows it.
std::string language_name(std::string_view tag);

// RFC 5646 §2.1: well-formed, whether or not its subtags are registered. At most 35 characters.
bool is_language_tag(std::string_view tag);

// A well-formed tag of a language that exists (ISO 639), in the usual spelling (RFC 5646 §2.1.1): "EN-gb" gives "en-GB".
// The English name of an official language is taken too. errc::invalid_value otherwise.
result<std::string> parse_language(std::string_view text);

}  // namespace convoke::domain
