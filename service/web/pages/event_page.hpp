// One event.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> event_page(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
