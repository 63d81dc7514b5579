// A person's own page: pages/me.html. Pure; any thread.
#pragma once

#include "service/domain/community.hpp"
#include "service/domain/registration.hpp"
#include "service/web/views/event_words.hpp"
#include "service/web/views/feed_words.hpp"
#include "service/web/views/form.hpp"

#include <map>
#include <optional>
#include <string>
#include <vector>

namespace convoke::web {

struct OwnEvent {
    domain::Registration registration;
    domain::Event event;
};
struct MeFacts {
    domain::Person person;
    std::vector<OwnEvent> events;
    struct Membership {
        std::string slug, name, role;
    };
    std::vector<Membership> memberships;
    std::string feed_url;
    std::optional<Fetch> last_fetch;
    std::map<std::string, std::string> entered;  // of a refused form
    FormErrors errors;
};
Data me_view(Reader const& reader, MeFacts const& facts);

}  // namespace convoke::web
