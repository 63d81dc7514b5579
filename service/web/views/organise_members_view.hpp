// The secretariat's list of members: pages/organise_members.html. Pure; any thread.
#pragma once

#include "service/domain/community.hpp"
#include "service/web/views/event_words.hpp"
#include "service/web/views/feed_words.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::web {

struct OrganisedMember {
    domain::Member member;
    std::optional<Fetch> last_fetch;  // of their calendar
};

std::string say_role(Phrases const& say, std::string const& role);

// `more`: link to the next part, "" for the last.
Data organise_members_view(Reader const& reader, std::vector<OrganisedMember> const& members, std::string const& more);

}  // namespace convoke::web
