// Everything held about a person, as the JSON of `convoke person export` (GDPR article 20). Pure.
#pragma once

#include "service/usecases/persons.hpp"

#include <boost/json/object.hpp>

namespace convoke::cli {

boost::json::object person_json(usecases::PersonRecord const& record);

}  // namespace convoke::cli
