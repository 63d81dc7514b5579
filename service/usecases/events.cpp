#include "service/usecases/events.hpp"

#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/domain/entry.hpp"
#include "service/store/communities.hpp"
#include "service/store/events.hpp"
#include "service/store/groups.hpp"
#include "service/store/outbox.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/event_checks.hpp"
#include "service/usecases/event_mails.hpp"
#include "service/usecases/event_writing.hpp"
#include "service/usecases/revision.hpp"
#include "service/usecases/seats.hpp"
#include "service/usecases/series_changes.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

using domain::EventState;

// Fills in ids and names of the owning communities and of the working group. The actor must organise whatever is added
// to the owners or taken from them; what stays may be somebody else's (a joint event). Topics are looked at beside it,
// unless a document brings them.
result<void> resolve_owners(Transaction& tx, Context const& context, Event& event, bool from_document,
                            std::vector<std::string> const& topics_before = {}) {
    std::vector<Fault> faults;
    std::vector<std::int64_t> const before = event.community_ids;
    auto const among = [](std::vector<std::int64_t> const& ids, std::int64_t id) {
        return std::find(ids.begin(), ids.end(), id) != ids.end();
    };
    event.community_ids.clear();
    event.community_names.clear();
    std::string zone;
    for (std::size_t i = 0; i < event.definition.communities.size(); ++i) {
        std::string const& slug = event.definition.communities[i];
        auto const community = store::find_community(tx, slug);
        if (!community || (!among(before, community->id) && !domain::may_organise(context.actor, community->id))) {
            faults.push_back({"/communities/" + std::to_string(i), errc::not_found,
                              "there is no community \"" + slug + "\" that you organise"});
            continue;
        }
        event.community_ids.push_back(community->id);
        event.community_names.push_back(community->name);
        if (zone.empty()) zone = community->time_zone;
    }
    for (std::int64_t id : before)
        if (!among(event.community_ids, id) && !domain::may_organise(context.actor, id))
            faults.push_back({"/communities", errc::not_found, "only its own organisers can take a community out of a joint event"});
    event.working_group_id.reset();
    if (!event.definition.working_group.empty() && !event.community_ids.empty()) {
        for (std::int64_t community : event.community_ids)
            if (auto const group = store::find_group(tx, community, event.definition.working_group); group && !event.working_group_id)
                event.working_group_id = group->id;
        if (!event.working_group_id)
            faults.push_back({"/workingGroup", errc::not_found,
                              "there is no working group \"" + event.definition.working_group + "\" in these communities"});
    }
    for (Fault& fault : faults)
        if (fault.code == errc::not_found) fault.code = errc::invalid_value;
    if (!from_document)
        if (auto const known = check_topics(tx, event, topics_before); !known)
            for (Fault const& fault : known.error().faults) faults.push_back(fault);
    if (!faults.empty()) return Failure(std::move(faults));
    event.zone = calendar::zone_of(event.definition.schedule);
    if (event.zone.empty()) event.zone = zone;
    return {};
}

}  // namespace

result<Event> create_event(Transaction& tx, Context const& context, EventDefinition const& definition,
                           std::optional<ImportedFrom> const& imported) {
    Event event;
    event.definition = definition;
    CONVOKE_CHECK(resolve_owners(tx, context, event, imported.has_value()));
    event.id = core::new_id();
    event.uid = core::base32_encode(core::random_bytes(16)) + "@" + context.instance.mail_domain;
    event.created = event.updated = event.shown = context.now;
    if (imported) {
        event.import_source = imported->source;
        event.import_key = imported->key;
        event.import_row = imported->row;
    }
    store::insert_event(tx, event);
    log_event(tx, context, "event.create", event);
    return event;
}

result<Event> change_event(Transaction& tx, Context const& context, std::int64_t id,
                           std::optional<std::int64_t> expected_revision, EventChange const& change) {
    CONVOKE_TRY(before, event_to_change(tx, context, id));
    CONVOKE_CHECK(check_revision(expected_revision, before.revision));
    if (before.state == EventState::cancelled)
        return Failure(errc::event_cancelled, "the event is cancelled; create a new one instead");
    Event event = before;
    event.definition = change.definition;
    if (change.link_due) event.link_due = *change.link_due;
    CONVOKE_CHECK(resolve_owners(tx, context, event, change.from_document, before.definition.topics));
    CONVOKE_CHECK(check_capacity(tx, event));
    if (event.definition == before.definition && event.link_due == before.link_due) return before;

    bool const public_now = event.state != EventState::draft;
    bool const is_window = event.definition.schedule.provisional();
    domain::ChangeWeight const weight = domain::weigh_change(before.definition, event.definition);
    if (event.invited && is_window)
        return Failure(errc::invalid_state,
                       "people have been invited to a date: give the new date, or cancel the event; it cannot become a window again");
    if (event.invited) CONVOKE_CHECK(check_held_dates(before, event, context.now));
    touch(context, event);
    bool const over = is_over(event, context.now);
    if (event.invited && event.state == EventState::published && weight.time && over)
        return fault_at("/start", errc::out_of_range, "people have been invited, and this time has passed: give the new time, or cancel the event");
    if (public_now && !is_window && !over) {
        // A promised day moves with the event, unless the change names one.
        if (weight.time && !change.link_due && event.definition.format == "hybrid") event.link_due.reset();
        CONVOKE_CHECK(check_link(event));
        promise_link(context, event);
    }
    if (public_now && (weight.time || weight.place)) ++event.sequence;

    if (event.state == EventState::completed && !over) event.state = EventState::published;
    bool const invite = event.state == EventState::published && !is_window && !over && !event.invited;
    if (invite) event.invited = context.now;
    if (domain::shows_the_same(before, event)) event.shown = before.shown;
    store::update_event(tx, event);
    std::int64_t const cause = log_event(tx, context, "event.change", event, weight.time ? "time" : weight.place ? "place" : "text");
    if (invite)
        cause_invitations(tx, context, event, cause);
    else if (event.invited && event.state == EventState::published && !over && (weight.time || weight.place))
        cause_mails_of_change(tx, context, before, event, weight, cause);
    bool const more_owners = event.community_ids != before.community_ids || event.working_group_id != before.working_group_id;
    if (!invite && event.invited && event.state == EventState::published && !over && more_owners) cause_invitations(tx, context, event, cause);
    if (weight.time || before.definition.reminders != event.definition.reminders ||
        before.definition.reminders_given != event.definition.reminders_given || invite)
        reset_reminders(tx, context, event);
    for (std::string const mode : {"on-site", "online"}) pass_on_free_seats(tx, context, event, mode, cause);
    return event;
}

result<Event> publish_event(Transaction& tx, Context const& context, std::int64_t id, std::optional<calendar::local_days> link_due) {
    CONVOKE_TRY(event, event_to_change(tx, context, id));
    if (event.state == EventState::cancelled)
        return Failure(errc::event_cancelled, "a cancelled event cannot be published; create a new one instead");
    if (event.state != EventState::draft) return event;
    if (link_due) event.link_due = link_due;
    bool const over = is_over(event, context.now);
    if (!over && !event.definition.schedule.provisional()) {
        CONVOKE_CHECK(check_link(event));
        promise_link(context, event);
    }
    bool const invite = !over && !event.definition.schedule.provisional();
    event.state = over ? EventState::completed : EventState::published;
    event.published = context.now;
    if (invite) event.invited = context.now;
    touch(context, event);
    store::update_event(tx, event);
    std::int64_t const cause = log_event(tx, context, "event.publish", event);
    if (invite) cause_invitations(tx, context, event, cause);
    reset_reminders(tx, context, event);
    return event;
}

result<Event> record_past_event(Transaction& tx, Context const& context, std::int64_t id) {
    CONVOKE_TRY(event, event_to_change(tx, context, id));
    if (event.state != EventState::draft) return event;
    event.state = EventState::completed;
    event.published = context.now;
    touch(context, event);
    store::update_event(tx, event);
    log_event(tx, context, "event.record", event);
    return event;
}

result<Event> cancel_event(Transaction& tx, Context const& context, std::int64_t id, std::string const& reason) {
    CONVOKE_TRY(event, event_to_change(tx, context, id));
    if (event.state == EventState::cancelled) return event;
    if (event.state == EventState::completed)
        return Failure(errc::invalid_state, "the event has taken place; it cannot be cancelled any more");
    bool const was_public = event.state == EventState::published;
    event.state = EventState::cancelled;
    event.cancel_reason = reason;
    event.cancelled = context.now;
    ++event.sequence;
    touch(context, event);
    store::update_event(tx, event);
    std::int64_t const cause = log_event(tx, context, "event.cancel", event);
    if (was_public) cause_cancellations(tx, context, event, cause);
    reset_reminders(tx, context, event);
    return event;
}

result<Event> find_event(Transaction& tx, Context const& context, std::int64_t id) {
    auto event = store::find_event(tx, id);
    if (!event) return no_such_event();
    if (domain::may_organise_any(context.actor, event->community_ids)) return *std::move(event);
    if (!event->published) return no_such_event();
    // A working group's event is for its members (and whoever has been registered).
    if (event->working_group_id) {
        std::int64_t const person = context.actor.kind == domain::Actor::Kind::person ? context.actor.id : 0;
        if (!store::concerns_person(tx, *event, person) && !store::registration_of(tx, event->id, person)) return no_such_event();
    }
    return *std::move(event);
}

result<std::vector<Event>> list_events(Transaction& tx, Context const& context, EventQuery const& query) {
    store::EventFilter filter;
    filter.from = query.from;
    filter.to = query.to;
    filter.state = query.state;
    filter.after_id = query.after;
    filter.limit = query.limit;
    filter.by_time = query.in_order_of_time;
    filter.unpublished = filter.all_groups = context.actor.admin;
    if (context.actor.kind == domain::Actor::Kind::person) filter.person_id = context.actor.id;
    if (query.community) {
        auto const community = store::find_community(tx, *query.community);
        if (!community) return Failure(errc::not_found, "there is no community \"" + *query.community + "\"");
        filter.community_id = community->id;
        filter.unpublished = filter.all_groups = domain::may_organise(context.actor, community->id);
    }
    return store::list_events(tx, filter);
}

std::int64_t complete_past_events(Transaction& tx, Context const& context) {
    std::int64_t completed = 0;
    for (std::int64_t id : store::events_to_complete(tx, context.now, 100)) {
        store::lock_row(tx, "event", id);
        auto event = store::find_event(tx, id);
        if (!event || event->state != EventState::published || !is_over(*event, context.now)) continue;
        event->state = EventState::completed;
        sys_seconds const shown = event->shown;
        touch(context, *event);
        event->shown = shown;  // no calendar says that it is over
        store::update_event(tx, *event);
        log_event(tx, context, "event.complete", *event);
        ++completed;
    }
    return completed;
}

result<EventFigures> event_figures(Transaction& tx, Context const& context, std::int64_t id) {
    CONVOKE_TRY(event, find_event(tx, context, id));
    EventFigures figures;
    for (auto const& [status, count] : store::count_by_status(tx, event.id)) switch (status) {
            case domain::RegistrationStatus::invited: figures.invited = count; break;
            case domain::RegistrationStatus::pending:
            case domain::RegistrationStatus::held:
            case domain::RegistrationStatus::offered: figures.pending += count; break;
            case domain::RegistrationStatus::confirmed:
            case domain::RegistrationStatus::attended:
            case domain::RegistrationStatus::absent: figures.confirmed += count; break;
            case domain::RegistrationStatus::waitlisted: figures.waitlisted = count; break;
            case domain::RegistrationStatus::declined: figures.declined = count; break;
            case domain::RegistrationStatus::cancelled: figures.cancelled = count; break;
        }
    for (auto const& [state, count] : store::count_by_state(tx, event.id)) {
        if (state == "sent") figures.mails_sent = count;
        if (state == "pending" || state == "sending") figures.mails_open += count;
        if (state == "failed") figures.mails_failed = count;
    }
    return figures;
}

}  // namespace convoke::usecases
