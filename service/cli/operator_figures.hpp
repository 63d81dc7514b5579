// What /readyz and /metrics need of a serving process: put together here from its parts.
#pragma once

#include "config/settings.hpp"

#include <string>
#include <vector>

namespace convoke::cli {

// Where data is written: the SQLite database's folder, the folder mails are filed in.
std::vector<std::string> written_folders(config::Settings const& settings);

}  // namespace convoke::cli
