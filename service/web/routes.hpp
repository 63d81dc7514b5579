// The table of pages. For the application, before the server runs.
#pragma once

#include "service/http/router.hpp"
#include "service/web/web_services.hpp"

namespace convoke::web {

// All pages, the static files and the page for errors. `services` must outlive the router.
void add_web_routes(http::Router& router, WebServices const& services);

}  // namespace convoke::web
