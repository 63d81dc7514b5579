// /communities/{slug}/members: add, list (JSON or CSV), get, change, remove.
#pragma once

#include "service/api/api_services.hpp"
#include "service/http/router.hpp"

#include <string>
#include <vector>

#include "service/domain/community.hpp"

namespace convoke::api {

// `services` must outlive the router.
void add_member_routes(http::Router& router, ApiServices const& services);

// The members as a table that `convoke import members` reads again: a heading, then one row each.
std::string members_as_csv(std::vector<domain::Member> const& members);

}  // namespace convoke::api
