// Statements on events. Inside a transaction only; no rules here.
#pragma once

#include "service/domain/event.hpp"
#include "service/store/transaction.hpp"

#include <optional>
#include <vector>

namespace convoke::store {

using calendar::sys_seconds;
using domain::Event;

void insert_event(Transaction& tx, Event const& event);
// Everything but id, uid, created and the import identity.
void update_event(Transaction& tx, Event const& event);
std::optional<Event> find_event(Transaction& tx, std::int64_t id);

// Events that an earlier reading of this document made.
std::vector<Event> events_of_import(Transaction& tx, std::string const& source);

// What the document said of an event when it was last read.
void note_import(Transaction& tx, std::int64_t id, std::string const& key, std::string const& row);

// What the database holds of an event's time, as computed when it was last written; and what it would be now.
struct CachedSpan {
    calendar::Span cached, computed;
};
CachedSpan cached_span(Transaction& tx, Event const& event);

struct EventFilter {
    std::optional<std::int64_t> community_id;
    std::optional<sys_seconds> from, to;      // ends after / starts before
    std::optional<domain::EventState> state;
    bool unpublished = false;                 // drafts, and drafts that were cancelled
    bool all_groups = false;                  // working groups' events too, else only those of `person_id`
    std::int64_t person_id = 0;
    std::optional<std::int64_t> after_id;     // ids below are left out too; newest last
    std::size_t limit = 50;
    bool by_time = false;                     // earliest start first instead of by id
};
std::vector<Event> list_events(Transaction& tx, EventFilter const& filter);

// What a person's feed shows: events of the communities (and working groups) they belong to or have a registration
// in, published, completed or cancelled, ending after `since`; cancelled ones only if cancelled after `cancelled_since`.
std::vector<Event> events_for_person(Transaction& tx, std::int64_t person_id, sys_seconds since,
                                     sys_seconds cancelled_since);
std::vector<Event> events_for_community(Transaction& tx, std::int64_t community_id, sys_seconds since,
                                        sys_seconds cancelled_since);

// Published, and over by `now`.
std::vector<std::int64_t> events_to_complete(Transaction& tx, sys_seconds now, std::size_t limit);

// The persons an event concerns: members of its communities, or of its working group only.
struct Concerned {
    std::int64_t person_id = 0;
    std::string email, name, organisation, country, language, time_zone;
};
std::vector<Concerned> concerned_persons(Transaction& tx, Event const& event);
bool concerns_person(Transaction& tx, Event const& event, std::int64_t person_id);

// How a person is written to about an event: by the membership in the first owning community, else language and zone of
// any membership, else by what the person row knows.
struct Profile {
    std::string name, organisation, country, language, time_zone;
};
Profile profile_for(Transaction& tx, std::int64_t person_id, std::int64_t event_id);

}  // namespace convoke::store
