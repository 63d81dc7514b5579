#include "service/usecases/event_split.hpp"

#include "calendar/series.hpp"
#include "service/core/crypto.hpp"
#include "service/core/ids.hpp"
#include "service/domain/mail.hpp"
#include "service/store/events.hpp"
#include "service/store/outbox.hpp"
#include "service/store/people.hpp"
#include "service/store/registrations.hpp"
#include "service/usecases/event_checks.hpp"
#include "service/usecases/event_mails.hpp"
#include "service/usecases/event_writing.hpp"
#include "service/usecases/revision.hpp"
#include "service/usecases/seats.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

using domain::EventState;
using domain::Registration;
using domain::RegistrationStatus;

constexpr std::size_t everybody = 1'000'000;

result<void> check_time(Context const& context, Event const& before, Event const& rest, calendar::local_seconds from) {
    std::vector<Fault> faults;
    auto const date = calendar::first_span(calendar::schedule_of_date(before.definition.schedule, from), before.zone);
    if (date.start <= context.now)
        faults.push_back({"/from", errc::out_of_range, "the date " + calendar::format_local(from) + " has begun already: choose one that is still to come"});
    else if (calendar::to_instant(calendar::start_of(rest.definition.schedule), rest.zone) <= context.now)
        faults.push_back({"/start", errc::out_of_range, "this time has passed: give one that is still to come"});
    if (!faults.empty()) return Failure(std::move(faults));
    return {};
}

Event rest_of(Context const& context, Event const& before, EventSplit const& split) {
    Event rest = before;
    rest.id = core::new_id();
    rest.uid = core::base32_encode(core::random_bytes(16)) + "@" + context.instance.mail_domain;
    rest.definition = split.definitions.later;
    rest.definition.communities = before.definition.communities;
    rest.definition.working_group = before.definition.working_group;
    if (auto const& zone = calendar::zone_of(rest.definition.schedule); !zone.empty()) rest.zone = zone;
    if (split.link_due) rest.link_due = *split.link_due;
    // A promise for a day that is over is none: the rest needs a link or a promise of its own.
    else if (rest.link_due && *rest.link_due < std::chrono::floor<std::chrono::days>(calendar::to_local(context.now, rest.zone).local))
        rest.link_due.reset();
    rest.sequence = 0;
    rest.revision = 1;
    rest.created = rest.updated = rest.shown = context.now;
    if (before.published) rest.published = context.now;
    if (before.invited) rest.invited = context.now;
    rest.import_source.clear();
    rest.import_key.clear();
    rest.import_row.clear();
    rest.first_uid = before.first_uid.empty() ? before.uid : before.first_uid;
    return rest;
}

struct Carried {
    Registration before, after;
};

std::vector<Carried> carry_registrations(Transaction& tx, Context const& context, Event const& before, Event const& rest) {
    std::vector<Carried> all;
    for (Registration const& registration : store::list_registrations(tx, before.id, 0, everybody)) {
        if (registration.email == store::erased_address(registration.person_id)) continue;
        Registration copy = registration;
        copy.id = core::new_id();
        copy.event_id = rest.id;
        copy.holds_entry = false;
        copy.revision = 1;
        copy.updated = context.now;
        if (copy.status == RegistrationStatus::attended || copy.status == RegistrationStatus::absent)
            copy.status = RegistrationStatus::confirmed;
        store::insert_registration(tx, copy);
        all.push_back({registration, copy});
    }
    return all;
}

bool said_no(RegistrationStatus status) { return status == RegistrationStatus::declined || status == RegistrationStatus::cancelled; }

// What a series that goes date by date loses: each of these is a mail to everybody who holds it.
std::vector<calendar::local_seconds> dates_to_take_back(Event const& before, Event const& shortened) {
    if (calendar::series_form(before.definition.schedule) != calendar::SeriesForm::dates) return {};
    return calendar::dates_lost(before.definition.schedule, shortened.definition.schedule);
}

Failure too_many_to_take_back(std::vector<calendar::local_seconds> const& lost) {
    return fault_at("/from", errc::limit_reached,
                    "people hold this series date by date and would get a mail for each date that goes: " + std::to_string(lost.size()) +
                        ", and no more than " + std::to_string(most_date_mails) + " are sent; divide it from " +
                        calendar::format_local(lost[lost.size() - most_date_mails]) +
                        " on or later, or cancel the event and create another");
}

// Whoever holds single dates is told of each that goes; the rest of the dates are as they were. Else one REQUEST says all.
void tell_of_the_end(Transaction& tx, Context const& context, Event const& before, Event const& shortened, Registration const& registration,
                     std::vector<calendar::local_seconds> const& lost, domain::SplitNews const& news, std::int64_t cause) {
    if (calendar::series_form(before.definition.schedule) == calendar::SeriesForm::dates) {
        for (calendar::local_seconds id : lost)
            cause_mail(tx, context, "cancellation", registration, cause, domain::detail_of_date(id, false));
        return;
    }
    if (!store::has_unwritten_mail(tx, registration.person_id, shortened.id, name_of(registration.status)))
        cause_mail(tx, context, "update", registration, cause, domain::detail_of_split(news));
}

void tell_of_the_beginning(Transaction& tx, Context const& context, Carried const& one, bool holds, domain::SplitNews news, std::int64_t cause) {
    Registration const& registration = one.after;
    // Who moved up from the waiting list has the mail that says so.
    if (store::has_unwritten_mail(tx, registration.person_id, registration.event_id, name_of(registration.status))) return;
    news.begins = true;
    if (holds) cause_mail(tx, context, "update", registration, cause, domain::detail_of_split(news));
    switch (registration.status) {
        case RegistrationStatus::held: return cause_mail(tx, context, "address-check", registration, cause);
        case RegistrationStatus::offered: return tell_status(tx, context, registration, cause);  // its deadline is told nowhere else
        case RegistrationStatus::invited:
            if (!holds) cause_mail(tx, context, "invitation", registration, cause);
            return;
        default:
            if (!holds) tell_status(tx, context, registration, cause);
    }
}

}  // namespace

result<Event> split_event(Transaction& tx, Context const& context, std::int64_t id, std::optional<std::int64_t> expected_revision,
                          EventSplit const& split) {
    CONVOKE_TRY(before, event_to_change(tx, context, id));
    CONVOKE_CHECK(check_revision(expected_revision, before.revision));
    if (before.state == EventState::cancelled) return Failure(errc::event_cancelled, "the event is cancelled; create a new one instead");
    Event rest = rest_of(context, before, split);
    CONVOKE_CHECK(check_time(context, before, rest, split.from));
    CONVOKE_CHECK(check_topics(tx, rest, before.definition.topics));
    bool const on = before.state == EventState::published;
    if (on) {
        CONVOKE_CHECK(check_link(rest));
        promise_link(context, rest);
    }
    Event shortened = before;
    shortened.definition = split.definitions.earlier;
    shortened.next_uid = rest.uid;
    touch(context, shortened);
    if (on) ++shortened.sequence;

    store::insert_event(tx, rest);
    store::update_event(tx, shortened);
    std::int64_t const end = log_event(tx, context, "event.split", shortened, calendar::format_local(split.from) + " " + core::format_id(rest.id));
    std::int64_t beginning = log_event(tx, context, "event.create", rest, "split from " + core::format_id(before.id));
    if (on) beginning = log_event(tx, context, "event.publish", rest);

    auto carried = carry_registrations(tx, context, before, rest);
    CONVOKE_CHECK(check_capacity(tx, rest));
    for (std::string const mode : {"on-site", "online"}) pass_on_free_seats(tx, context, rest, mode, beginning);
    domain::SplitNews const news = domain::split_news(before.definition, split.definitions, split.from);
    auto const lost = dates_to_take_back(before, shortened);
    for (Carried& one : carried) {
        if (!on || !before.invited || said_no(one.before.status)) continue;
        bool const holds = one.before.holds_entry || store::has_mail_in_hand(tx, one.before.person_id, before.id);
        if (holds && lost.size() > most_date_mails) return too_many_to_take_back(lost);
        if (holds) tell_of_the_end(tx, context, before, shortened, one.before, lost, news, end);
        if (auto const now = store::find_registration(tx, one.after.id)) one.after = *now;
        tell_of_the_beginning(tx, context, one, holds, news, beginning);
    }
    reset_reminders(tx, context, shortened);
    reset_reminders(tx, context, rest);
    return rest;
}

result<SplitReach> split_reach(Transaction& tx, Context const& context, std::int64_t id, calendar::local_seconds from) {
    CONVOKE_TRY(event, find_event(tx, context, id));
    CONVOKE_TRY(figures, event_figures(tx, context, id));
    SplitReach reach;
    for (auto const& date : calendar::occurrences(event.definition.schedule, sys_seconds::min(), sys_seconds::max(), 2000)) reach.dates += date.id >= from;
    reach.people = figures.invited + figures.confirmed + figures.waitlisted + figures.pending;
    return reach;
}

}  // namespace convoke::usecases
