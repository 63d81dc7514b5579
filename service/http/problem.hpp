// A problem document (RFC 9457): the one shape of every error this server answers.
#pragma once

#include "service/http/message.hpp"

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::http {

struct Problem {
    struct Error {
        std::string pointer;  // JSON pointer into the body, "" for the whole
        std::string code;     // stable, for programs
        std::string detail;   // for people
    };

    Problem(int status, std::string code, std::string detail)
        : status(status), code(std::move(code)), detail(std::move(detail)) {}

    int status;
    std::string code;    // stable, e.g. "event_full"
    std::string title;   // "" becomes the status phrase
    std::string detail;  // never holds secrets; for 500 nothing of the cause
    std::vector<Error> errors;
    std::map<std::string, std::string> headers;  // e.g. Retry-After, Allow
    std::map<std::string, std::string> members;  // extension members, written as JSON strings
    std::map<std::string, std::int64_t> numbers;  // extension members, written as JSON numbers
};

// The JSON text: type title status detail code errors requestId and the extra members.
std::string to_json(Problem const& problem, std::string_view request_id);

// application/problem+json with the problem's status and headers.
Response to_response(Problem const& problem, std::string_view request_id);

}  // namespace convoke::http
