// EventDefinition <-> the JSON of the API contract. Decoding validates everything and names all faults at once.
// The store keeps the encoded form; a merge patch (RFC 7396) is encode, merge, decode. Any thread; pure.
#pragma once

#include "service/domain/event.hpp"

#include <boost/json/object.hpp>

namespace convoke::domain {

// `unchanged_schedule`: the schedule as stored, when patching; a start in the past is then no reason to refuse.
result<EventDefinition> decode_event(boost::json::object const& json);

// Canonical: fixed order, defaults left out, durations normalised. decode_event(encode_event(d)) == d.
boost::json::object encode_event(EventDefinition const& definition);

// RFC 7396.
boost::json::value merge_patch(boost::json::value target, boost::json::value const& patch);

}  // namespace convoke::domain
