// Schedule <-> its members in an event's JSON (RFC 8984 names; `provisional` is ours). Pure.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/json_fields.hpp"

namespace convoke::domain {

// Reads start, timeZone, duration, showWithoutTime, recurrenceRules, recurrenceOverrides, provisional from `fields`,
// adding all faults. nullopt when there are any.
std::optional<Schedule> decode_schedule(JsonFields& fields, Faults& faults);

void encode_schedule(Schedule const& schedule, boost::json::object& json);

}  // namespace convoke::domain
