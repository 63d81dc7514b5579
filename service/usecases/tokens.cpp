#include "service/usecases/tokens.hpp"

#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/domain/json_fields.hpp"
#include "service/store/tokens.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/communities.hpp"

namespace convoke::usecases {
namespace {

constexpr std::string_view prefix = "cvk_";
constexpr std::size_t length = 4 + 43;

std::string hash_of(std::string_view text) { return core::hex_encode(core::sha256(text)); }

Failure for_administrators() { return Failure(errc::forbidden, "only an administrator may manage API tokens"); }

}  // namespace

result<NewToken> create_token(Transaction& tx, Context const& context, std::string_view name, std::string_view role,
                              std::optional<std::string> const& community) {
    if (!context.actor.admin) return for_administrators();
    std::vector<Fault> faults;
    domain::check_text(name, "/name", {.required = true, .blank_allowed = false, .max_length = 100}, faults);
    if (role != "admin" && role != "organiser")
        faults.push_back({"/role", errc::invalid_value, "a token's role is admin or organiser"});
    if (role == "admin" && community)
        faults.push_back({"/community", errc::invalid_value, "an admin token is for every community: name none"});
    if (role == "organiser" && !community)
        faults.push_back({"/community", errc::required, "an organiser token is for one community: name it"});
    if (!faults.empty()) return Failure(std::move(faults));

    store::ApiToken token{.id = core::new_id(), .name = std::string(name), .role = std::string(role), .created = context.now};
    if (community) {
        CONVOKE_TRY(found, usecases::find_community(tx, *community));
        token.community_id = found.id;
    }
    NewToken made{token.id, std::string(prefix) + core::base64url_encode(core::random_bytes(32))};
    token.hash = hash_of(made.text);
    store::insert_token(tx, token);
    store::log_change(tx, context.now, origin_of(context), "token.create", token.community_id, {}, {},
                      "token:" + std::to_string(token.id) + " role:" + token.role);
    return made;
}

std::optional<domain::Actor> actor_of_token(Transaction& tx, std::string_view text) {
    if (text.size() != length || !text.starts_with(prefix)) return std::nullopt;
    auto const token = store::find_token(tx, hash_of(text));
    if (!token) return std::nullopt;
    domain::Actor actor{.kind = domain::Actor::Kind::token, .id = token->id};
    actor.admin = token->role == "admin";
    if (token->community_id) actor.organises.push_back(*token->community_id);
    return actor;
}

result<void> revoke_token(Transaction& tx, Context const& context, std::int64_t id) {
    if (!context.actor.admin) return for_administrators();
    if (!store::revoke_token(tx, id, context.now)) return Failure(errc::not_found, "there is no such token");
    store::log_change(tx, context.now, origin_of(context), "token.revoke", {}, {}, {},
                      "token:" + std::to_string(id));
    return {};
}

result<std::vector<TokenInfo>> list_tokens(Transaction& tx, Context const& context, Page const& page) {
    if (!context.actor.admin) return for_administrators();
    std::vector<TokenInfo> out;
    for (auto const& token : store::list_tokens(tx, page.after, page.limit))
        out.push_back({token.id, token.name, token.role, token.community_id, token.created, token.revoked});
    return out;
}

}  // namespace convoke::usecases
