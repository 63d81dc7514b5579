#include "service/usecases/outbox.hpp"

#include "service/core/ids.hpp"
#include "service/core/seal.hpp"
#include "service/store/communities.hpp"
#include "service/store/events.hpp"
#include "service/store/outbox.hpp"
#include "service/store/people.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/event_mails.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

// Bounds one transaction to some thousand mails; the next round takes the rest.
constexpr std::size_t most_times_at_once = 20;

bool carries_entry(std::string_view kind) { return kind == "invitation" || kind == "update" || kind == "confirmation"; }

// A frozen mail holds personal links, so that its bytes rest sealed (design §4.11).
constexpr std::string_view sealed_for = "mail";

// False when the stored bytes are damaged; they are empty then. Mails of before the sealing are plain text.
bool unseal_bytes(Context const& context, OutboxMail& mail) {
    if (mail.bytes.empty() || mail.bytes.front() != core::sealed_mark) return true;
    auto plain = core::unseal(context.instance.secret, sealed_for, mail.bytes);
    mail.bytes = plain ? *std::move(plain) : std::string();
    return plain.has_value();
}

bool may_see(Transaction& tx, Context const& context, OutboxMail const& mail) {
    if (context.actor.admin) return true;
    if (!mail.event_id) return false;
    auto const event = store::find_event(tx, *mail.event_id);
    return event && domain::may_organise_any(context.actor, event->community_ids);
}

std::string joined(std::vector<std::string> const& names) {
    std::string text;
    for (std::size_t i = 0; i < names.size(); ++i)
        text += (i == 0 ? "" : i + 1 == names.size() ? " & " : ", ") + names[i];
    return text;
}

bool goes_with_failed(Transaction& tx, OutboxMail const& mail) {
    auto const whole = domain::date_of_detail(mail.detail) ? store::find_mail(tx, mail.cause) : std::nullopt;
    return whole && whole->state == "failed";
}

// Nobody is told of single dates of a series that never reached them.
void fail(Transaction& tx, std::int64_t id, std::string const& reason) {
    if (!store::settle_ended(tx, id, "failed", reason)) return;
    auto const mail = store::find_mail(tx, id);
    if (mail && mail->event_id) store::fail_caused_by(tx, *mail, "with mail " + core::format_id(id) + " of the series: " + reason);
}

}  // namespace

result<std::vector<OutboxMail>> list_outbox(Transaction& tx, Context const& context, OutboxQuery const& query) {
    store::OutboxFilter filter;
    filter.event_id = query.event_id;
    if (query.recipient) {
        filter.recipient = *query.recipient;
        for (char& c : *filter.recipient) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;  // as the index has it
    }
    filter.state = query.state;
    filter.after_id = query.after.value_or(0);
    filter.limit = query.limit;
    if (query.event_id) {
        auto const event = store::find_event(tx, *query.event_id);
        if (!event || !domain::may_organise_any(context.actor, event->community_ids))
            return Failure(errc::not_found, "there is no such event");
    } else if (!context.actor.admin) {
        if (context.actor.organises.empty()) return Failure(errc::forbidden, "only organisers see the outbox");
        filter.community_ids = context.actor.organises;
    }
    return store::list_mails(tx, filter);
}

result<OutboxMail> find_mail(Transaction& tx, Context const& context, std::int64_t id) {
    auto mail = store::find_mail(tx, id);
    if (!mail || !may_see(tx, context, *mail)) return Failure(errc::not_found, "there is no such mail");
    if (!unseal_bytes(context, *mail)) return Failure(errc::invalid_state, "the stored bytes of this mail are damaged");
    return *std::move(mail);
}

result<OutboxMail> retry_mail(Transaction& tx, Context const& context, std::int64_t id) {
    CONVOKE_TRY(mail, find_mail(tx, context, id));
    if (!store::reopen(tx, id, context.now))
        return Failure(errc::invalid_state,
                       mail.state != "failed" ? "only a failed mail can be sent again; this one is " + mail.state
                       : goes_with_failed(tx, mail)
                           ? "it goes with mail " + core::format_id(mail.cause) + ", the series without this date: send that one again"
                           : "its time has passed, or a later mail about the same event has gone out already");
    store::reopen_caused_by(tx, mail, context.now);
    store::log_change(tx, context.now, origin_of(context), "mail.retry", std::nullopt, mail.event_id, mail.person_id, {});
    return find_mail(tx, context, id);
}

bool anything_to_claim(Transaction& tx, Context const& context) { return store::anything_to_claim(tx, context.now); }

std::vector<OutboxMail> claim_mails(Transaction& tx, Context const& context, std::string const& owner, std::size_t max) {
    std::vector<OutboxMail> mails;
    for (OutboxMail& mail : store::claim(tx, context.now, context.now + lease, owner, max)) {
        if (unseal_bytes(context, mail)) mails.push_back(std::move(mail));
        else fail(tx, mail.id, "its stored bytes are damaged");
    }
    return mails;
}

std::vector<std::int64_t> freeze_mails(Transaction& tx, Context const& context, std::string const& owner, std::vector<FreshBytes> const& mails) {
    std::vector<std::int64_t> ours;
    for (FreshBytes const& fresh : mails) {
        auto const sealed = core::seal(context.instance.secret, sealed_for, fresh.bytes);
        if (!store::freeze(tx, fresh.id, owner, fresh.sequence, fresh.sender, fresh.subject, sealed, context.now)) continue;
        ours.push_back(fresh.id);
        auto const mail = store::find_mail(tx, fresh.id);
        if (mail && !fresh.dates_apart.empty()) cause_mails_of_dates_apart(tx, context, *mail, fresh.dates_apart);
        if (mail && mail->registration_id && carries_entry(mail->kind)) store::note_entry_held(tx, *mail->registration_id, true);
        if (mail && mail->registration_id && (mail->kind == "cancellation" || mail->kind == "declined") &&
            !domain::date_of_detail(mail->detail))
            store::note_entry_held(tx, *mail->registration_id, false);
    }
    return ours;
}

void settle_mails(Transaction& tx, std::string const& owner, std::vector<Settled> const& settlements) {
    for (Settled const& settled : settlements) switch (settled.kind) {
            case Settled::Kind::sent: store::settle_sent(tx, settled.id, settled.reason, settled.at); break;
            case Settled::Kind::deferred: store::settle_waiting(tx, settled.id, owner, settled.reason, true, settled.retry_at); break;
            case Settled::Kind::released: store::settle_waiting(tx, settled.id, owner, settled.reason, false, settled.retry_at); break;
            case Settled::Kind::failed: fail(tx, settled.id, settled.reason); break;
            case Settled::Kind::superseded: store::settle_ended(tx, settled.id, "superseded", settled.reason); break;
        }
}

std::vector<std::int64_t> renew_leases(Transaction& tx, Context const& context, std::string const& owner, std::vector<std::int64_t> const& ids) {
    return store::renew(tx, owner, ids, context.now + lease);
}

void reclaim_all_leases(Transaction& tx) { store::reclaim_all(tx); }

result<MailMaterial> mail_material(Transaction& tx, Context const&, std::int64_t id) {
    auto mail = store::find_mail(tx, id);
    if (!mail) return Failure(errc::not_found, "the mail is gone");
    auto person = store::find_person(tx, mail->person_id);
    if (!person) return Failure(errc::not_found, "the person is gone");
    MailMaterial material{*mail, *person, person->name, person->language, person->time_zone, {}, {}, {}, {}, {}};
    if (mail->event_id) {
        material.event = store::find_event(tx, *mail->event_id);
        if (!material.event) return Failure(errc::not_found, "the event is gone");
        material.community_name = joined(material.event->community_names);
        if (auto const community = store::find_community(tx, material.event->community_ids.front()))
            material.contact_email = community->contact_email;
        store::Profile const profile = store::profile_for(tx, person->id, *mail->event_id);
        material.name = profile.name;
        material.language = profile.language;
        material.time_zone = profile.time_zone;
        material.first_message_id = store::first_message_id(tx, person->id, *mail->event_id);
    }
    if (mail->registration_id) {
        material.registration = store::find_registration(tx, *mail->registration_id);
        if (!material.registration) return Failure(errc::not_found, "the registration is gone");
        auto const& registration = *material.registration;
        if (!registration.name.empty()) material.name = registration.name;
        if (!registration.language.empty()) material.language = registration.language;
        if (!registration.time_zone.empty()) material.time_zone = registration.time_zone;
        if (registration.status == domain::RegistrationStatus::waitlisted)
            material.registration->position = store::place_in_line(tx, registration);
    }
    return material;
}

std::int64_t plan_reminders(Transaction& tx, Context const& context) {
    std::int64_t caused = 0;
    auto const due = store::reminder_times_due(tx, context.now, most_times_at_once);
    for (store::ReminderTime const& time : due) {
        store::mark_planned(tx, time, context.now);
        bool const begun = time.start <= context.now;
        if (begun || time.later_one_due) continue;
        for (store::Remindable const& person : store::people_to_remind(tx, time)) {
            store::NewMail mail;
            mail.unique_key = std::to_string(person.person_id) + ":reminder:" + std::to_string(time.event_id) + ":" +
                              std::to_string(time.occurrence.time_since_epoch().count()) + ":" + time.lead + ":" +
                              std::to_string(time.start.time_since_epoch().count());
            mail.kind = "reminder";
            mail.person_id = person.person_id;
            mail.event_id = time.event_id;
            mail.registration_id = person.registration_id;
            mail.cause = time.start.time_since_epoch().count();
            mail.recipient = person.email;
            mail.detail = time.lead;
            mail.message_id = core::format_id(core::new_id()) + "." + core::format_id(time.event_id) + "@" + context.instance.mail_domain;
            mail.due = time.due;
            mail.created = context.now;
            mail.not_after = time.start;
            if (store::insert_mail(tx, mail)) ++caused;
        }
    }
    return caused;
}

bool anything_to_plan(Transaction& tx, Context const& context) { return store::anything_due_by_the_clock(tx, context.now); }

result<std::vector<ForecastMail>> forecast(Transaction& tx, Context const& context, std::int64_t event_id) {
    auto const event = store::find_event(tx, event_id);
    if (!event || !domain::may_organise_any(context.actor, event->community_ids))
        return Failure(errc::not_found, "there is no such event");
    std::vector<ForecastMail> mails;
    for (std::string const state : {"pending", "sending"}) {
        store::OutboxFilter filter;
        filter.event_id = event_id;
        filter.state = state;
        filter.limit = 10'000;
        for (OutboxMail const& mail : store::list_mails(tx, filter)) mails.push_back({mail.kind, mail.recipient, "waiting to be sent", mail.due});
    }
    for (store::ReminderTime const& time : store::reminder_times_of(tx, event_id))
        for (store::Remindable const& person : store::people_to_remind(tx, time))
            mails.push_back({"reminder", person.email, time.lead + " before the start", time.due});
    if (event->state == domain::EventState::published && event->definition.schedule.provisional())
        for (store::Concerned const& person : store::concerned_persons(tx, *event))
            mails.push_back({"invitation", person.email, "as soon as the date is fixed", std::nullopt});
    return mails;
}

}  // namespace convoke::usecases
