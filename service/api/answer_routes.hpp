// /api/v1/answers: what came in by mail for the reply address, and what became of it.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

namespace convoke::api {

void add_answer_routes(http::Router& router, ApiServices const& services);

}  // namespace convoke::api
