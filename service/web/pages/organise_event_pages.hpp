// The secretariat's desk: one event, what is registered and mailed, and the verbs on it.
// Handlers of routes.cpp: on the connection's loop, see session_guard.hpp.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> organise_event_page(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> publish_form(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> publish_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> fix_date_form(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> fix_date_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> cancel_event_form(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> cancel_event_post(WebServices const& services, Visitor visitor, Request& request);
awaitable<Response> registration_post(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
