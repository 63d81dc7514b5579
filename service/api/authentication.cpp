#include "service/api/authentication.hpp"

#include "service/usecases/tokens.hpp"

namespace convoke::api {
namespace {

bool same_word(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
        return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == (y >= 'A' && y <= 'Z' ? y - 'A' + 'a' : y);
    });
}

}  // namespace

std::optional<std::string> bearer_token(http::Request const& request) {
    auto const header = request.header("Authorization");
    if (!header) return std::nullopt;
    auto const space = header->find(' ');
    if (space == std::string_view::npos || !same_word(header->substr(0, space), "bearer")) return std::nullopt;
    auto token = header->substr(space);
    while (!token.empty() && token.front() == ' ') token.remove_prefix(1);
    while (!token.empty() && token.back() == ' ') token.remove_suffix(1);
    if (token.empty()) return std::nullopt;
    return std::string(token);
}

result<domain::Actor> authenticate(store::Transaction& tx, std::string_view token) {
    auto actor = usecases::actor_of_token(tx, token);
    if (!actor) return unauthenticated();
    return *std::move(actor);
}

Failure unauthenticated() {
    return Failure(errc::unauthenticated,
                   "a valid API token is needed in the header 'Authorization: Bearer …'; "
                   "'convoke token create' makes one");
}

}  // namespace convoke::api
