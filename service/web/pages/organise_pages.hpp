// The secretariat's desk: its communities and their events.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> organise_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> organise_community_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> organise_members_page(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
