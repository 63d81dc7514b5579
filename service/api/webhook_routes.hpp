// /api/v1/communities/{slug}/webhooks: who is told about changes, and what became of it (usecases/webhooks.hpp).
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

namespace convoke::api {

// `services` must outlive the handlers.
void add_webhook_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
