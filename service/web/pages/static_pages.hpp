// Accessibility statement and privacy notice.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> accessibility_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> privacy_page(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
