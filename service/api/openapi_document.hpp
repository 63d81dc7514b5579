// The description of /api/v1 (OpenAPI 3.1), held against the running service by tests/integration/openapi.py.
//
// Its source is kept by hand, in openapi/: one JSON file for each resource, so that who changes a route finds what is
// said of it in one screen. It is put together when it is first asked for, not when the program is built, because then
// the base address is known, and because the statuses of problems come from the one map in failure_response.hpp: the
// description cannot name a status the service does not answer.
//
// Pure; any thread.
#pragma once

#include "service/http/router.hpp"

#include <boost/json/object.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace convoke::api {

// Throws std::logic_error when the pieces do not fit together.
boost::json::object openapi_document(std::string_view base_url);

// "GET /api/v1/x": rows of the router below /api/v1 that the document lacks, and operations without a row.
struct Differences {
    std::vector<std::string> undescribed, unserved;
};
Differences differences(boost::json::object const& document, http::Router const& router);

}  // namespace convoke::api
