#include "service/usecases/seats.hpp"

#include "service/store/change_log.hpp"
#include "service/store/outbox.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/event_mails.hpp"
#include "service/usecases/webhooks.hpp"

namespace convoke::usecases {

using domain::Event;
using domain::Registration;
using domain::RegistrationStatus;

namespace {

bool seat_is_free(Transaction& tx, Context const& context, Event const& event, std::string const& mode) {
    auto const capacity = domain::capacity_of(event.definition, mode);
    return !capacity || !context.instance.count_seats || store::seats_taken(tx, event.id, mode) < *capacity;
}

result<void> check_limits(Transaction& tx, Event const& event, Registration const& registration) {
    auto const& rules = event.definition.registration;
    if (rules.per_organisation && !registration.organisation.empty() &&
        store::seats_taken_by_organisation(tx, event.id, registration.organisation, registration.person_id) >= *rules.per_organisation)
        return fault_at("/organisation", errc::limit_reached,
                        "at most " + std::to_string(*rules.per_organisation) + " people of one organisation can take part");
    if (rules.per_country && !registration.country.empty() &&
        store::seats_taken_by_country(tx, event.id, registration.country, registration.person_id) >= *rules.per_country)
        return fault_at("/country", errc::limit_reached,
                        "at most " + std::to_string(*rules.per_country) + " people of one country can take part");
    return {};
}

}  // namespace

Failure event_full(Context const& context, Event const& event, std::string detail) {
    Failure failure(errc::event_full, std::move(detail));
    failure.arguments["places"] = "0";
    failure.arguments["event"] = event_url(context.instance, event.id);
    if (event.definition.registration.waitlist) failure.arguments["waitingList"] = failure.arguments["event"] + "/register";
    return failure;
}

result<void> seat_or_queue(Transaction& tx, Context const& context, Event const& event, Registration& registration) {
    CONVOKE_CHECK(check_limits(tx, event, registration));
    registration.expires_at.reset();
    if (seat_is_free(tx, context, event, registration.mode)) {
        registration.status = RegistrationStatus::confirmed;
        registration.confirmed_at = context.now;
        registration.queue_number.reset();
        return {};
    }
    if (!event.definition.registration.waitlist)
        return event_full(context, event, "all seats (" + registration.mode + ") are taken, and the event has no waiting list");
    registration.status = RegistrationStatus::waitlisted;
    registration.confirmed_at.reset();
    registration.queue_number = store::next_queue_number(tx, event.id);
    return {};
}

void tell_status(Transaction& tx, Context const& context, Registration const& registration, std::int64_t cause) {
    switch (registration.status) {
        case RegistrationStatus::confirmed: return cause_mail(tx, context, "confirmation", registration, cause);
        case RegistrationStatus::waitlisted: return cause_mail(tx, context, "waitlisted", registration, cause);
        case RegistrationStatus::pending: return cause_mail(tx, context, "pending", registration, cause);
        case RegistrationStatus::offered: return cause_mail(tx, context, "offer", registration, cause);
        case RegistrationStatus::declined:
        case RegistrationStatus::cancelled:
            // What was not written yet would only confuse.
            store::supersede_unwritten(tx, registration.person_id, registration.event_id, "answered before this was sent");
            return cause_mail(tx, context, "declined", registration, cause);
        case RegistrationStatus::invited:
        case RegistrationStatus::held:
        case RegistrationStatus::attended:
        case RegistrationStatus::absent: return;
    }
}

void pass_on_free_seats(Transaction& tx, Context const& context, Event const& event, std::string const& mode, std::int64_t cause) {
    if (event.state != domain::EventState::published) return;
    if (!seat_is_free(tx, context, event, mode)) return;
    auto const& offer_for = event.definition.registration.offer_for;
    for (Registration& next : store::waiting_in_line(tx, event.id, mode)) {
        if (!seat_is_free(tx, context, event, mode)) return;
        if (!check_limits(tx, event, next)) continue;  // keeps the place until a seat of their organisation or country is free
        if (offer_for) {
            next.status = RegistrationStatus::offered;
            next.expires_at = context.now + calendar::approximate_length(*offer_for);
        } else {
            next.status = RegistrationStatus::confirmed;
            next.confirmed_at = context.now;
        }
        next.queue_number.reset();
        ++next.revision;
        next.updated = context.now;
        store::update_registration(tx, next);
        // Nobody asked for it: the rules of the waiting list did, in the course of somebody's request.
        std::int64_t const line = store::log_change(tx, context.now, {name_of(domain::Actor::service()), context.request_id},
                                                    offer_for ? "registration.offer" : "registration.promote",
                                                    event.community_ids.front(), event.id, next.person_id, {});
        tell_webhooks(tx, context, domain::webhook_event(next.status), event, &next, line);
        tell_status(tx, context, next, cause);
    }
}

}  // namespace convoke::usecases
