// What every handler of the API is given. Lives as long as the server; any thread.
#pragma once

#include "service/core/clock.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

namespace convoke::api {

class ApiLimits;

struct ApiServices {
    store::Database& db;
    usecases::Instance const& instance;
    core::Clock const& clock;
    ApiLimits* limits = nullptr;  // none: nobody is limited
};

}  // namespace convoke::api
