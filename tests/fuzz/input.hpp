// What libFuzzer calls, and how its bytes are seen.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size);

inline std::string_view text_of(std::uint8_t const* data, std::size_t size) { return {reinterpret_cast<char const*>(data), size}; }

// Aborts, so that libFuzzer keeps the input.
#define CONVOKE_HOLDS(condition) \
    if (!(condition)) __builtin_trap()
