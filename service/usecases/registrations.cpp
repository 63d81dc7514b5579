#include "service/usecases/registrations.hpp"

#include "service/core/ids.hpp"
#include "service/domain/country.hpp"
#include "service/domain/email_address.hpp"
#include "service/domain/language.hpp"
#include "service/store/change_log.hpp"
#include "service/store/events.hpp"
#include "service/store/people.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/event_mails.hpp"
#include "service/usecases/seats.hpp"
#include "service/usecases/sign_in.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

using domain::Event;
using domain::EventState;
using domain::RegistrationStatus;

// How long a seat is held for an address that is not confirmed yet.
constexpr std::chrono::hours hold_life{24};

Failure no_such_registration() { return Failure(errc::not_found, "there is no such registration"); }

// Why nobody can register now, if so.
result<void> check_open(Context const& context, Event const& event) {
    if (event.state == EventState::cancelled) return Failure(errc::event_cancelled, "the event is cancelled");
    if (event.state == EventState::draft) return Failure(errc::invalid_state, "the event is a draft: publish it first");
    if (event.definition.schedule.provisional())
        return Failure(errc::event_provisional, "the date is not fixed yet; registration opens when it is");
    auto const closed = [&](std::string const& text) { return Failure(errc::registration_closed, text); };
    auto const& rules = event.definition.registration;
    if (event.state == EventState::completed) return closed("the event has taken place");
    if (!event.definition.schedule.recurrence &&
        calendar::first_span(event.definition.schedule, event.zone).end <= context.now)
        return closed("the event has taken place");
    if (rules.opens && context.now < calendar::to_instant(*rules.opens, event.zone))
        return closed("registration opens on " + domain::say_deadline(*rules.opens, event.zone));
    if (rules.closes && context.now >= calendar::to_instant(*rules.closes, event.zone))
        return closed("registration closed on " + domain::say_deadline(*rules.closes, event.zone));
    return {};
}

// All faults of the request at once; the address comes out normalised.
result<RegistrationRequest> check_request(Event const& event, RegistrationRequest request) {
    std::vector<Fault> faults;
    auto const keep = [&](std::string const& pointer, Failure const& failure) {
        if (failure.faults.empty()) faults.push_back({pointer, failure.code, failure.detail});
        for (Fault const& fault : failure.faults) faults.push_back({fault.pointer.empty() ? pointer : fault.pointer, fault.code, fault.detail});
    };
    if (auto address = domain::normalise_email_address(request.email))
        request.email = *address;
    else
        keep("/email", address.error());
    if (auto mode = domain::mode_for(event.definition, request.mode))
        request.mode = *mode;
    else
        keep("/mode", mode.error());
    if (!request.time_zone.empty())
        if (auto known = calendar::check_zone(request.time_zone); !known) keep("/timeZone", known.error());
    if (!request.language.empty() && !domain::is_language_tag(request.language))
        faults.push_back({"/language", errc::invalid_value, "a language tag (BCP 47) such as en or pt-PT"});
    if (!request.country.empty() && !domain::find_country(request.country))
        faults.push_back({"/country", errc::invalid_value, "a country code (ISO 3166-1 alpha-2) such as IE"});
    if (auto answers = domain::check_answers(event.definition, request.answers); !answers) keep("/answers", answers.error());
    if (!faults.empty()) return Failure(std::move(faults));
    return request;
}

bool is_self(Context const& context, std::int64_t person_id) {
    return context.actor.admin || (context.actor.kind == domain::Actor::Kind::person && context.actor.id == person_id);
}

bool is_organiser(Context const& context, Event const& event) {
    return domain::may_organise_any(context.actor, event.community_ids);
}

// Whether the policy lets this person in who is not registered by an organiser.
result<void> check_policy(Transaction& tx, Event const& event, std::int64_t person_id, bool was_invited) {
    std::string const& policy = event.definition.registration.policy;
    if (policy == "open" || policy == "approval" || was_invited) return {};
    if (policy == "members" && store::concerns_person(tx, event, person_id)) return {};
    return Failure(errc::forbidden, policy == "members" ? "registration is for members of the owning communities"
                                                        : "registration is by invitation");
}

std::int64_t log(Transaction& tx, Context const& context, std::string_view action, Event const& event, std::int64_t person_id) {
    return store::log_change(tx, context.now, name_of(context.actor), action, event.community_ids.front(), event.id, person_id, {});
}

// Every change of a seat starts here: writers of one event queue up, in whatever process they run.
result<Event> locked_event(Transaction& tx, std::int64_t id, Context const& context) {
    if (context.instance.lock_seats) store::lock_row(tx, "event", id);
    auto event = store::find_event(tx, id);
    if (!event) return Failure(errc::not_found, "there is no such event");
    return *std::move(event);
}

void add_position(Transaction& tx, Registration& registration) {
    registration.position.reset();
    if (registration.status == RegistrationStatus::waitlisted) registration.position = store::place_in_line(tx, registration);
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
    CONVOKE_CHECK(check_open(context, event));
    CONVOKE_TRY(request, check_request(event, asked));

    bool const organiser = is_organiser(context, event);
    if (!organiser && context.actor.kind != domain::Actor::Kind::person)
        return Failure(errc::forbidden, "only organisers of the event register other people");
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
    tell_status(tx, context, registration, log(tx, context, "registration.create", event, person.id));
    add_position(tx, registration);
    return registration;
}

result<void> hold_seat(Transaction& tx, Context const& context, std::int64_t event_id, RegistrationRequest const& asked) {
    CONVOKE_TRY(event, locked_event(tx, event_id, context));
    if (!event.published || event.working_group_id) return Failure(errc::not_found, "there is no such event");
    CONVOKE_CHECK(check_open(context, event));
    std::string const& policy = event.definition.registration.policy;
    if (policy != "open" && policy != "approval") return Failure(errc::forbidden, "registration is not open to everybody");
    CONVOKE_TRY(request, check_request(event, asked));
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
        return Failure(errc::event_full, "all seats are taken at the moment; whoever the organiser knows can join the waiting list after signing in");
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
    cause_mail(tx, context, "address-check", registration, log(tx, context, "registration.hold", event, person.id));
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
                return Failure(errc::event_full, "all seats (" + new_mode + ") are taken; the one you have stays yours");
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
            registration.status = answer == Answer::attend ? RegistrationStatus::attended : RegistrationStatus::absent;
            if (registration.status == before) return registration;
            break;
        }
    }
    touch(context, registration);
    store::update_registration(tx, registration);
    std::int64_t const cause = log(tx, context, action, event, registration.person_id);
    tell_status(tx, context, registration, cause);
    if (domain::takes_seat(before)) pass_on_free_seats(tx, context, event, mode_before, cause);
    add_position(tx, registration);
    return registration;
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
        if (event->state != EventState::published) continue;  // all has been said with the event's end
        std::int64_t const cause = log(tx, context, "registration.expire", *event, registration->person_id);
        if (!was_held) tell_status(tx, context, *registration, cause);  // an unconfirmed address gets no second mail
        pass_on_free_seats(tx, context, *event, registration->mode, cause);
    }
    return count;
}

}  // namespace convoke::usecases
