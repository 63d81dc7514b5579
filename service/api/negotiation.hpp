// Which representation a caller wants (RFC 9110 §12.5.1). Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"

#include <string_view>
#include <vector>

namespace convoke::api {

// The offered media type the caller likes best; the first one without Accept and among equals.
// errc::not_acceptable, with the offer in the detail.
result<std::string_view> choose_media_type(http::Request const& request, std::vector<std::string_view> const& offered);

}  // namespace convoke::api
