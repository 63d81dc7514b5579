// A series that changes from one date on: what becomes of its definition, and how a mail names the change. Pure.
#pragma once

#include "service/domain/event.hpp"

#include <boost/json/object.hpp>

#include <optional>
#include <string>

namespace convoke::domain {

struct SplitDefinition {
    EventDefinition earlier;  // ends before `from`
    EventDefinition later;    // begins with it, as the patch has it
};

// `patch` (RFC 7396) is laid over the rest as it would go on unchanged. A new `start` moves every date of the rest
// (calendar::move_series), unless recurrenceRules are given as well: then those say it, and of overrides only those stay
// whose dates the new rule gives. Registration that closes after the last of the earlier dates closes with the last of them.
// All faults at once, `/from` among them; communities and workingGroup stay what they are.
result<SplitDefinition> split_definition(EventDefinition const& definition, std::optional<local_seconds> from,
                                         boost::json::object const& patch);

// What is another from that date on, for the words of mails.
struct SplitNews {
    local_seconds from;
    bool begins = false;  // the entry that goes on from there, not the one that ends before it
    bool time = false, place = false, link = false, title = false;
};
SplitNews split_news(EventDefinition const& before, SplitDefinition const& split, local_seconds from);

// The detail of such a mail: "split-ends:2027-03-01T10:00:00 time place", "split-begins:…".
std::string detail_of_split(SplitNews const& news);
std::optional<SplitNews> split_of_detail(std::string_view detail);

}  // namespace convoke::domain
