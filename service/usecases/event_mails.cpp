#include "service/usecases/event_mails.hpp"

#include "service/core/ids.hpp"
#include "service/domain/mail.hpp"
#include "service/store/events.hpp"
#include "service/store/outbox.hpp"
#include "service/store/registrations.hpp"

namespace convoke::usecases {

namespace {

using domain::Event;
using domain::Registration;
using domain::RegistrationStatus;

constexpr std::size_t most_occurrences_reminded = 1000;

std::vector<Registration> registrations_to_tell(Transaction& tx, Event const& event, bool also_declined) {
    std::vector<RegistrationStatus> statuses{RegistrationStatus::invited,   RegistrationStatus::pending,
                                             RegistrationStatus::held,      RegistrationStatus::offered,
                                             RegistrationStatus::confirmed, RegistrationStatus::waitlisted};
    if (also_declined) statuses.push_back(RegistrationStatus::declined);
    return store::registrations_in(tx, event.id, statuses);
}

}  // namespace

void cause_mail(Transaction& tx, Context const& context, std::string_view kind, Registration const& registration,
                std::int64_t cause, std::string_view detail) {
    store::NewMail mail;
    mail.unique_key = std::to_string(registration.person_id) + ":" + std::string(kind) + ":" + std::to_string(cause);
    if (domain::date_of_detail(detail)) mail.unique_key += ":" + std::string(detail);
    mail.kind = kind;
    mail.person_id = registration.person_id;
    mail.event_id = registration.event_id;
    mail.registration_id = registration.id;
    mail.cause = cause;
    mail.recipient = registration.email;
    mail.detail = detail;
    mail.message_id = core::format_id(core::new_id()) + "." + core::format_id(cause) + "@" + context.instance.mail_domain;
    mail.due = mail.created = context.now;
    store::insert_mail(tx, mail);
}

void cause_invitations(Transaction& tx, Context const& context, Event const& event, std::int64_t cause) {
    for (store::Concerned const& person : store::concerned_persons(tx, event)) {
        Registration invited;
        invited.id = core::new_id();
        invited.event_id = event.id;
        invited.person_id = person.person_id;
        invited.status = RegistrationStatus::invited;
        invited.name = person.name;
        invited.organisation = person.organisation;
        invited.country = person.country;
        invited.language = person.language;
        invited.time_zone = person.time_zone;
        invited.email = person.email;
        invited.created = invited.updated = context.now;
        if (store::insert_registration(tx, invited)) cause_mail(tx, context, "invitation", invited, cause);
    }
}

void cause_updates(Transaction& tx, Context const& context, Event const& event, domain::ChangeWeight weight,
                   std::int64_t cause, std::string_view detail) {
    for (Registration const& registration : registrations_to_tell(tx, event, weight.time)) {
        if (registration.status == RegistrationStatus::declined && !registration.holds_entry) continue;
        if (weight.time) store::ask_again_in_unwritten_update(tx, registration.person_id, event.id);
        if (!store::has_unwritten_mail(tx, registration.person_id, event.id, name_of(registration.status)))
            cause_mail(tx, context, "update", registration, cause, !detail.empty() ? detail : weight.time ? "time" : "place");
    }
}

void cause_date_mails(Transaction& tx, Context const& context, Event const& event,
                      std::vector<calendar::DateChange> const& changes, std::int64_t cause) {
    for (Registration const& registration : registrations_to_tell(tx, event, false)) {
        if (store::has_unwritten_mail(tx, registration.person_id, event.id, name_of(registration.status))) continue;
        for (calendar::DateChange const& change : changes) {
            std::string const kind = change.gone ? "cancellation" : "update";
            std::string const detail = domain::detail_of_date(change.id, change.moved);
            // The mail of a date apart will say what is true when it goes out, too.
            bool waits = false;
            for (std::string const& about : {detail, domain::detail_of_date_apart(change.id, change.moved)})
                waits = waits || store::has_unwritten_mail_about(tx, registration.person_id, event.id, kind, about);
            if (!waits) cause_mail(tx, context, kind, registration, cause, detail);
        }
    }
}

void cause_mails_of_dates_apart(Transaction& tx, Context const& context, domain::OutboxMail const& whole,
                                std::vector<calendar::local_seconds> const& ids) {
    if (!whole.event_id || !whole.registration_id) return;
    auto const event = store::find_event(tx, *whole.event_id);
    auto const registration = store::find_registration(tx, *whole.registration_id);
    if (!event || !registration) return;
    // Who is asked again for the whole series is asked again for each date of it.
    bool const asked_again = whole.kind == "update" && domain::asks_again(whole.detail);
    for (calendar::local_seconds id : ids) {
        if (calendar::first_span(calendar::schedule_of_date(event->definition.schedule, id), event->zone).end <= context.now) continue;
        bool waits = false;
        for (bool again : {false, true})
            for (std::string const& detail : {domain::detail_of_date(id, again), domain::detail_of_date_apart(id, again)})
                waits = waits || store::has_unwritten_mail_about(tx, whole.person_id, event->id, "update", detail);
        if (!waits) cause_mail(tx, context, "update", *registration, whole.id, domain::detail_of_date_apart(id, asked_again));
    }
}

void cause_cancellations(Transaction& tx, Context const& context, Event const& event, std::int64_t cause) {
    for (Registration const& registration : registrations_to_tell(tx, event, true)) {
        store::supersede_unwritten(tx, registration.person_id, event.id, "the event was cancelled before this was sent");
        bool const only_invited =
            registration.status == RegistrationStatus::invited || registration.status == RegistrationStatus::declined;
        if (only_invited && !registration.holds_entry &&
            !store::has_mail_in_hand(tx, registration.person_id, event.id))
            continue;
        cause_mail(tx, context, "cancellation", registration, cause);
    }
}

void reset_reminders(Transaction& tx, Context const& context, Event const& event) {
    std::vector<store::ReminderTime> times;
    if (event.state == domain::EventState::published && !event.definition.schedule.provisional()) {
        auto const& leads = event.definition.reminders_given ? event.definition.reminders : context.instance.default_reminders;
        // What was due before now is not made up for: publishing or moving the event says it all.
        for (auto const& occurrence : calendar::occurrences(event.definition.schedule, context.now, sys_seconds::max(),
                                                            most_occurrences_reminded)) {
            if (occurrence.span.start <= context.now) continue;
            for (auto const& reminder : context.instance.reminder_times(leads, occurrence.span.start, event.zone))
                if (reminder.due > context.now)
                    times.push_back({event.id, calendar::to_instant(occurrence.id, event.zone), reminder.lead,
                                     occurrence.span.start, reminder.due});
        }
    }
    store::write_reminder_times(tx, event.id, times);
}

}  // namespace convoke::usecases
