// GET /api/v1/audit: who did what, when, from which request (usecases/audit.hpp).
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"
#include "service/usecases/audit.hpp"

#include <boost/json/object.hpp>

namespace convoke::api {

// One line, as the API and the command print it.
boost::json::object audit_json(usecases::AuditLine const& line);

// `services` must outlive the handlers.
void add_audit_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
