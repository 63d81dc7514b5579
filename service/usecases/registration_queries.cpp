#include "service/usecases/registration_queries.hpp"

#include "service/store/events.hpp"
#include "service/store/registrations.hpp"

#include <algorithm>

namespace convoke::usecases {

using domain::Event;
using domain::EventState;
using domain::RegistrationStatus;

namespace {

bool is_self(Context const& context, std::int64_t person_id) {
    return context.actor.admin || (context.actor.kind == domain::Actor::Kind::person && context.actor.id == person_id);
}

}  // namespace

Failure no_such_registration() { return Failure(errc::not_found, "there is no such registration"); }

bool is_organiser(Context const& context, Event const& event) {
    return domain::may_organise_any(context.actor, event.community_ids);
}

void add_position(Transaction& tx, Registration& registration) {
    registration.position.reset();
    if (registration.status == RegistrationStatus::waitlisted) registration.position = store::place_in_line(tx, registration);
}

result<Registration> find_registration(Transaction& tx, Context const& context, std::int64_t registration_id) {
    auto registration = store::find_registration(tx, registration_id);
    if (!registration) return no_such_registration();
    bool const own = context.actor.kind == domain::Actor::Kind::person && context.actor.id == registration->person_id;
    if (!own) {
        auto const event = store::find_event(tx, registration->event_id);
        if (!event || !is_organiser(context, *event)) return no_such_registration();
    }
    add_position(tx, *registration);
    return *std::move(registration);
}

result<std::optional<Registration>> registration_of(Transaction& tx, Context const& context, std::int64_t event_id, std::int64_t person_id) {
    if (!is_self(context, person_id)) return Failure(errc::forbidden, "this is somebody else's registration");
    auto registration = store::registration_of(tx, event_id, person_id);
    if (registration) add_position(tx, *registration);
    return registration;
}

result<std::vector<Registration>> list_registrations(Transaction& tx, Context const& context, RegistrationQuery const& query) {
    auto const event = store::find_event(tx, query.event_id);
    if (!event || (event->state == EventState::draft && !is_organiser(context, *event)))
        return Failure(errc::not_found, "there is no such event");
    if (!is_organiser(context, *event)) return Failure(errc::forbidden, "only organisers of the event see its registrations");
    auto all = store::list_registrations(tx, query.event_id, query.after.value_or(0), query.limit);
    auto const waits = [](Registration const& one) { return one.status == RegistrationStatus::waitlisted; };
    if (std::any_of(all.begin(), all.end(), waits)) {
        auto const places = store::places_in_line(tx, query.event_id);
        for (Registration& registration : all)
            if (waits(registration)) registration.position = places.at(registration.id);
    }
    return all;
}

result<SeatsTaken> seats_taken(Transaction& tx, std::int64_t event_id) {
    return SeatsTaken{store::seats_taken(tx, event_id, "on-site"), store::seats_taken(tx, event_id, "online")};
}

result<std::vector<OwnRegistration>> registrations_of_person(Transaction& tx, Context const& context, std::int64_t person_id, sys_seconds since) {
    if (!is_self(context, person_id)) return Failure(errc::forbidden, "these are somebody else's registrations");
    std::vector<OwnRegistration> own;
    for (Registration& registration : store::registrations_of_person(tx, person_id)) {
        auto event = store::find_event(tx, registration.event_id);
        if (!event || event->state == EventState::draft) continue;
        if (calendar::first_span(event->definition.schedule, event->zone).end <= since && !event->definition.schedule.recurrence) continue;
        add_position(tx, registration);
        own.push_back({std::move(registration), *std::move(event)});
    }
    auto const key = [](OwnRegistration const& one) {
        return std::pair(calendar::first_span(one.event.definition.schedule, one.event.zone).start, one.event.id);
    };
    std::sort(own.begin(), own.end(), [&](OwnRegistration const& a, OwnRegistration const& b) { return key(a) < key(b); });
    return own;
}

std::vector<Instance::ReminderTime> skipped_reminders(Context const& context, Event const& event) {
    auto const& leads = event.definition.reminders_given ? event.definition.reminders : context.instance.default_reminders;
    std::vector<Instance::ReminderTime> skipped;
    for (auto const& next : calendar::occurrences(event.definition.schedule, context.now, sys_seconds::max(), 1)) {
        if (next.span.start <= context.now) continue;
        for (auto const& reminder : context.instance.reminder_times(leads, next.span.start, event.zone))
            if (reminder.due <= context.now) skipped.push_back(reminder);
    }
    return skipped;
}

}  // namespace convoke::usecases
