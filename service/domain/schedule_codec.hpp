// Schedule <-> its members in an event's JSON (RFC 8984 names; `provisional` is ours). Pure.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/json_fields.hpp"

namespace convoke::domain {

// Reads start, timeZone, duration, showWithoutTime, recurrenceRules, recurrenceOverrides, provisional from `fields`,
// adding all faults. nullopt when there are any. `readings` gets "earlier" and "later" of an hour that does not exist or
// exists twice (calendar::unambiguous_instant).
std::optional<Schedule> decode_schedule(JsonFields& fields, Faults& faults, std::map<std::string, std::string>& readings);

// calendar::check_schedule, its faults added to the others: for what is asked for. What is stored was checked when it came
// in, and stays readable when a later tz database moves a change of clocks. False when there were faults.
bool check_decoded(Schedule const& schedule, Faults& faults, std::map<std::string, std::string>& readings);

// What an organiser should know on saving, though it is allowed: the dates of a series that fall into an hour which the
// clocks skip or repeat, and what RFC 5545 §3.3.5 makes of them; more changed dates than are mailed one by one.
std::vector<Fault> schedule_warnings(Schedule const& schedule);

void encode_schedule(Schedule const& schedule, boost::json::object& json);

}  // namespace convoke::domain
