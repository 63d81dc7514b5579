#include "service/jobs/letter_facts.hpp"

#include "calendar/series.hpp"
#include "calendar/words.hpp"
#include "service/core/ids.hpp"
#include "service/domain/entry.hpp"
#include "service/domain/series_split.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/sign_in.hpp"

#include <stdexcept>

namespace convoke::jobs {

namespace {

using domain::EventState;
using domain::RegistrationStatus;
using notifications::LetterFacts;
using notifications::LetterKind;
using notifications::Superseded;

// "rsvp@events.example" and a token give "rsvp+TOKEN@events.example" (RFC 5233 subaddress).
std::string tagged(std::string const& address, std::string const& token) {
    std::size_t const at = address.rfind('@');
    return address.substr(0, at) + "+" + token + address.substr(at);
}

std::string partstat_of(RegistrationStatus status, bool asked_again) {
    if (asked_again) return "NEEDS-ACTION";
    switch (status) {
        case RegistrationStatus::confirmed:
        case RegistrationStatus::attended: return "ACCEPTED";
        case RegistrationStatus::declined:
        case RegistrationStatus::cancelled: return "DECLINED";
        default: return "NEEDS-ACTION";
    }
}

// Why this mail is not worth sending any more, if so.
std::optional<std::string> outdated(LetterKind kind, domain::Event const& event, domain::Registration const& registration) {
    bool const off = event.state == EventState::cancelled;
    RegistrationStatus const status = registration.status;
    switch (kind) {
        case LetterKind::invitation:
        case LetterKind::update:
            if (off) return "the event is cancelled";
            if (event.definition.schedule.provisional()) return "the event has no date";
            if (kind == LetterKind::invitation && (status == RegistrationStatus::declined || status == RegistrationStatus::cancelled))
                return "the person has declined";
            return std::nullopt;
        case LetterKind::confirmation:
            if (off) return "the event is cancelled";
            if (status != RegistrationStatus::confirmed) return "the registration is not confirmed any more";
            return std::nullopt;
        case LetterKind::reminder:
            if (event.state != EventState::published) return "the event is not on";
            if (status != RegistrationStatus::confirmed) return "the registration is not confirmed any more";
            return std::nullopt;
        case LetterKind::waitlisted:
            if (off || status != RegistrationStatus::waitlisted) return "the person is not on the waiting list any more";
            return std::nullopt;
        case LetterKind::offer:
            if (off || status != RegistrationStatus::offered) return "the offer does not stand any more";
            return std::nullopt;
        case LetterKind::address_check:
            if (off || status != RegistrationStatus::held) return "the address has been confirmed, or the seat is not held any more";
            return std::nullopt;
        case LetterKind::pending:
            if (off || status != RegistrationStatus::pending) return "the registration has been decided on";
            return std::nullopt;
        default: return std::nullopt;
    }
}

void add_event(LetterFacts& facts, usecases::MailMaterial const& material, usecases::Instance const& instance,
               MailIdentity const& identity) {
    domain::Event const& event = *material.event;
    domain::Registration const& registration = *material.registration;
    domain::EventDefinition const& definition = event.definition;
    std::string const status(name_of(registration.status));
    std::string const token = usecases::answer_token(instance, registration.id);

    facts.community_name = material.community_name;
    facts.contact_email = material.contact_email;
    facts.event_title = definition.title;
    facts.event_kind = definition.kind;
    facts.event_format = definition.format;
    facts.description = definition.description;
    facts.place = domain::place_in_words(definition);
    facts.schedule = definition.schedule;
    facts.interpretation = definition.interpretation;
    facts.attendance = registration.mode;
    facts.reason = event.cancel_reason;
    facts.waitlist_position = static_cast<int>(registration.position.value_or(0));
    facts.deadline = registration.expires_at;
    if (domain::link_visible_to(definition, status, registration.mode)) facts.join_link = domain::join_link(definition);
    if (domain::takes_place_online(definition)) facts.link_due = event.link_due;
    facts.event_url = usecases::event_url(instance, event.id);
    facts.answer_url = facts.accept_url = facts.manage_url = usecases::answer_url(instance, event.id, registration.id);
    facts.feed_url = usecases::feed_url(instance, material.person.id, material.person.feed_version);

    facts.reply_to = tagged(identity.reply_to, token);
    if (material.first_message_id && *material.first_message_id != facts.message_id) facts.in_reply_to = *material.first_message_id;
    domain::EntryView view;
    view.event_url = facts.event_url;
    view.registration_status = status;
    view.registration_mode = registration.mode;
    view.registration_shown = registration.shown;
    facts.entry = domain::entry_for(event, view);
    facts.organizer = {facts.reply_to, material.community_name};
    if (facts.kind == LetterKind::update && material.mail.detail == "clock-rules")
        facts.changes = {calendar::say_clock_rules_changed(event.zone, facts.recipient_language)};
    if (auto const news = domain::split_of_detail(material.mail.detail); news && facts.kind == LetterKind::update)
        facts.split = notifications::SeriesSplit{std::chrono::floor<std::chrono::days>(news->from), news->begins, news->time, news->place,
                                                 news->link && !facts.join_link.empty(), news->title};
    facts.date = domain::date_of_detail(material.mail.detail);
    facts.date_apart = domain::stands_apart(material.mail.detail);
    if (facts.date) facts.schedule = calendar::schedule_of_date(definition.schedule, *facts.date);
    bool const asked_again =
        facts.kind == LetterKind::update && domain::asks_again(material.mail.detail);
    facts.attendee = {material.mail.recipient, facts.recipient_name, partstat_of(registration.status, asked_again), true};
    switch (facts.kind) {
        case LetterKind::invitation:
        case LetterKind::update:
        case LetterKind::confirmation:
        case LetterKind::cancellation: facts.carries_calendar = true; break;
        case LetterKind::declined: facts.carries_calendar = registration.holds_entry; break;
        default: break;
    }
    if (facts.kind == LetterKind::declined) {
        // Only this person is out: their CANCEL is newer than any REQUEST they hold (interop S8).
        facts.whole_event = false;
        facts.reason.clear();
    }
}

}  // namespace

notifications::Rendering letter_facts(usecases::MailMaterial const& material, usecases::Instance const& instance,
                                      MailIdentity const& identity) {
    auto const kind = notifications::letter_kind(material.mail.kind);
    if (!kind) throw std::logic_error("the outbox holds a mail of the unknown kind \"" + material.mail.kind + "\"");
    LetterFacts facts;
    facts.kind = *kind;
    facts.recipient_address = material.mail.recipient;
    facts.recipient_name = material.name;
    facts.recipient_language = material.language;
    facts.recipient_zone = material.time_zone;
    facts.from_address = identity.from_address;
    facts.from_name = material.community_name.empty() ? identity.from_name : material.community_name;
    facts.message_id = material.mail.message_id;
    if (*kind == LetterKind::sign_in) {
        if (!material.mail.subject_id) return Superseded{"the sign-in link is gone"};
        facts.community_name = identity.from_name;
        facts.sign_in_url = usecases::login_url(instance, *material.mail.subject_id);
        facts.deadline = material.mail.created + usecases::login_link_life;
        return facts;
    }
    if (!material.event || !material.registration) return Superseded{"the event or the registration is gone"};
    if (auto const reason = outdated(*kind, *material.event, *material.registration)) return Superseded{*reason};
    if (*kind == LetterKind::reminder) {
        // Planned for a start that is no more.
        auto const starts = calendar::occurrences(material.event->definition.schedule,
                                                  calendar::sys_seconds(std::chrono::seconds(material.mail.cause - 1)),
                                                  calendar::sys_seconds(std::chrono::seconds(material.mail.cause + 1)), 10);
        bool still = false;
        for (auto const& occurrence : starts)
            still = still || occurrence.span.start.time_since_epoch().count() == material.mail.cause;
        if (!still) return Superseded{"the event has moved"};
    }
    if (auto const date = domain::date_of_detail(material.mail.detail)) {
        bool const on = calendar::takes_place(material.event->definition.schedule, *date);
        if (material.event->state == EventState::cancelled) return Superseded{"the event is cancelled"};
        RegistrationStatus const status = material.registration->status;
        bool const out = status == RegistrationStatus::cancelled ||
                         (status == RegistrationStatus::declined && !domain::moves_date(material.mail.detail));
        if (*kind == LetterKind::update && out) return Superseded{"the person does not take part any more"};
        if (on == (*kind == LetterKind::cancellation)) return Superseded{on ? "the date takes place after all" : "the date does not take place any more"};
    }
    add_event(facts, material, instance, identity);
    return facts;
}

}  // namespace convoke::jobs
