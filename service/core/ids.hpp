// The ids of everything that is stored: 64-bit, positive, sorted by the time they were made, made by the
// program (never by the database). They are names, not secrets: whoever has one can guess its time.
// Any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace convoke::core {

// Milliseconds since 2025-01-01 UTC in the high 40 bits (enough until 2059), 23 random bits below.
// Strictly increasing within the process, also when the clock goes back; random between processes.
std::int64_t new_id();

// 13 characters of lower-case base32 (crypto.hpp); texts sort as the ids do. `id` must not be negative.
std::string format_id(std::int64_t id);
// Takes exactly 13 characters, in any case; nullopt for what format_id cannot have made.
std::optional<std::int64_t> parse_id(std::string_view text);

}  // namespace convoke::core
