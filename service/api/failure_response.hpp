// THE map from a Failure to what HTTP says about it: the status of every errc, the headers that belong to it, the
// problem document. The API answers it as it is; pages take the Problem and show it. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"
#include "service/http/message.hpp"
#include "service/http/problem.hpp"

#include <string_view>

namespace convoke::api {

struct Meaning {
    int status;
    std::string_view title;  // a short sentence, the same for every occurrence (RFC 9457 §3.1.3)
};
Meaning meaning_of(errc code);

// With Retry-After (from arguments["retryAfter"], seconds; a default for what passes by itself), ETag of the current
// state for changed_meanwhile, WWW-Authenticate for unauthenticated. All arguments become extension members,
// counts as numbers.
http::Problem problem_of(Failure const& failure);

// application/problem+json, with the request's id.
http::Response failure_response(http::Request const& request, Failure const& failure);

}  // namespace convoke::api
