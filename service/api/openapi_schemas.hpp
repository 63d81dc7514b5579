// The schemas of the API's description that follow from others: what a resource adds to what one may write, what a
// merge patch of it looks like, a page of it. Pure; any thread.
#pragma once

#include <boost/json/object.hpp>

namespace convoke::api {

// Replaces in `components.schemas`, and adds an example for each page to `components.examples`:
//   "x-extends": NAME   the properties of NAME before its own, its own winning
//   "x-patch-of": NAME  NAME as a merge patch (RFC 7396): nothing is required, null takes away what is optional;
//                       own properties are added
//   "x-page-of": NAME   {"items": […], "next": …}
// Throws std::logic_error for a name that is not there.
void derive_schemas(boost::json::object& components);

}  // namespace convoke::api
