// The [mail] transport setting taken apart. Pure; any thread.
#pragma once

#include "calendar/failure.hpp"

#include <string>
#include <string_view>

namespace convoke::notifications {

struct TransportUrl {
    enum class Scheme { file, smtp, smtps } scheme = Scheme::file;
    std::string directory;         // file
    std::string user, host, port;  // smtp, smtps; user "" = no AUTH; an IPv6 address without brackets
};

// "file:DIR", "smtp://[user@]host[:587]", "smtps://[user@]host[:465]"; the user may be percent-encoded.
// errc::invalid_value says what would be right.
result<TransportUrl> parse_transport_url(std::string_view text);

}  // namespace convoke::notifications
