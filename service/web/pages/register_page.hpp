// Taking a seat, answering an invitation, giving the seat back: for who is signed in, for the holder of a personal
// link (answer token, in the path or as ?token=), and, by a mail to the address, for everybody else.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> register_form(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> register_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> cancel_form(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> cancel_post(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
