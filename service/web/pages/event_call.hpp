// Who asks about which event: what the event's own pages look up first, in one transaction. Used by pages/ alone.
#pragma once

#include "service/domain/registration.hpp"
#include "service/usecases/events.hpp"
#include "service/web/session_guard.hpp"

#include <optional>
#include <string>

namespace convoke::web {

struct EventCall {
    domain::Event event;
    std::optional<domain::Person> person;      // signed in, or holder of the personal link
    std::optional<domain::Registration> own;   // theirs
    domain::Actor actor;                       // in whose name the verbs run
    bool organiser = false;
    std::string organised_slug;                // of an owning community the person organises
    std::string token;                         // of the personal link, "" otherwise
};

// The token of a personal link: in the path, the query or the form; "" for none.
std::string token_of(Request const& request);

// errc::not_found for an event one may not know of and for a link that is none of ours.
result<EventCall> find_call(Transaction& tx, WebServices const& services, Visitor const& visitor, Request const& request);

// Language and clock of a link's holder who is not signed in.
void adopt_holder(WebServices const& services, Visitor& visitor, EventCall const& call);

// The path with the token as a query, so that the holder stays the holder.
std::string with_token(std::string const& path, std::string const& token);

}  // namespace convoke::web
