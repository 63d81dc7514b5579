// convoke audit: who did what, and whether the record of it was changed.
#pragma once

#include "service/cli/environment.hpp"

#include <cstddef>
#include <string>

namespace convoke::cli {

// Newest first, at most `limit` (0: all), one change a line or a JSON array. `community` (slug) and `event` "": all.
int list_audit(Environment& environment, std::string const& community, std::string const& event, std::size_t limit, bool json);

// Follows the chain and prints how long it is and its head; 1 when it is broken, or when `head` (noted earlier, "" for
// none) is not part of it.
int verify_audit(Environment& environment, std::string const& head);

}  // namespace convoke::cli
