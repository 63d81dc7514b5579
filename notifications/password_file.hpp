// A password kept in a file of its own, so that it stands in no settings file and no process list. Any thread; blocks.
#pragma once

#include "calendar/failure.hpp"

#include <string>
#include <string_view>

namespace convoke::notifications {

// The first line. errc::invalid_value, naming the setting, when there is none.
result<std::string> read_password(std::string const& file, std::string_view setting);

}  // namespace convoke::notifications
