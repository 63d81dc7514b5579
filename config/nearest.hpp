// What somebody probably meant: for "did you mean". Pure; any thread.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace convoke::config {

// Letters to add, remove or change (Levenshtein).
std::size_t edit_distance(std::string_view a, std::string_view b);

// The candidate with the least distance, the first of equals; "" when none is within `farthest`.
std::string nearest(std::string_view word, std::span<std::string const> candidates, std::size_t farthest);

}  // namespace convoke::config
