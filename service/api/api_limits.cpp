#include "service/api/api_limits.hpp"

#include "service/api/authentication.hpp"
#include "service/core/crypto.hpp"
#include "service/http/forwarded.hpp"

#include <boost/asio/ip/address.hpp>

namespace convoke::api {
namespace {

std::string address_key(std::string const& peer) {
    boost::system::error_code error;
    auto const address = boost::asio::ip::make_address(peer, error);
    return error ? peer : http::limit_key(address);
}

Failure too_many(std::chrono::seconds wait, std::string const& what) {
    auto const seconds = std::to_string(wait.count());
    Failure failure(errc::rate_limited, what + " Try again in " + seconds + " s.");
    failure.arguments["retryAfter"] = seconds;
    return failure;
}

}  // namespace

ApiLimits::ApiLimits(ApiRates rates)
    : tokens_({rates.requests_per_second, rates.burst, 10'000}), strangers_({rates.strangers_per_second, rates.stranger_burst, 100'000}) {}

result<void> ApiLimits::admit(http::Request const& request, std::string_view token, Instant now) {
    auto const name = name_of(token);
    if (is_known_name(name)) {
        if (auto const wait = tokens_.take(name, now)) return too_many(*wait, "This token has asked too often.");
        return {};
    }
    if (auto const wait = strangers_.take(address_key(request.peer), now))
        return too_many(*wait, "Too many tokens that are not valid came from this address.");
    return {};
}

void ApiLimits::known(std::string_view token) {
    auto name = name_of(token);
    std::lock_guard const lock(mutex_);
    known_.insert(std::move(name));
}

void ApiLimits::unknown(std::string_view token) {
    auto const name = name_of(token);
    std::lock_guard const lock(mutex_);
    known_.erase(name);
}

bool ApiLimits::is_known(http::Request const& request) const {
    auto const token = bearer_token(request);
    return token && is_known_name(name_of(*token));
}

// Tokens are not kept in memory either.
std::string ApiLimits::name_of(std::string_view token) const { return core::sha256(token); }

bool ApiLimits::is_known_name(std::string const& name) const {
    std::lock_guard const lock(mutex_);
    return known_.contains(name);
}

}  // namespace convoke::api
