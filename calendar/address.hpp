// Calendar addresses (RFC 5545 §3.3.3, RFC 6068): written and compared. Inside this room; reading.hpp offers the reading side.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convoke::calendar {

// "mailto:" and an address: the local part percent-encoded, the domain in A-labels (UTS 46). Throws
// std::invalid_argument for control characters, blanks and what is no address.
std::string mailto(std::string_view address);

// none: no domain can be written so.
std::optional<std::string> ascii_domain(std::string_view domain);

}  // namespace convoke::calendar
