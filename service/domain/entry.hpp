// An event as the calendar entry one person sees: in mails and feeds alike, so that both always agree. Pure.
#pragma once

#include "calendar/entry.hpp"
#include "service/domain/event.hpp"

#include <optional>
#include <string>

namespace convoke::domain {

struct EntryView {
    std::string event_url;             // the page this person gets to
    std::string registration_status;   // "" = no registration (a public feed)
    std::string registration_mode;     // "on-site", "online"; "" while only invited
    sys_seconds registration_shown;    // Registration::shown; epoch when there is none
    std::optional<calendar::seconds> alarm_before;  // the holder's wish
    bool in_feed = false;              // a feed marks unanswered invitations as tentative; a REQUEST asks by itself
};

calendar::Entry entry_for(Event const& event, EntryView const& view);

// Whether every calendar that may hold the event, whoever's it is, keeps all its bytes.
bool shows_the_same(Event const& before, Event const& after);

}  // namespace convoke::domain
