// For operators: /healthz, /readyz and /metrics.
//
// /healthz: the process answers. /readyz: it can do its work: 200, or 503 when one of its checks is "failed":
//     database     a read and an empty write within two seconds
//     disk         room left where the SQLite database and the mail folder lie (absent where there is neither)
//     clock        the machine's clock can be right
//     mail         mails leave: "warning" while the mail server takes none, or a due mail is older than five minutes
//     certificate  "warning" in its last 21 days, "failed" once it is over (absent without TLS)
// Warnings do not keep the service from serving, so they leave it at 200. Checked at most once a second.
//
// /metrics: Prometheus text 0.0.4. For this machine (unless a proxy's headers say the request comes from elsewhere), for
// the holder of [http] metrics_token, and for API tokens of administrators; 403 for everybody else.
#pragma once

#include "service/core/clock.hpp"
#include "service/core/metrics_text.hpp"
#include "service/http/router.hpp"
#include "service/store/database.hpp"
#include "service/usecases/context.hpp"

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace convoke::api {

struct MailHealth {
    bool paused = false;
    std::string reason;                             // of the pause, without addresses
    std::optional<calendar::sys_seconds> last_sent;  // since start
};

struct HealthServices {
    store::Database& db;
    usecases::Instance const& instance;
    core::Clock const& clock;
    // All from any thread.
    std::function<MailHealth()> mail;
    std::function<bool()> clock_wrong;
    std::function<std::optional<std::chrono::system_clock::time_point>()> certificate_ends;
    std::vector<std::string> folders;  // that must have room
    std::string metrics_token;         // "" = none
    // What the process itself counts; each writes its families.
    std::vector<std::function<void(core::MetricsText&)>> figures;

    static constexpr std::uint64_t least_room = 64 * 1024 * 1024;
};

// `services` must outlive the handlers.
void add_health_routes(http::Router& router, HealthServices const& services);

}  // namespace convoke::api
