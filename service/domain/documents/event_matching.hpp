// Which events of an edited document are which events of the last import. Any thread; pure.
#pragma once

#include "service/domain/documents/programme_document.hpp"

#include <string>
#include <vector>

namespace convoke::domain::documents {

// What is known of an event that an earlier import of the same source brought.
struct ImportedEvent {
    std::string key;    // ProposedEvent::key at that time
    std::string title, kind, format;
    calendar::local_days first, last;  // days or window as they were last imported, both included
};

struct EventPair {
    std::size_t existing, proposed;  // indices
    bool by_position = false;  // the title was edited; kind, format and date told which event it is
};

struct EventMatching {
    std::vector<EventPair> pairs;        // in the order of `proposed`
    std::vector<std::size_t> added;      // of proposed: new events
    std::vector<std::size_t> missing;    // of existing: no longer in the document
};

// In three rounds, each over what the one before left: the same key; the same folded title, where several share one by
// date order; then the same kind and format with overlapping days, but only pairs that have no other candidate on either
// side. Never pairs one event twice.
EventMatching match_events(std::vector<ImportedEvent> const& existing, std::vector<ProposedEvent> const& proposed);

}  // namespace convoke::domain::documents
