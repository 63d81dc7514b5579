// The alphabet that base32 text and formatted ids share. For service/core only.
#pragma once

#include <string_view>

namespace convoke::core {

inline constexpr std::string_view base32_alphabet = "0123456789abcdefghjkmnpqrstvwxyz";

// 0…31, or -1 for a character outside the alphabet.
constexpr int base32_value(char c) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
    if (c == 'i' || c == 'l') return 1;
    if (c == 'o') return 0;
    auto const at = base32_alphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

}  // namespace convoke::core
