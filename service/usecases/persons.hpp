// What is held about a person, and its erasure (GDPR articles 15 and 17). See context.hpp for the rules of verbs.
// For the command line, administrators and the person.
#pragma once

#include "service/domain/community.hpp"
#include "service/domain/mail_answer.hpp"
#include "service/domain/registration.hpp"
#include "service/store/feed_fetches.hpp"
#include "service/usecases/context.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::usecases {

struct PersonRecord {
    domain::Person person;
    struct Membership {
        std::string community;  // slug
        std::vector<std::string> working_groups;
        domain::Member member;
    };
    std::vector<Membership> memberships;
    struct Registration {
        std::string event_title;
        domain::Registration registration;
    };
    std::vector<Registration> registrations;
    struct Mail {
        std::string kind, recipient, subject, state;
        sys_seconds created;
        std::optional<sys_seconds> sent;
    };
    std::vector<Mail> mails;
    std::vector<domain::MailAnswer> answers;
    std::int64_t sessions = 0;
    std::optional<store::FeedFetch> feed_fetch;
};

// errc: email_invalid …, not_found, forbidden.
result<PersonRecord> export_person(Transaction& tx, Context const& context, std::string_view email);

// One transaction: seats for events to come are given back (and passed on), registrations lose names and answers,
// memberships, sessions and sign-in links go, mails lose recipient and content and are not sent any more, the person
// keeps nothing but an id; the feed's address stops working. What remains is for figures and the audit log.
// The person is told nothing: there is no address left. errc as above.
result<std::int64_t> erase_person(Transaction& tx, Context const& context, std::string_view email);
// The row of one who has been erased: it stands for nobody, and what was given to the person opens no door any more.
bool is_erased(domain::Person const& person);

// The person's own page: name, organisation, country, language and zone.
result<domain::Person> change_person(Transaction& tx, Context const& context, domain::Person const& wanted);
// A new address for the person's feed; the old one stops working. Answers the new version.
result<std::int64_t> renew_feed(Transaction& tx, Context const& context, std::int64_t person_id);

// errc::not_found. No rights are checked.
result<domain::Person> find_person(Transaction& tx, std::int64_t id);
result<domain::Person> find_person_by_email(Transaction& tx, std::string_view email);

}  // namespace convoke::usecases
