// "Change this and all following dates": the form, the question before it is done, and the deed.
#pragma once

#include "service/web/session_guard.hpp"

namespace convoke::web {

awaitable<Response> split_series_form(WebServices const& services, Visitor visitor, Request& request);
// Without the answer to the question it asks that and changes nothing.
awaitable<Response> split_series_post(WebServices const& services, Visitor visitor, Request& request);

}  // namespace convoke::web
