// What is common to many operations of the API's description: the problems they can answer, headers, examples. Pure.
#pragma once

#include <boost/json/object.hpp>

namespace convoke::api {

// Completes every operation of `document`:
//   "x-json": NAME in a requestBody or response becomes its JSON content with the schema NAME and the examples named
//     NAME or NAME-…
//   "x-problems": [CODE…] becomes the problem responses, with the statuses of failure_response.hpp; groups of codes
//     are in the document's own "x-problems", where those of "always", "writing", "path", "list", "body", "post" and
//     "patch" belong to every operation of that sort.
//   Conditional requests (If-None-Match, If-Match, ETag, 304) and the request's id are what endpoint.hpp and the server
//     do for every call.
// Throws std::logic_error for a name or code that is not there.
void complete_operations(boost::json::object& document);

}  // namespace convoke::api
