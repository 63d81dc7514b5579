// How often one may ask the API: each token for itself, and each address that comes with tokens nobody knows.
//
// A token's limit keeps one runaway script from taking all there is; a busy one never meets it. The limit on unknown
// tokens keeps an address from trying many (they could not be guessed anyway: 256 bits) or from making the database
// look up what a forgotten script repeats. Tokens that were right once since the start do not count with their address:
// whoever shares it with a guesser, behind a proxy or NAT, goes on undisturbed.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"
#include "service/http/rate_limit.hpp"

#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_set>

namespace convoke::api {

struct ApiRates {
    // Of one token. The defaults are about half of what a machine with two cores can do, for as long as it takes to
    // bring a large community.
    double requests_per_second = 2'000, burst = 200'000;
    // Of one address with tokens nobody knows.
    double strangers_per_second = 5, stranger_burst = 300;
};

// Any thread.
class ApiLimits {
public:
    using Instant = http::RateLimiter::Instant;

    explicit ApiLimits(ApiRates rates);

    // Before a token is looked up. errc::rate_limited with arguments["retryAfter"].
    result<void> admit(http::Request const& request, std::string_view token, Instant now);

    // What the look-up said.
    void known(std::string_view token);
    void unknown(std::string_view token);

    // Whether the request brings a token that was right before: it has this limit, and needs none by address.
    bool is_known(http::Request const& request) const;

private:
    std::string name_of(std::string_view token) const;
    bool is_known_name(std::string const& name) const;

    http::RateLimiter tokens_, strangers_;
    mutable std::mutex mutex_;
    std::unordered_set<std::string> known_;  // never more than there are tokens
};

}  // namespace convoke::api
