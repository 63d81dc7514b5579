#include "service/core/public_address.hpp"

#include <algorithm>

namespace convoke::core {

namespace {

struct Block {
    std::array<std::uint8_t, 4> start;
    int bits;
};

constexpr Block private_ipv4[] = {
    {{0, 0, 0, 0}, 8},        // this network
    {{10, 0, 0, 0}, 8},       // private
    {{100, 64, 0, 0}, 10},    // carrier-grade NAT; some clouds' metadata
    {{127, 0, 0, 0}, 8},      // loopback
    {{169, 254, 0, 0}, 16},   // link-local; clouds' metadata
    {{172, 16, 0, 0}, 12},    // private
    {{192, 0, 0, 0}, 24},     // IETF assignments
    {{192, 0, 2, 0}, 24},     // documentation
    {{192, 31, 196, 0}, 24},  // AS112
    {{192, 52, 193, 0}, 24},  // AMT
    {{192, 88, 99, 0}, 24},   // 6to4 relays
    {{192, 168, 0, 0}, 16},   // private
    {{192, 175, 48, 0}, 24},  // AS112
    {{198, 18, 0, 0}, 15},    // benchmarks
    {{198, 51, 100, 0}, 24},  // documentation
    {{203, 0, 113, 0}, 24},   // documentation
    {{224, 0, 0, 0}, 4},      // multicast
    {{240, 0, 0, 0}, 4},      // reserved, broadcast
};

template <std::size_t N>
bool within(std::array<std::uint8_t, N> const& address, std::span<std::uint8_t const> start, int bits) {
    for (std::size_t i = 0; bits > 0; ++i, bits -= 8) {
        auto const mask = static_cast<std::uint8_t>(bits >= 8 ? 0xff : 0xff << (8 - bits));
        if ((address[i] & mask) != ((i < start.size() ? start[i] : 0) & mask)) return false;
    }
    return true;
}

}  // namespace

bool is_public_ipv4(std::array<std::uint8_t, 4> const& address) {
    return std::none_of(std::begin(private_ipv4), std::end(private_ipv4),
                        [&](Block const& block) { return within(address, block.start, block.bits); });
}

bool is_public_ipv6(std::array<std::uint8_t, 16> const& address) {
    // Only 2000::/3 is given out at all: loopback, link-local, unique local, multicast, mapped and NAT64 lie outside.
    auto const in = [&](std::initializer_list<std::uint8_t> start, int bits) {
        return within(address, std::span(start.begin(), start.size()), bits);
    };
    return in({0x20}, 3) && !in({0x20, 0x01, 0x00}, 23)   // protocol assignments: Teredo, ORCHID, benchmarks
           && !in({0x20, 0x01, 0x0d, 0xb8}, 32)           // documentation
           && !in({0x20, 0x02}, 16)                       // 6to4
           && !in({0x26, 0x20, 0x00, 0x4f, 0x80}, 48)     // AS112
           && !in({0x3f, 0xff, 0x00}, 20)                 // documentation
           && !in({0x3f, 0xfe}, 16);                      // the 6bone, given back
}

}  // namespace convoke::core
