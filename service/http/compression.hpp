// gzip for bytes that are made once and sent often: feeds and static files. Never for pages that mix secrets with
// text a stranger chose (BREACH). Pure.
#pragma once

#include "service/http/message.hpp"

#include <string>
#include <string_view>

namespace convoke::http {

// The same input gives the same bytes: no time, no name in the header. `level` 1 … 9.
std::string gzip(std::string_view bytes, int level = 6);

// Accept-Encoding allows gzip (RFC 9110 §12.5.3: also "*" and q values). Answer with Vary: Accept-Encoding.
bool accepts_gzip(Request const& request);

}  // namespace convoke::http
