// The bytes in front of a response's body: status line, our headers, the security headers. Pure but for the clock of
// Date. For service/http only.
#pragma once

#include "service/http/message.hpp"

#include <chrono>
#include <string>
#include <string_view>

namespace convoke::http {

struct WireOptions {
    bool secure = false;      // the client speaks HTTPS, with us or with a trusted proxy: HSTS
    bool close = false;       // Connection: close
    bool http10 = false;      // say keep-alive, which HTTP/1.0 does not imply
    std::string_view request_id;
};

// Content-Length is always that of the body (none for 204 and 304); what a handler sets for the fields that belong to
// the connection is left out. Security headers a handler has set are kept.
std::string response_head(Response const& response, WireOptions const& options);

// IMF-fixdate (RFC 9110 §5.6.7).
std::string http_date(std::chrono::sys_seconds when);

// What HTML gets as Content-Security-Policy unless the handler sets its own.
extern std::string_view const content_security_policy;

}  // namespace convoke::http
