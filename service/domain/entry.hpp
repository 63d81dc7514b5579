// An event as the calendar entry one person sees: in mails and feeds alike, so that both always agree. Pure.
#pragma once

#include "calendar/entry.hpp"
#include "service/domain/event.hpp"

#include <string>

namespace convoke::domain {

struct EntryView {
    std::string event_url;             // the page this person gets to
    std::string registration_status;   // "" = no registration (a public feed)
    std::string registration_mode;     // "on-site", "online"; "" while only invited
    sys_seconds registration_updated;  // epoch when there is none
    bool in_feed = false;              // a feed marks unanswered invitations as tentative; a REQUEST asks by itself
};

calendar::Entry entry_for(Event const& event, EntryView const& view);

}  // namespace convoke::domain
