#include "service/jobs/letter_facts.hpp"

#include "service/domain/event_codec.hpp"
#include "service/usecases/capability.hpp"

#include <boost/json/parse.hpp>

#include <catch2/catch.hpp>

using namespace convoke;
using notifications::LetterFacts;
using notifications::Superseded;

namespace {

usecases::Instance instance() {
    usecases::Instance made;
    made.base_url = "https://events.example";
    made.mail_domain = "events.example";
    made.secret = std::string(32, 's');
    return made;
}

jobs::MailIdentity const identity{"rsvp@events.example", "Convoke", "rsvp@events.example"};

usecases::MailMaterial material(std::string const& kind, std::string const& status, std::string const& more = "") {
    usecases::MailMaterial made;
    made.mail.kind = kind;
    made.mail.recipient = "a@x.example";
    made.mail.message_id = "m@events.example";
    made.person.id = 7;
    made.name = "Aoife";
    made.language = "en";
    made.time_zone = "Europe/Dublin";
    made.community_name = "CoP";
    domain::Event event;
    event.id = 3;
    event.uid = "u@events.example";
    event.definition = domain::decode_event(boost::json::parse(R"({"communities":["c"],"kind":"event","format":"online","title":"T",
        "start":"2027-06-17T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H",
        "virtualLocations":{"1":{"uri":"https://meet.example/abc"}})" + more + "}").as_object()).value();
    event.zone = "Europe/Brussels";
    event.state = domain::EventState::published;
    event.sequence = 2;
    made.event = event;
    domain::Registration registration;
    registration.id = 9;
    registration.status = domain::registration_status(status);
    made.registration = registration;
    made.mail.cause = calendar::to_instant(calendar::parse_local("2027-06-17T10:00:00").value(), "Europe/Brussels").time_since_epoch().count();
    return made;
}

LetterFacts letter(usecases::MailMaterial const& from) { return std::get<LetterFacts>(jobs::letter_facts(from, instance(), identity)); }
bool ends(usecases::MailMaterial const& from) { return std::holds_alternative<Superseded>(jobs::letter_facts(from, instance(), identity)); }

}  // namespace

TEST_CASE("an invitation names its reader alone and answers go to an address of their own") {
    auto const facts = letter(material("invitation", "invited"));
    CHECK(facts.carries_calendar);
    CHECK(facts.attendee.address == "a@x.example");
    CHECK(facts.attendee.partstat == "NEEDS-ACTION");
    CHECK(facts.organizer.address == "rsvp+" + usecases::answer_token(instance(), 9) + "@events.example");
    CHECK(facts.reply_to == facts.organizer.address);
    CHECK(facts.entry.uid == "u@events.example");
    CHECK(facts.entry.sequence == 2);
    CHECK(facts.join_link == "https://meet.example/abc");
}

TEST_CASE("where seats are scarce only the confirmation carries the link") {
    std::string const scarce = R"(,"registration":{"capacity":{"online":5},"waitlist":true})";
    CHECK(letter(material("invitation", "invited", scarce)).join_link.empty());
    CHECK(letter(material("waitlisted", "waitlisted", scarce)).join_link.empty());
    auto const confirmed = letter(material("confirmation", "confirmed", scarce));
    CHECK(confirmed.join_link == "https://meet.example/abc");
    CHECK(confirmed.attendee.partstat == "ACCEPTED");
}

TEST_CASE("a change of time asks again, a change of place does not") {
    auto moved = material("update", "confirmed");
    moved.mail.detail = "time";
    CHECK(letter(moved).attendee.partstat == "NEEDS-ACTION");
    moved.mail.detail = "place";
    CHECK(letter(moved).attendee.partstat == "ACCEPTED");
}

TEST_CASE("what is not true any more is not said") {
    auto cancelled = [](usecases::MailMaterial from) {
        from.event->state = domain::EventState::cancelled;
        return from;
    };
    CHECK(ends(cancelled(material("invitation", "invited"))));
    CHECK(ends(cancelled(material("reminder", "confirmed"))));
    CHECK_FALSE(ends(cancelled(material("cancellation", "confirmed"))));
    CHECK(ends(material("invitation", "declined")));
    CHECK(ends(material("confirmation", "cancelled")));
    CHECK(ends(material("waitlisted", "confirmed")));
    CHECK(ends(material("reminder", "cancelled")));
    CHECK_FALSE(ends(material("reminder", "confirmed")));
    auto moved = material("reminder", "confirmed");
    moved.mail.cause += 3600;
    CHECK(ends(moved));
}
