// What every page is given. Filled by the application; lives as long as the server; any thread.
#pragma once

#include "calendar/failure.hpp"
#include "notifications/rendering/templates.hpp"
#include "service/core/clock.hpp"
#include "service/http/problem.hpp"
#include "service/http/static_files.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <functional>
#include <string>

namespace convoke::web {

struct WebServices {
    store::Database& db;
    usecases::Instance const& instance;
    core::Clock const& clock;
    rendering::Templates const& templates;  // with add_web_templates()
    http::StaticFiles files;                // web_files()
    // The one map from a Failure to a status and words: the API's (service/api/failure_response.hpp).
    std::function<http::Problem(Failure const&)> problem_of;
    std::string site_name = "Convoke";
};

}  // namespace convoke::web
