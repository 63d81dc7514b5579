// /healthz: the process answers. /readyz: it can do its work (database at this schema, mail not paused).
#pragma once

#include "service/core/clock.hpp"
#include "service/http/router.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <functional>

namespace convoke::api {

struct HealthServices {
    store::Database& db;
    usecases::Instance const& instance;
    core::Clock const& clock;
    std::function<bool()> mail_paused;  // any thread
};

// `services` must outlive the handlers.
void add_health_routes(http::Router& router, HealthServices const& services);

}  // namespace convoke::api
