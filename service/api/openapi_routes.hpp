// GET /api/v1/openapi.json, without a token.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

namespace convoke::api {

// Last of all routes: what the description and the table have not in common is logged as a warning (the service serves
// all the same), and fails tests/integration/openapi.py. `services` must outlive the router.
void add_openapi_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
