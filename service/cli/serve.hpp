// The running service: HTTP, jobs and mail put together, until SIGTERM or SIGINT. SIGHUP reloads certificates.
#pragma once

#include "service/cli/environment.hpp"

namespace convoke::cli {

// Blocks the calling thread. Exit code 0 after a drained stop.
int serve(Environment& environment);

}  // namespace convoke::cli
