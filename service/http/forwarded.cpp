#include "service/http/forwarded.hpp"

#include "service/http/framing_gate.hpp"
#include "service/http/token.hpp"

#include <charconv>
#include <optional>
#include <stdexcept>

namespace convoke::http {
namespace {

namespace ip = boost::asio::ip;

// One family for comparisons: IPv4 stands as IPv4-mapped IPv6.
ip::address_v6 as_v6(ip::address const& address) {
    return address.is_v4() ? ip::make_address_v6(ip::v4_mapped, address.to_v4()) : address.to_v6();
}

bool same_network(ip::address_v6 const& a, ip::address_v6 const& b, int bits) {
    auto const left = a.to_bytes();
    auto const right = b.to_bytes();
    for (int i = 0; i < 16 && bits > 0; ++i, bits -= 8) {
        auto const mask = bits >= 8 ? 0xff : 0xff << (8 - bits) & 0xff;
        if ((left[static_cast<std::size_t>(i)] & mask) != (right[static_cast<std::size_t>(i)] & mask)) return false;
    }
    return true;
}

// An element of X-Forwarded-For: an address, possibly with port or in brackets.
std::optional<ip::address> parse_hop(std::string_view text) {
    if (text.starts_with('[')) {
        auto const end = text.find(']');
        if (end == std::string_view::npos) return std::nullopt;
        text = text.substr(1, end - 1);
    } else if (auto const colon = text.find(':'); colon != std::string_view::npos && text.rfind(':') == colon) {
        text = text.substr(0, colon);
    }
    boost::system::error_code error;
    auto const address = ip::make_address(std::string(text), error);
    if (error) return std::nullopt;
    return address;
}

}  // namespace

TrustedProxies::TrustedProxies(std::vector<std::string> const& entries) {
    for (auto const& entry : entries) {
        auto const slash = entry.find('/');
        boost::system::error_code error;
        auto const address = ip::make_address(entry.substr(0, slash), error);
        int bits = 128;
        bool bad = error.failed();
        if (!bad && slash != std::string::npos) {
            auto const text = std::string_view(entry).substr(slash + 1);
            int const most = address.is_v4() ? 32 : 128;
            auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), bits);
            bad = code != std::errc() || end != text.data() + text.size() || bits < 0 || bits > most;
            if (address.is_v4()) bits += 96;
        }
        if (bad) {
            throw std::runtime_error("http.trusted_proxies: \"" + entry +
                                     "\" is neither an address nor a network such as 10.0.0.0/8");
        }
        networks_.push_back({as_v6(address), bits});
    }
}

bool TrustedProxies::trusts(ip::address const& address) const {
    auto const six = as_v6(address);
    for (auto const& network : networks_) {
        if (same_network(network.base, six, network.bits)) return true;
    }
    return false;
}

TrustedProxies::Client TrustedProxies::resolve(ip::address const& peer, bool secure, Headers const& headers) const {
    Client client{peer, secure, !secure && !peer.is_loopback()};
    if (networks_.empty() || !trusts(peer)) return client;

    std::vector<std::string_view> hops;
    auto const forwarded = headers.joined("X-Forwarded-For").value_or("");
    for_each_element(forwarded, [&](std::string_view hop) { hops.push_back(hop); });
    for (auto hop = hops.rbegin(); hop != hops.rend(); ++hop) {
        auto const address = parse_hop(*hop);
        if (!address) break;  // what stands before it was written by somebody we do not know
        client.address = *address;
        if (!trusts(*address)) break;
    }
    auto const protocols = headers.joined("X-Forwarded-Proto").value_or("");
    std::string_view last;
    for_each_element(protocols, [&](std::string_view protocol) { last = protocol; });
    if (!last.empty()) {
        client.secure = iequals(last, "https");
        client.in_clear = !client.secure;
    }
    return client;
}

std::string limit_key(ip::address const& address) {
    if (address.is_v4()) return address.to_string();
    auto six = address.to_v6();
    if (six.is_v4_mapped()) return ip::make_address_v4(ip::v4_mapped, six).to_string();
    auto bytes = six.to_bytes();
    std::fill(bytes.begin() + 8, bytes.end(), 0);
    return ip::address_v6(bytes).to_string() + "/64";
}

}  // namespace convoke::http
