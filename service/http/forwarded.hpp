// Who is behind a proxy: X-Forwarded-For and X-Forwarded-Proto, believed only from configured proxies. Pure.
#pragma once

#include "service/http/message.hpp"

#include <boost/asio/ip/address.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace convoke::http {

class TrustedProxies {
public:
    TrustedProxies() = default;
    // Addresses and networks ("127.0.0.1", "10.0.0.0/8", "fd00::/8"). Throws std::runtime_error naming a bad one.
    explicit TrustedProxies(std::vector<std::string> const& entries);

    bool trusts(boost::asio::ip::address const& address) const;

    struct Client {
        boost::asio::ip::address address;
        bool secure;
        bool in_clear = false;
    };
    // The hop nearest to us that is no trusted proxy; `secure` is the connection's own unless a trusted one said https.
    // `in_clear`: without TLS from another machine, or a trusted proxy said http.
    Client resolve(boost::asio::ip::address const& peer, bool secure, Headers const& headers) const;

private:
    struct Network { boost::asio::ip::address_v6 base; int bits; };
    std::vector<Network> networks_;
};

// What limits count by: the address, for IPv6 its /64; IPv4 mapped into IPv6 counts as IPv4.
std::string limit_key(boost::asio::ip::address const& address);

}  // namespace convoke::http
