// An event on the secretariat's desk: looked up as its organiser addresses it, and the frame of its pages.
#pragma once

#include "service/domain/event.hpp"
#include "service/web/layout.hpp"
#include "service/web/views/phrases.hpp"
#include "service/web/web_services.hpp"

#include <string>

namespace convoke::web {

// The community of the path must be theirs and own the event; errc::not_found.
result<domain::Event> find_organised(Transaction& tx, Context const& context, Request const& request);
awaitable<result<domain::Event>> find_organised(WebServices const& services, Visitor const& visitor, Request const& request);

// `title`: what the page does to the event; "" for the event's own page.
Frame frame_for(Reader const& reader, Request const& request, domain::Event const& event, std::string const& title);

}  // namespace convoke::web
