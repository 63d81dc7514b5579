// /healthz: the process answers. /readyz: its database answers too (503 otherwise); says beside it whether mail is paused,
// which does not keep the service from serving.
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
