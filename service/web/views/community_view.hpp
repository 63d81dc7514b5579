// The front page and a community's programme: pages/home.html, pages/community.html. Pure; any thread.
#pragma once

#include "service/domain/community.hpp"
#include "service/web/views/calendar_month.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::web {

struct CommunityAhead {
    domain::Community community;
    std::vector<domain::Event> next;  // in order of time
};
Data home_view(Reader const& reader, std::vector<CommunityAhead> const& communities);

struct CommunityFacts {
    domain::Community community;
    std::vector<domain::Programme> programmes;
    std::vector<domain::Event> events;
    std::optional<year_month> month;  // of the calendar; none: the next one with an event
    std::string base_url;
};
Data community_view(Reader const& reader, CommunityFacts const& facts);

// "https://host/x" -> "webcal://host/x", what calendar programs open as a subscription.
std::string webcal_of(std::string const& url);

}  // namespace convoke::web
