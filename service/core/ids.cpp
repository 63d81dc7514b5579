#include "service/core/ids.hpp"

#include "service/core/base32.hpp"
#include "service/core/crypto.hpp"

#include <chrono>
#include <cstring>
#include <mutex>
#include <random>
#include <stdexcept>

namespace convoke::core {
namespace {

constexpr unsigned low_bits = 23;
constexpr std::size_t length = 13;

std::uint64_t seed() {
    std::uint64_t value = 0;
    auto const bytes = random_bytes(sizeof value);
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
}

}  // namespace

std::int64_t new_id() {
    using namespace std::chrono;
    static std::mutex mutex;
    static std::mt19937_64 random(seed());
    static std::int64_t last = 0;

    auto const since = duration_cast<milliseconds>(system_clock::now() - sys_days{year{2025} / 1 / 1}).count();
    std::int64_t const time = since > 0 ? static_cast<std::int64_t>(since) << low_bits : 0;
    std::lock_guard const lock(mutex);
    auto const noise = random();
    auto id = time | static_cast<std::int64_t>(noise & ((1u << low_bits) - 1));
    // Within one millisecond, or after the clock went back, small random steps keep the order.
    if (id <= last) id = last + 1 + static_cast<std::int64_t>(noise & 0xff);
    last = id;
    return id;
}

std::string format_id(std::int64_t id) {
    if (id < 0) throw std::invalid_argument("a negative id");
    std::string text(length, '0');
    auto rest = static_cast<std::uint64_t>(id);
    for (std::size_t i = length; i-- > 0; rest >>= 5) text[i] = base32_alphabet[rest & 31];
    return text;
}

std::optional<std::int64_t> parse_id(std::string_view text) {
    if (text.size() != length) return std::nullopt;
    std::uint64_t value = 0;
    // The first character may only carry the top 3 of 63 bits.
    if (base32_value(text[0]) > 7) return std::nullopt;
    for (char c : text) {
        int const digit = base32_value(c);
        if (digit < 0) return std::nullopt;
        value = (value << 5) | static_cast<std::uint64_t>(digit);
    }
    return static_cast<std::int64_t>(value);
}

}  // namespace convoke::core
