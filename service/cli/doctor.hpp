// convoke doctor: is everything as it must be? One line a check; exit code 1 on a fault.
#pragma once

#include <string>

namespace convoke::cli {

int doctor(std::string const& config_file);

}  // namespace convoke::cli
