// EventDefinition <-> the JSON of the API contract. Decoding validates everything and names all faults at once.
// The store keeps the encoded form; a merge patch (RFC 7396) is encode, merge, decode. Any thread; pure.
#pragma once

#include "service/domain/event.hpp"

#include <boost/json/object.hpp>

namespace convoke::domain {

// What somebody asks for. In Failure::arguments "earlier" and "later", the two readings of an hour that does not exist or
// exists twice.
result<EventDefinition> decode_event(boost::json::object const& json);

// What was asked for once and is stored, in the form encode_event gave it: the same without the rules of time, which the
// next tz database may decide otherwise.
result<EventDefinition> decode_stored_event(boost::json::object const& json);

// Canonical: fixed order, defaults left out, durations normalised. decode_event(encode_event(d)) == d.
boost::json::object encode_event(EventDefinition const& definition);

// A merge patch (RFC 7396) on a definition. One thing more than the RFC: a patch that fixes a provisional event by
// `start` need not say `"provisional": null`, and the other way round.
result<EventDefinition> patch_event(EventDefinition const& definition, boost::json::object const& patch);

}  // namespace convoke::domain
