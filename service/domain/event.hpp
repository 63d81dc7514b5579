// An event: what its organisers wrote (EventDefinition) and what the service keeps beside it (Event).
// Plain values; the rules beside them are pure. JSON names and meaning: the API contract, RFC 8984 where it has one.
#pragma once

#include "calendar/schedule.hpp"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace convoke::domain {

using calendar::Duration;
using calendar::Schedule;
using calendar::local_days;
using calendar::local_seconds;
using calendar::sys_seconds;

enum class EventState { draft, published, completed, cancelled };
std::string_view name_of(EventState state);
EventState event_state(std::string_view name);  // throws for a name the store cannot hold

struct Location {
    std::string name, description, coordinates;  // coordinates: "geo:40.68,14.76" (RFC 5870) or ""
    friend bool operator==(Location const&, Location const&) = default;
};
struct VirtualLocation {
    std::string name, uri;  // uri: http or https
    friend bool operator==(VirtualLocation const&, VirtualLocation const&) = default;
};

struct Question {
    std::string id, type, label;  // type: text, choice, boolean
    bool required = false, sensitive = false;
    std::vector<std::string> options;
    friend bool operator==(Question const&, Question const&) = default;
};

struct RegistrationRules {
    std::string policy = "members";  // open, members, invitation, approval
    std::optional<local_seconds> opens, closes;  // wall time in the event's zone
    std::optional<std::int64_t> capacity_on_site, capacity_online;
    std::optional<std::int64_t> per_organisation, per_country;
    bool waitlist = false;
    std::optional<Duration> offer_for;  // waiting list by offers with this deadline instead of at once
    std::vector<Question> questions;
    friend bool operator==(RegistrationRules const&, RegistrationRules const&) = default;
};

struct EventDefinition {
    std::vector<std::string> communities;  // slugs, the first one leads
    std::string kind;                      // event, study-visit, working-group-meeting, plenary
    std::string format;                    // online, on-site, hybrid
    std::string title, description;
    Schedule schedule;
    std::map<std::string, Location> locations;
    std::map<std::string, VirtualLocation> virtual_locations;
    std::string locale = "en";
    std::vector<std::string> interpretation;
    RegistrationRules registration;
    std::vector<std::string> reminders;  // ISO 8601 durations before the start, normalised
    bool reminders_given = false;        // false: the instance's default applies
    std::vector<std::string> topics;     // codes of priority topics
    std::string working_group;           // slug; "" = everybody
    std::string certainty;               // provisional only: "idea", "tbc", "confirmed" ("" = tbc); the schedule has it as well
    friend bool operator==(EventDefinition const&, EventDefinition const&) = default;
};

struct Event {
    std::int64_t id = 0;
    std::string uid;
    EventDefinition definition;
    std::vector<std::int64_t> community_ids;  // parallel to definition.communities
    std::vector<std::string> community_names;
    std::string zone;              // the schedule's, or the first community's for a window
    std::optional<std::int64_t> working_group_id;
    EventState state = EventState::draft;
    std::optional<local_days> link_due;
    std::string cancel_reason;
    std::int64_t sequence = 0;     // RFC 5546 §2.1.4
    std::int64_t revision = 1;     // of the resource; its ETag
    sys_seconds created, updated;
    sys_seconds shown;             // when what a calendar entry shows last changed: its LAST-MODIFIED (interop F5)
    std::optional<sys_seconds> published, invited, cancelled;
    // Of a series that was divided: the UID of its first part and of the part behind this one (RFC 8984 §4.1.3); "" = none.
    std::string first_uid, next_uid;
    // "" unless it came from a document. import_row is the definition as it was last imported: what an edited document
    // changes is the difference to it, so that what organisers changed by hand since stays.
    std::string import_source, import_key, import_row;
};

bool takes_place_online(EventDefinition const& definition);   // online or hybrid
bool takes_place_on_site(EventDefinition const& definition);  // on-site or hybrid
// The first virtual location's URI; "" when there is none yet.
std::string join_link(EventDefinition const& definition);
// "Palazzo di Città, Via Roma 1, Salerno", "" for none.
std::string place_in_words(EventDefinition const& definition);

// A deadline for an error text, in English: "1 May 2027, 18:00 (Brussels, UTC+2)".
std::string say_deadline(local_seconds local, std::string const& zone);

// Whether people must be told: a change of time, place, link or format asks for a new mail with SEQUENCE + 1 (S2);
// a corrected typo does not.
struct ChangeWeight {
    bool time = false;    // answers are asked for again (S7)
    bool place = false;   // place, link, format: told, answers stay
    bool text = false;    // only the feed
};
ChangeWeight weigh_change(EventDefinition const& before, EventDefinition const& after);

// The link may be seen by the one who holds this answer (design §4.6). Where online seats are limited it is not for those
// who come in person (`mode` "on-site").
bool link_visible_to(EventDefinition const& definition, std::string_view registration_status, std::string_view mode = "online");

}  // namespace convoke::domain
