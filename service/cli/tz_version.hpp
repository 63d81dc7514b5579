// Which time zone data the machine has, for people.
#pragma once

#include <string>

namespace convoke::cli {

// "tz 2025b", as the tz database says of itself; "tz of unknown version" when it does not.
std::string tz_version();

}  // namespace convoke::cli
