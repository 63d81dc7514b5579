// The gate before the parser: refuses every request head that two readers could understand differently, and every head
// that is too large (RFC 9112; the measured holes of Beast 1.81). Pure, on the raw bytes as received.
#pragma once

#include "service/http/problem.hpp"

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::http {

struct GateLimits {
    std::size_t head_bytes = 8 * 1024;
    std::size_t fields = 100;
    std::size_t target_bytes = 4 * 1024;
};

// Looks for the end of the head in what has arrived so far: the number of bytes up to and with the empty line, 0 while
// it is not there yet. A problem as soon as it is certain: too long (431), a bare LF or CR or a NUL (400).
struct HeadScan {
    std::size_t length = 0;
    std::optional<Problem> problem;
};
HeadScan find_head_end(std::string_view received, GateLimits const& limits);

// What the gate read. Views into the head.
struct Head {
    std::string_view method, target;
    int minor_version = 1;
    std::vector<std::pair<std::string_view, std::string_view>> fields;  // values trimmed
};

struct GateResult {
    Head head;  // as far as it was readable
    std::optional<Problem> problem;
};
// `head` ends with the empty line. Every refusal here closes the connection.
GateResult check_head(std::string_view head, GateLimits const& limits);

// The host of a Host header without port, in lower case; nullopt if it is not one (RFC 9110 §7.2).
std::optional<std::string> host_without_port(std::string_view host);

// Case-insensitive ASCII comparison, for names of fields and hosts.
bool iequals(std::string_view a, std::string_view b);

}  // namespace convoke::http
