// Character sets of texts from outside, by ICU's converters. Inside this room. Any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convoke::calendar {

// Whether ASCII octets mean ASCII in it: then lines can be told apart before they are decoded (RFC 5545 §3.1, folds may
// stand inside a character). False for UTF-16, UTF-32, UTF-7 and ISO 2022; true for names nobody knows.
bool keeps_ascii(std::string_view charset);

// As UTF-8, with U+FFFD for what has no meaning; none for a name nobody knows.
std::optional<std::string> decoded(std::string_view bytes, std::string_view charset);

}  // namespace convoke::calendar
