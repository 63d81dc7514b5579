// /api/v1/events and what hangs below it; /api/v1/registrations; /api/v1/outbox. Design §3.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

namespace convoke::api {

void add_event_routes(http::Router& router, ApiServices const& services);
void add_registration_routes(http::Router& router, ApiServices const& services);
void add_outbox_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
