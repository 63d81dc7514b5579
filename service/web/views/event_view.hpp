// One event for one viewer: pages/event.html. Pure; any thread.
#pragma once

#include "service/domain/community.hpp"
#include "service/web/views/event_words.hpp"

#include <optional>
#include <string>
#include <vector>

namespace convoke::web {

// Whether one can register now, and why not.
enum class Door { open, draft, cancelled, provisional, over, not_yet, closed };
Door door_of(domain::Event const& event, sys_seconds now);

struct TakenSeats {
    std::int64_t on_site = 0, online = 0;
};

struct EventFacts {
    domain::Event event;
    std::vector<domain::Topic> topics;                // of the owning communities' programmes, for the names
    std::optional<domain::Registration> own;          // the viewer's
    bool organiser = false;                           // of an owning community
    std::optional<TakenSeats> taken;
    std::string token;                                // of the viewer's personal link, "" otherwise
    std::string organise_path;                        // "" unless organiser
};
Data event_view(Reader const& reader, EventFacts const& facts);

// Why one cannot register: tone, title and text of a notice; an empty text while the door is open.
struct Notice {
    std::string_view tone;
    std::string title, text;
};
Notice notice_of(Reader const& reader, domain::Event const& event, Door door);
void add_notice(Data& data, Notice const& notice);

// The link, if this viewer may see it (design §4.6): an organiser, or who holds an answer that earns it.
std::string visible_link(EventFacts const& facts);

// "On site: 12 of 40 seats are free." for each mode with a limit.
std::vector<std::string> say_seats(Phrases const& say, domain::EventDefinition const& definition, std::optional<TakenSeats> const& taken);

}  // namespace convoke::web
