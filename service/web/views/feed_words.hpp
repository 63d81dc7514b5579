// When a member's calendar was fetched, and by what: on the member's own page and at the secretariat's desk. Pure.
#pragma once

#include "service/web/views/phrases.hpp"

#include <optional>
#include <string>

namespace convoke::web {

struct Fetch {
    sys_seconds at;
    std::string client;  // as service/feeds/feed_client.hpp names it
};

// "3 hours ago".
std::string say_ago(Phrases const& say, calendar::seconds age);
// A program as its users call it.
std::string say_client(Phrases const& say, std::string const& client);
// "Last fetched 3 hours ago by Thunderbird."
std::string say_last_fetch(Reader const& reader, std::optional<Fetch> const& fetch);

}  // namespace convoke::web
