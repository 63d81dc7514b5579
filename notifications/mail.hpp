// A finished mail: envelope and bytes. A plain value.
#pragma once

#include <memory>
#include <string>

namespace convoke::notifications {

struct Mail {
    std::string from, to;    // envelope addresses (RFC 5321), ASCII, without angle brackets
    std::string subject;     // as people read it, not encoded
    std::string message_id;  // without angle brackets
    std::string bytes;       // RFC 5322; lines end with CRLF, none is longer than 998 octets, 7 bit only
};

// What goes to a transport. The bytes are shared, never changed: a retry sends the same.
struct Envelope {
    std::string from, to;
    std::string message_id;
    std::shared_ptr<std::string const> bytes;
};

}  // namespace convoke::notifications
