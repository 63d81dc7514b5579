#include "service/domain/actor.hpp"

#include <algorithm>

namespace convoke::domain {

bool may_organise(Actor const& actor, std::int64_t community_id) {
    return actor.admin ||
           std::find(actor.organises.begin(), actor.organises.end(), community_id) != actor.organises.end();
}

bool may_organise_any(Actor const& actor, std::vector<std::int64_t> const& community_ids) {
    return actor.admin || std::any_of(community_ids.begin(), community_ids.end(),
                                      [&](std::int64_t id) { return may_organise(actor, id); });
}

std::string name_of(Actor const& actor) {
    switch (actor.kind) {
        case Actor::Kind::anonymous: return "anonymous";
        case Actor::Kind::person: return (actor.by_link ? "link:" : actor.by_mail ? "mail:" : "person:") + std::to_string(actor.id);
        case Actor::Kind::token: return "token:" + std::to_string(actor.id);
        case Actor::Kind::command: return "command";
        case Actor::Kind::service: return "service";
    }
    return "anonymous";
}

}  // namespace convoke::domain
