// Who asks, and what they may do. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace convoke::domain {

struct Actor {
    enum class Kind {
        anonymous,
        person,   // a signed-in person or the holder of a personal link
        token,    // an API token
        command,  // the command line on the server: everything is allowed
        service,  // the service's own jobs
    } kind = Kind::anonymous;
    std::int64_t id = 0;                    // person or token
    bool admin = false;                     // every community
    std::vector<std::int64_t> organises;    // community ids
    bool by_link = false;                   // a person who came by the link in a mail, not signed in
    bool by_mail = false;                   // a person whose answer came by mail

    static Actor command() { return Actor{Kind::command, 0, true, {}}; }
    static Actor service() { return Actor{Kind::service, 0, true, {}}; }
    static Actor of_person(std::int64_t person_id) { return Actor{Kind::person, person_id, false, {}}; }
    static Actor of_link(std::int64_t person_id) { return Actor{Kind::person, person_id, false, {}, true}; }
    static Actor of_mail(std::int64_t person_id) { return Actor{Kind::person, person_id, false, {}, false, true}; }
};

bool may_organise(Actor const& actor, std::int64_t community_id);
bool may_organise_any(Actor const& actor, std::vector<std::int64_t> const& community_ids);

// "token:ID", "person:ID", "link:ID" (a person by their own link), "mail:ID" (by an answer that came by mail), "command", "service", "anonymous": ids, never names (audit log).
std::string name_of(Actor const& actor);

}  // namespace convoke::domain
