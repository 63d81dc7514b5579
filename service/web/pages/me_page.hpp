// A person's own page: events, feed, data.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> me_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> me_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> new_feed_post(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
