#include "service/usecases/persons.hpp"

#include "service/domain/email_address.hpp"
#include "service/store/answers.hpp"
#include "service/store/communities.hpp"
#include "service/store/events.hpp"
#include "service/store/feed_fetches.hpp"
#include "service/store/groups.hpp"
#include "service/store/members.hpp"
#include "service/store/people.hpp"
#include "service/store/personal_data.hpp"
#include "service/store/registrations.hpp"
#include "service/store/sessions.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/idempotency.hpp"
#include "service/usecases/registrations.hpp"

namespace convoke::usecases {
namespace {

Failure no_such_person() { return Failure(errc::not_found, "nobody with this address is known here"); }

bool may_manage(Context const& context, std::int64_t person_id) {
    return context.actor.admin || (context.actor.kind == domain::Actor::Kind::person && context.actor.id == person_id);
}

result<domain::Person> person_to_manage(Transaction& tx, Context const& context, std::string_view email) {
    CONVOKE_TRY(person, usecases::find_person_by_email(tx, email));
    if (!may_manage(context, person.id))
        return Failure(errc::forbidden, "only the person and administrators may do this");
    return person;
}

// Through the verb, so that the next in line moves up and is told.
void give_seats_back(Transaction& tx, Context const& context, std::int64_t person_id) {
    Context const service{context.instance, context.now, domain::Actor::service()};
    for (auto const& registration : store::registrations_of_person(tx, person_id)) {
        using enum domain::RegistrationStatus;
        auto const status = registration.status;
        if (status != confirmed && status != held && status != offered && status != waitlisted && status != pending) continue;
        auto const event = store::find_event(tx, registration.event_id);
        if (!event || event->state != domain::EventState::published) continue;
        // A refusal (the event was cancelled meanwhile) has changed nothing and leaves nothing to give back.
        (void)answer_registration(tx, service, registration.id, Answer::cancel);
    }
}

}  // namespace

result<PersonRecord> export_person(Transaction& tx, Context const& context, std::string_view email) {
    CONVOKE_TRY(person, person_to_manage(tx, context, email));
    PersonRecord record;
    record.person = person;
    for (auto const& member : store::memberships_of(tx, person.id)) {
        PersonRecord::Membership membership{.member = member};
        if (auto const community = store::find_community(tx, member.community_id)) membership.community = community->slug;
        membership.working_groups = store::group_slugs_of_member(tx, member.id);
        record.memberships.push_back(std::move(membership));
    }
    for (auto const& registration : store::registrations_of_person(tx, person.id)) {
        auto const event = store::find_event(tx, registration.event_id);
        record.registrations.push_back({event ? event->definition.title : "", registration});
    }
    for (auto const& mail : store::mails_of_person(tx, person.id))
        record.mails.push_back({mail.kind, mail.recipient, mail.subject, mail.state, mail.created, mail.sent});
    record.answers = store::answers_of_person(tx, person.id, person.email);
    record.feed_fetch = store::find_feed_fetch(tx, person.id);
    record.sessions = store::count_sessions_of(tx, person.id);
    return record;
}

bool is_erased(domain::Person const& person) { return person.email == store::erased_address(person.id); }

result<std::int64_t> erase_person(Transaction& tx, Context const& context, std::string_view email) {
    CONVOKE_TRY(person, person_to_manage(tx, context, email));
    store::lock_row(tx, "person", person.id);
    give_seats_back(tx, context, person.id);
    store::erase_registrations_of_person(tx, person.id);
    store::erase_mails_of_person(tx, person.id);
    erase_replies_about(tx, context.instance, person.email);
    for (auto const& member : store::memberships_of(tx, person.id)) store::delete_member(tx, member.id);
    store::delete_sign_ins_of(tx, person.id);
    store::erase_feed_fetch(tx, person.id);
    store::erase_answers_of_person(tx, person.id, person.email);
    store::erase_person(tx, person.id);
    store::log_change(tx, context.now, origin_of(context), "person.erase", {}, {}, person.id, "");
    return person.id;
}

result<domain::Person> change_person(Transaction& tx, Context const& context, domain::Person const& wanted) {
    if (!may_manage(context, wanted.id)) return no_such_person();
    CONVOKE_TRY(person, usecases::find_person(tx, wanted.id));
    person.name = wanted.name;
    person.organisation = wanted.organisation;
    person.country = wanted.country;
    person.language = wanted.language;
    person.time_zone = wanted.time_zone;
    store::update_person(tx, person);
    store::log_change(tx, context.now, origin_of(context), "person.change", {}, {}, person.id, "");
    return person;
}

result<std::int64_t> renew_feed(Transaction& tx, Context const& context, std::int64_t person_id) {
    if (!may_manage(context, person_id)) return no_such_person();
    CONVOKE_TRY(person, usecases::find_person(tx, person_id));
    auto const version = store::renew_feed_version(tx, person.id);
    store::log_change(tx, context.now, origin_of(context), "person.renew-feed", {}, {}, person.id, "");
    return version;
}

result<domain::Person> find_person(Transaction& tx, std::int64_t id) {
    auto person = store::find_person(tx, id);
    if (!person) return no_such_person();
    return *std::move(person);
}

result<domain::Person> find_person_by_email(Transaction& tx, std::string_view email) {
    CONVOKE_TRY(address, domain::normalise_email_address(email));
    auto person = store::find_person(tx, address);
    if (!person) return no_such_person();
    return *std::move(person);
}

}  // namespace convoke::usecases
