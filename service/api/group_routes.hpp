// /communities/{slug}/groups: working groups and who is in them.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

namespace convoke::api {

// `services` must outlive the router.
void add_group_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
