// Which IP addresses belong to the public internet: whoever is sent where a stranger points must not be led into this
// machine, its network or a cloud's metadata service. After IANA's special-purpose registries (RFC 6890, 8190).
// Any thread; pure.
#pragma once

#include <array>
#include <cstdint>
#include <span>

namespace convoke::core {

// Four bytes in network order.
bool is_public_ipv4(std::array<std::uint8_t, 4> const& address);
// Sixteen bytes. Forms that carry an IPv4 address (mapped, 6to4, Teredo, NAT64) are never public: they are another way
// to write a private one.
bool is_public_ipv6(std::array<std::uint8_t, 16> const& address);

}  // namespace convoke::core
