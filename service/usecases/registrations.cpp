#include "service/usecases/registrations.hpp"

#include "service/core/ids.hpp"
#include "service/domain/registration_request.hpp"
#include "service/store/events.hpp"
#include "service/store/people.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/event_mails.hpp"
#include "service/usecases/registration_checks.hpp"
#include "service/usecases/seats.hpp"
#include "service/usecases/sign_in.hpp"
#include "service/usecases/webhooks.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

using domain::Event;
using domain::EventState;
using domain::RegistrationStatus;

// How long a seat is held for an address that is not confirmed yet.
constexpr std::chrono::hours hold_life{24};

std::int64_t log(Transaction& tx, Context const& context, std::string_view action, Event const& event, std::int64_t person_id) {
    return store::log_change(tx, context.now, origin_of(context), action, event.community_ids.front(), event.id, person_id, {});
}

// Every change of a seat starts here: writers of one event queue up, in whatever process they run.
result<Event> locked_event(Transaction& tx, std::int64_t id, Context const& context) {
    if (context.instance.lock_seats) store::lock_row(tx, "event", id);
    auto event = store::find_event(tx, id);
    if (!event) return Failure(errc::not_found, "there is no such event");
    return *std::move(event);
}

void touch(Context const& context, Registration& registration) {
    ++registration.revision;
    registration.updated = context.now;
}

// A seat, a place in line, or the organiser's decision to come.
result<void> admit(Transaction& tx, Context const& context, Event const& event, Registration& registration, bool approved) {
    if (event.definition.registration.policy == "approval" && !approved) {
        registration.status = RegistrationStatus::pending;
        registration.expires_at.reset();
        registration.queue_number.reset();
        registration.confirmed_at.reset();
        return {};
    }
    return seat_or_queue(tx, context, event, registration);
}

}  // namespace

result<Registration> register_participant(Transaction& tx, Context const& context, std::int64_t event_id,
                                          RegistrationRequest const& asked) {
    CONVOKE_TRY(event, locked_event(tx, event_id, context));
    if (event.state == EventState::draft && !is_organiser(context, event))
        return Failure(errc::not_found, "there is no such event");
    bool const organiser = is_organiser(context, event);
    if (!organiser && context.actor.kind != domain::Actor::Kind::person)
        return Failure(errc::forbidden, "only organisers of the event register other people");
    CONVOKE_CHECK(check_open(context, event));
    CONVOKE_TRY(request, domain::check_registration_request(event.definition, asked));

    domain::Person wanted;
    wanted.email = request.email;
    wanted.name = request.name;
    wanted.organisation = request.organisation;
    wanted.country = request.country;
    wanted.language = request.language;
    wanted.time_zone = request.time_zone;
    domain::Person const person = store::find_or_add_person(tx, context.now, wanted);
    if (!organiser && context.actor.id != person.id)
        return Failure(errc::forbidden, "you can register yourself only");

    auto existing = store::registration_of(tx, event.id, person.id);
    bool const was_invited = existing && existing->status == RegistrationStatus::invited;
    if (existing && !was_invited && existing->status != RegistrationStatus::declined &&
        existing->status != RegistrationStatus::cancelled)
        return Failure(errc::already_registered, "this person is registered already (" + std::string(name_of(existing->status)) + ")");
    if (!organiser) CONVOKE_CHECK(check_policy(tx, event, person.id, was_invited));

    store::Profile const profile = store::profile_for(tx, person.id, event.id);
    auto const first = [](std::string const& a, std::string const& b) { return a.empty() ? b : a; };
    Registration registration = existing.value_or(Registration{});
    registration.event_id = event.id;
    registration.person_id = person.id;
    registration.email = person.email;
    registration.mode = request.mode;
    registration.name = first(request.name, profile.name);
    registration.organisation = first(request.organisation, profile.organisation);
    registration.country = first(request.country, profile.country);
    registration.language = first(request.language, profile.language);
    registration.time_zone = first(request.time_zone, profile.time_zone);
    registration.answers = request.answers;
    CONVOKE_CHECK(admit(tx, context, event, registration, false));
    if (existing) {
        touch(context, registration);
        store::update_registration(tx, registration);
    } else {
        registration.id = core::new_id();
        registration.created = registration.updated = context.now;
        if (!store::insert_registration(tx, registration))
            return Failure(errc::already_registered, "this person has been registered meanwhile");
    }
    std::int64_t const cause = log(tx, context, "registration.create", event, person.id);
    tell_webhooks(tx, context, "registration.created", event, &registration, cause);
    tell_status(tx, context, registration, cause);
    add_position(tx, registration);
    return registration;
}

result<void> hold_seat(Transaction& tx, Context const& context, std::int64_t event_id, RegistrationRequest const& asked) {
    CONVOKE_TRY(event, locked_event(tx, event_id, context));
    if (!event.published || event.working_group_id) return Failure(errc::not_found, "there is no such event");
    CONVOKE_CHECK(check_open(context, event));
    std::string const& policy = event.definition.registration.policy;
    if (policy != "open" && policy != "approval") return Failure(errc::forbidden, "registration is not open to everybody");
    CONVOKE_TRY(request, domain::check_registration_request(event.definition, asked));
    domain::Person wanted;
    wanted.email = request.email;
    domain::Person const person = store::find_or_add_person(tx, context.now, wanted);
    auto const existing = store::registration_of(tx, event.id, person.id);
    bool const fresh = !existing || existing->status == RegistrationStatus::invited ||
                       existing->status == RegistrationStatus::declined || existing->status == RegistrationStatus::cancelled;
    if (!fresh) return request_login_link(tx, context, request.email);

    Registration registration = existing.value_or(Registration{});
    bool const asked_today = existing && existing->status == RegistrationStatus::cancelled && existing->updated + hold_life > context.now;
    if (asked_today) return {};  // one mail a day to an address somebody else may have typed
    registration.event_id = event.id;
    registration.person_id = person.id;
    registration.email = person.email;
    registration.mode = request.mode;
    registration.name = request.name;
    registration.organisation = request.organisation;
    registration.country = request.country;
    registration.language = request.language;
    registration.time_zone = request.time_zone;
    registration.answers = request.answers;
    CONVOKE_CHECK(seat_or_queue(tx, context, event, registration));
    if (registration.status != RegistrationStatus::confirmed)
        return event_full(context, event, "all seats are taken at the moment; whoever the organiser knows can join the waiting list after signing in");
    registration.status = RegistrationStatus::held;
    registration.confirmed_at.reset();
    registration.expires_at = context.now + hold_life;
    if (existing) {
        touch(context, registration);
        store::update_registration(tx, registration);
    } else {
        registration.id = core::new_id();
        registration.created = registration.updated = context.now;
        store::insert_registration(tx, registration);
    }
    std::int64_t const cause = log(tx, context, "registration.hold", event, person.id);
    tell_webhooks(tx, context, "registration.created", event, &registration, cause);
    cause_mail(tx, context, "address-check", registration, cause);
    return {};
}

result<Registration> answer_registration(Transaction& tx, Context const& context, std::int64_t registration_id, Answer answer,
                                         std::optional<std::string> const& mode) {
    auto const seen = store::find_registration(tx, registration_id);
    if (!seen) return no_such_registration();
    CONVOKE_TRY(event, locked_event(tx, seen->event_id, context));
    auto found = store::find_registration(tx, registration_id);  // again: the lock may have been waited for
    if (!found) return no_such_registration();
    Registration registration = *std::move(found);
    bool const organiser = is_organiser(context, event);
    bool const own = context.actor.kind == domain::Actor::Kind::person && context.actor.id == registration.person_id;
    if (!organiser && !own) return no_such_registration();

    RegistrationStatus const before = registration.status;
    std::string const mode_before = registration.mode;
    auto const not_now = [&](std::string_view what) {
        return Failure(errc::invalid_state, "a registration that is " + std::string(name_of(before)) + " cannot be " + std::string(what));
    };
    if (event.state == EventState::cancelled) return Failure(errc::event_cancelled, "the event is cancelled");

    std::string_view action;
    switch (answer) {
        case Answer::confirm: {
            action = "registration.confirm";
            if (before == RegistrationStatus::attended || before == RegistrationStatus::absent) return not_now("confirmed");
            std::string const wanted_mode = mode.value_or(registration.mode);
            CONVOKE_TRY(new_mode, domain::mode_for(event.definition, wanted_mode));
            if (before == RegistrationStatus::confirmed && new_mode == mode_before) {
                add_position(tx, registration);
                return registration;
            }
            if (before == RegistrationStatus::pending && new_mode == mode_before) return registration;
            bool const seat_kept = before == RegistrationStatus::offered || before == RegistrationStatus::held;
            if (!seat_kept) CONVOKE_CHECK(check_open(context, event));
            if (before == RegistrationStatus::invited || before == RegistrationStatus::declined || before == RegistrationStatus::cancelled)
                CONVOKE_CHECK(domain::check_answers(event.definition, registration.answers));
            if (seat_kept && new_mode == mode_before) {
                bool const decided = before == RegistrationStatus::offered || event.definition.registration.policy != "approval";
                registration.status = decided ? RegistrationStatus::confirmed : RegistrationStatus::pending;
                if (decided) registration.confirmed_at = context.now;
                registration.expires_at.reset();
                break;
            }
            if (before == RegistrationStatus::waitlisted && new_mode == mode_before) {
                add_position(tx, registration);
                return registration;  // their turn comes by itself
            }
            registration.mode = new_mode;
            // Who changes the mode keeps what was approved, and never loses a seat for a place in line.
            bool const had_seat = domain::takes_seat(before);
            CONVOKE_CHECK(admit(tx, context, event, registration, had_seat));
            if (had_seat && !domain::takes_seat(registration.status))
                return event_full(context, event, "all seats (" + new_mode + ") are taken; the one you have stays yours");
            break;
        }
        case Answer::decline:
        case Answer::cancel: {
            action = answer == Answer::decline ? "registration.decline" : "registration.cancel";
            if (before == RegistrationStatus::declined || before == RegistrationStatus::cancelled) return registration;
            if (before == RegistrationStatus::attended || before == RegistrationStatus::absent) return not_now("given back");
            bool const never_came = before == RegistrationStatus::invited || before == RegistrationStatus::offered || before == RegistrationStatus::held;
            registration.status = answer == Answer::decline || never_came ? RegistrationStatus::declined : RegistrationStatus::cancelled;
            registration.queue_number.reset();
            registration.expires_at.reset();
            registration.confirmed_at.reset();
            break;
        }
        case Answer::approve: {
            action = "registration.approve";
            if (!organiser) return Failure(errc::forbidden, "only organisers approve");
            if (before == RegistrationStatus::confirmed || before == RegistrationStatus::waitlisted) {
                add_position(tx, registration);
                return registration;
            }
            if (before != RegistrationStatus::pending) return not_now("approved");
            CONVOKE_CHECK(admit(tx, context, event, registration, true));
            break;
        }
        case Answer::attend:
        case Answer::absent: {
            action = answer == Answer::attend ? "registration.attend" : "registration.absent";
            if (!organiser) return Failure(errc::forbidden, "only organisers note who came");
            bool const had_seat = before == RegistrationStatus::confirmed || before == RegistrationStatus::attended || before == RegistrationStatus::absent;
            if (!had_seat) return not_now("marked as attended or absent");
            CONVOKE_CHECK(check_attendance(context, event, answer == Answer::attend));
            registration.status = answer == Answer::attend ? RegistrationStatus::attended : RegistrationStatus::absent;
            if (registration.status == before) return registration;
            break;
        }
    }
    touch(context, registration);
    store::update_registration(tx, registration);
    std::int64_t const cause = log(tx, context, action, event, registration.person_id);
    bool const same_status = before == registration.status;
    tell_webhooks(tx, context, same_status ? "registration.changed" : domain::webhook_event(registration.status), event, &registration, cause);
    tell_status(tx, context, registration, cause);
    if (domain::takes_seat(before)) pass_on_free_seats(tx, context, event, mode_before, cause);
    add_position(tx, registration);
    return registration;
}

std::int64_t expire_offers(Transaction& tx, Context const& context) {
    std::int64_t count = 0;
    for (Registration const& late : store::expired(tx, context.now, 100)) {
        auto event = locked_event(tx, late.event_id, context);
        auto registration = store::find_registration(tx, late.id);
        if (!event || !registration || !registration->expires_at || *registration->expires_at > context.now) continue;
        bool const was_held = registration->status == RegistrationStatus::held;
        registration->expires_at.reset();
        registration->status = RegistrationStatus::cancelled;
        touch(context, *registration);
        store::update_registration(tx, *registration);
        ++count;
        std::int64_t const cause = log(tx, context, "registration.expire", *event, registration->person_id);
        tell_webhooks(tx, context, domain::webhook_event(registration->status), *event, &*registration, cause);
        if (event->state != EventState::published) continue;  // all has been said with the event's end
        if (!was_held) tell_status(tx, context, *registration, cause);  // an unconfirmed address gets no second mail
        pass_on_free_seats(tx, context, *event, registration->mode, cause);
    }
    return count;
}

}  // namespace convoke::usecases
