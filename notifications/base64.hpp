// RFC 4648 §4, as SASL wants it (RFC 4954, 3501). Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace convoke::notifications {

std::string base64(std::string_view bytes);

}  // namespace convoke::notifications
