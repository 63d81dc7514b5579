#include "service/usecases/event_writing.hpp"

#include "service/store/change_log.hpp"
#include "service/store/events.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/webhooks.hpp"

#include <algorithm>

namespace convoke::usecases {

using domain::Event;
using domain::EventState;

namespace {

// What webhooks are told of an action; "" for what is not told.
std::string_view told_as(std::string_view action) {
    if (action == "event.create") return "event.created";
    if (action == "event.change" || action == "event.split") return "event.changed";
    if (action == "event.publish") return "event.published";
    if (action == "event.cancel") return "event.cancelled";
    if (action == "event.complete") return "event.completed";
    return {};
}

}  // namespace

Failure no_such_event() { return Failure(errc::not_found, "there is no such event"); }

result<Event> event_to_change(Transaction& tx, Context const& context, std::int64_t id) {
    store::lock_row(tx, "event", id);
    auto event = store::find_event(tx, id);
    if (!event) return no_such_event();
    if (!domain::may_organise_any(context.actor, event->community_ids)) {
        if (event->state == EventState::draft) return no_such_event();
        return Failure(errc::forbidden, "only organisers of an owning community may change this event");
    }
    return *std::move(event);
}

bool is_over(Event const& event, sys_seconds now) {
    calendar::Span const span = calendar::first_span(event.definition.schedule, event.zone);
    if (!event.definition.schedule.recurrence) return span.end <= now;
    return calendar::occurrences(event.definition.schedule, now, sys_seconds::max(), 1).empty();
}

void touch(Context const& context, Event& event) {
    ++event.revision;
    // LAST-MODIFIED and DTSTAMP must grow with every change, also with two in one second (interop S3).
    event.updated = event.shown = std::max(context.now, event.updated + std::chrono::seconds(1));
}

std::int64_t log_event(Transaction& tx, Context const& context, std::string_view action, Event const& event, std::string_view detail) {
    std::int64_t const line = store::log_change(tx, context.now, origin_of(context), action, event.community_ids.front(), event.id,
                                                std::nullopt, detail);
    tell_webhooks(tx, context, told_as(action), event, nullptr, line);
    return line;
}

}  // namespace convoke::usecases
