// What a new tz database means for events to come: they are kept as wall time and zone, so their instants move with it.
#pragma once

#include "service/usecases/context.hpp"

#include <string>
#include <vector>

namespace convoke::usecases {

struct ZoneDataNews {
    std::vector<std::string> zones;  // whose rules differ from those of the last start
    std::int64_t moved = 0;          // events whose instants moved; each was written anew
};

// Compares the rules of every zone that an event to come is in with those noted at the last start (in `instance`), and
// what is cached of each event with what it is now. An event that moved gets new times and reminders; where people hold
// its entry, SEQUENCE + 1 and an update that says the clock rules changed. A series counts as moved when its zone's rules
// changed at all: better a mail too many than an hour wrong. Asked once, before serving; a second call finds nothing.
ZoneDataNews follow_zone_data(Transaction& tx, Context const& context);

// The zones whose rules differ from those the running service noted; for `doctor`, changes nothing.
std::vector<std::string> zones_not_followed(Transaction& tx, Context const& context);

}  // namespace convoke::usecases
