#include "service/cli/person_json.hpp"

#include "service/api/event_json.hpp"
#include "service/domain/community_codec.hpp"

#include <boost/json/value_from.hpp>

namespace convoke::cli {

namespace json = boost::json;

json::object person_json(usecases::PersonRecord const& record) {
    json::object out;
    out["email"] = record.person.email;
    out["name"] = record.person.name;
    out["organisation"] = record.person.organisation;
    out["country"] = record.person.country;
    out["language"] = record.person.language;
    out["timeZone"] = record.person.time_zone;
    json::array memberships;
    for (auto const& membership : record.memberships) {
        json::object one = domain::encode_member(membership.member);
        one["community"] = membership.community;
        one["workingGroups"] = json::value_from(membership.working_groups);
        memberships.push_back(std::move(one));
    }
    out["memberships"] = std::move(memberships);
    json::array registrations;
    for (auto const& registration : record.registrations) {
        json::object one = api::registration_json(registration.registration);
        one["eventTitle"] = registration.event_title;
        registrations.push_back(std::move(one));
    }
    out["registrations"] = std::move(registrations);
    json::array mails;
    for (auto const& mail : record.mails) {
        json::object one{{"kind", mail.kind}, {"recipient", mail.recipient}, {"subject", mail.subject}, {"state", mail.state},
                         {"created", calendar::format_instant(mail.created)}};
        if (mail.sent) one["sent"] = calendar::format_instant(*mail.sent);
        mails.push_back(std::move(one));
    }
    out["mails"] = std::move(mails);
    json::array answers;
    for (auto const& answer : record.answers)
        answers.push_back({{"state", answer.state}, {"reason", answer.reason}, {"from", answer.sender}, {"answer", answer.answer},
                           {"comment", answer.comment}, {"received", calendar::format_instant(answer.received)}});
    out["answersByMail"] = std::move(answers);
    out["sessions"] = record.sessions;
    json::object feed{{"provisional", record.person.provisional_in_feed}, {"alarm", record.person.feed_alarm}};
    if (record.feed_fetch) {
        feed["lastFetched"] = calendar::format_instant(record.feed_fetch->at);
        feed["client"] = record.feed_fetch->client;
    }
    out["feed"] = std::move(feed);
    return out;
}

}  // namespace convoke::cli
