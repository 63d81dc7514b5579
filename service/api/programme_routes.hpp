// /communities/{slug}/programmes: a year's objectives, priority topics and outputs.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

namespace convoke::api {

// `services` must outlive the router.
void add_programme_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
