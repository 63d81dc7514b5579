// Events for the tests of the verbs, written as the API's JSON.
#pragma once

#include "service/domain/event_codec.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/outbox.hpp"
#include "service/usecases/registrations.hpp"
#include "tests/unit/usecases/house.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

namespace convoke::test {

inline domain::EventDefinition definition(std::string const& json) {
    auto decoded = domain::decode_event(boost::json::parse(json).as_object());
    if (!decoded) FAIL(decoded.error().detail);
    return *decoded;
}

// Two hours online on 3 March 2027 in Brussels, with a link.
inline std::string online_event(std::string const& more = "") {
    return R"({"communities":["cop-mi"],"kind":"event","format":"online","title":"Launch","start":"2027-03-03T10:00:00",
               "timeZone":"Europe/Brussels","duration":"PT2H","virtualLocations":{"1":{"uri":"https://meet.example/abc"}})" + more + "}";
}
inline std::string window(std::string const& more = "") {
    return R"({"communities":["cop-mi"],"kind":"event","format":"online","title":"Debate",
               "provisional":{"earliest":"2027-12-01","latest":"2027-12-12"})" + more + "}";
}

inline usecases::Event create(House& house, std::string const& json) {
    return house.write([&](Transaction& tx) { return usecases::create_event(tx, house.admin(), definition(json)); }).value();
}
inline usecases::Event publish(House& house, std::int64_t id) {
    return house.write([&](Transaction& tx) { return usecases::publish_event(tx, house.admin(), id, std::nullopt); }).value();
}
inline result<usecases::Event> patch(House& house, usecases::Event const& event, std::string const& json) {
    return house.write([&](Transaction& tx) -> result<usecases::Event> {
        CONVOKE_TRY(definition, domain::patch_event(event.definition, boost::json::parse(json).as_object()));
        return usecases::change_event(tx, house.admin(), event.id, event.revision, {definition, std::nullopt});
    });
}
inline result<usecases::Registration> enrol(House& house, std::int64_t event_id, std::string const& email, std::string const& mode = "") {
    usecases::RegistrationRequest request;
    request.email = email;
    request.mode = mode;
    return house.write([&](Transaction& tx) { return usecases::register_participant(tx, house.admin(), event_id, request); });
}
inline std::vector<usecases::OutboxMail> mails(House& house, std::int64_t event_id) {
    usecases::OutboxQuery query;
    query.event_id = event_id;
    query.limit = 500;
    return house.read([&](Transaction& tx) { return usecases::list_outbox(tx, house.admin(), query); }).value();
}
inline std::size_t count(std::vector<usecases::OutboxMail> const& all, std::string const& kind, std::string const& state = "pending") {
    return static_cast<std::size_t>(std::count_if(all.begin(), all.end(), [&](auto const& mail) { return mail.kind == kind && mail.state == state; }));
}
// What the dispatcher does with everything that is due: claims, freezes, sends.
inline std::size_t send_all(House& house) {
    std::size_t sent = 0;
    for (;;) {
        auto const claimed = house.write([&](Transaction& tx) -> result<std::vector<usecases::OutboxMail>> {
            return usecases::claim_mails(tx, house.admin(), "test", 50);
        }).value();
        if (claimed.empty()) return sent;
        std::vector<usecases::FreshBytes> fresh;
        std::vector<usecases::Settled> settled;
        for (auto const& mail : claimed) {
            fresh.push_back({mail.id, 0, "rsvp@events.example", "subject", "bytes"});
            settled.push_back({usecases::Settled::Kind::sent, mail.id, "250 ok", house.now, house.now});
        }
        house.write([&](Transaction& tx) -> result<void> {
            usecases::freeze_mails(tx, house.admin(), "test", fresh);
            usecases::settle_mails(tx, "test", settled);
            return {};
        }).value();
        sent += claimed.size();
    }
}

}  // namespace convoke::test
