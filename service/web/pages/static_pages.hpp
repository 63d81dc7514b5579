// Accessibility statement and privacy notice.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> accessibility_page(WebServices const& services, Visitor visitor, Request& request);
// /robots.txt: calendars are fetched by programs that ask it first (interop F3); what is personal is not.
awaitable<Response> robots_text(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> privacy_page(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
