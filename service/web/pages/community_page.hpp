// The front page and a community's programme.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> home_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> community_page(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
