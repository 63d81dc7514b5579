// The verbs of an event's life and the queries that doors ask. See context.hpp for the rules of verbs.
// All may fail with errc::not_found (also for what the actor may not know of) and errc::forbidden.
#pragma once

#include "service/domain/event.hpp"
#include "service/domain/event_codec.hpp"
#include "service/usecases/context.hpp"

#include <optional>

namespace convoke::usecases {

using domain::Event;
using domain::EventDefinition;

struct ImportedFrom {
    std::string source, key, row;  // Event::import_…
};

// A draft. The actor must organise every owning community.
result<Event> create_event(Transaction& tx, Context const& context, EventDefinition const& definition,
                           std::optional<ImportedFrom> const& imported = {});

struct EventChange {
    EventDefinition definition;                              // whole, after the merge
    std::optional<std::optional<calendar::local_days>> link_due;  // set, or set to nothing; outer nullopt: as it was
    bool from_document = false;  // an import: topics are taken as the document has them
};
// `expected_revision`: If-Match (errc::changed_meanwhile with arguments["currentEtag"]). Mails go by what changed: a
// provisional event that becomes fixed is invited to; time → update and answers asked again; place or link → update.
result<Event> change_event(Transaction& tx, Context const& context, std::int64_t id,
                           std::optional<std::int64_t> expected_revision, EventChange const& change);

// errc::link_missing for a fixed online event without link and without `link_due`. Publishing twice changes nothing.
result<Event> publish_event(Transaction& tx, Context const& context, std::int64_t id,
                            std::optional<calendar::local_days> link_due);

// Published or completed without a mail to anybody: what an import found in the past.
result<Event> record_past_event(Transaction& tx, Context const& context, std::int64_t id);

// METHOD:CANCEL to everyone who holds the entry. Cancelling twice changes nothing.
result<Event> cancel_event(Transaction& tx, Context const& context, std::int64_t id, std::string const& reason);

// Drafts are seen by organisers of an owning community only.
result<Event> find_event(Transaction& tx, Context const& context, std::int64_t id);

struct EventQuery {
    std::optional<std::string> community;  // slug
    std::optional<sys_seconds> from, to;   // overlapping
    std::optional<domain::EventState> state;
    std::size_t limit = 50;
    std::optional<std::int64_t> after;     // cursor: the id of the last one seen
    bool in_order_of_time = false;         // pages; no cursor then
};
result<std::vector<Event>> list_events(Transaction& tx, Context const& context, EventQuery const& query);

// Marks published events that ended as completed. Run by a job.
std::int64_t complete_past_events(Transaction& tx, Context const& context);

struct EventFigures {
    std::int64_t invited = 0, confirmed = 0, waitlisted = 0, pending = 0, declined = 0, cancelled = 0;
    std::int64_t mails_sent = 0, mails_open = 0, mails_failed = 0;
};
result<EventFigures> event_figures(Transaction& tx, Context const& context, std::int64_t id);

}  // namespace convoke::usecases
