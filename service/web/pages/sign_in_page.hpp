// Signing in by a single-use link, and out.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> sign_in_form(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> sign_in_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> sign_in_link_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> sign_in_link_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> sign_out_post(WebServices const& services, Visitor visitor, Request& request);

// What a page shows in its place to who is not signed in: status 200, and the way back is remembered.
Response sign_in_instead(WebServices const& services, Visitor const& visitor, Request const& request);

}  // namespace convoke::web
