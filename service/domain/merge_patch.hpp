// JSON merge patch, RFC 7396. Pure.
#pragma once

#include <boost/json/value.hpp>

namespace convoke::domain {

boost::json::value merge_patch(boost::json::value target, boost::json::value const& patch);

}  // namespace convoke::domain
