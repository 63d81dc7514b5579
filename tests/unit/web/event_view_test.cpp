// Who sees which link, what is said of every state, and that no text of a user becomes markup.
#include "tests/unit/web/samples.hpp"

#include "service/web/views/event_view.hpp"
#include "service/web/views/me_view.hpp"
#include "service/web/views/organise_view.hpp"
#include "service/web/views/register_view.hpp"

#include <catch2/catch.hpp>

using namespace samples;
using Catch::Matchers::Contains;
using domain::RegistrationStatus;
using web::event_view;
using web::EventFacts;

namespace {

EventFacts facts_of(domain::Event event, std::optional<RegistrationStatus> status = {}, bool organiser = false) {
    EventFacts facts{std::move(event), programme().objectives[0].topics, {}, organiser, web::TakenSeats{}, "", ""};
    if (status) facts.own = registration(facts.event, *status);
    return facts;
}

std::string page(EventFacts const& facts, std::string zone = "Europe/Dublin") {
    static Words const words;
    auto data = event_view(words.reader(std::move(zone)), facts);
    return words.templates.render("pages/event.html", "en", data);
}

}  // namespace

TEST_CASE("the link to join is for invited and confirmed people and for organisers") {
    std::string const link = "https://meet.example/secret-room";
    auto const shown = [&](std::optional<RegistrationStatus> status, bool organiser = false) {
        return page(facts_of(online_event(), status, organiser)).find(link) != std::string::npos;
    };
    CHECK_FALSE(shown({}));
    CHECK(shown(RegistrationStatus::invited));
    CHECK(shown(RegistrationStatus::confirmed));
    CHECK_FALSE(shown(RegistrationStatus::pending));
    CHECK_FALSE(shown(RegistrationStatus::waitlisted));
    CHECK_FALSE(shown(RegistrationStatus::declined));
    CHECK_FALSE(shown(RegistrationStatus::cancelled));
    CHECK(shown({}, true));
}

TEST_CASE("where online seats are limited only the confirmation carries the link") {
    auto event = online_event();
    event.definition.registration.capacity_online = 10;
    CHECK(web::visible_link(facts_of(event, RegistrationStatus::invited)).empty());
    CHECK_FALSE(web::visible_link(facts_of(event, RegistrationStatus::confirmed)).empty());
}

TEST_CASE("a cancelled event shows nobody its link") {
    auto event = online_event();
    event.state = domain::EventState::cancelled;
    CHECK(web::visible_link(facts_of(event, RegistrationStatus::confirmed, true)).empty());
}

TEST_CASE("both clocks stand on the page, the reader's first") {
    auto const html = page(facts_of(online_event()));
    CHECK_THAT(html, Contains("09:00–11:30 (Dublin, UTC+1)"));
    CHECK_THAT(html, Contains("10:00–12:30 (Brussels, UTC+2)"));
    CHECK(html.find("Dublin") < html.find("Brussels"));
    CHECK_THAT(html, Contains("<time datetime=\"2026-06-17"));
}

TEST_CASE("a window has no hour and no machine-readable time") {
    auto const html = page(facts_of(provisional_event()));
    CHECK_THAT(html, Contains("October 2026"));
    CHECK_THAT(html, Contains("The date is not fixed yet"));
    CHECK_THAT(html, !Contains("<time"));
    CHECK_THAT(html, !Contains("/register\""));
}

TEST_CASE("every state says itself and offers only what is possible") {
    auto draft = online_event();
    draft.state = domain::EventState::draft;
    CHECK_THAT(page(facts_of(draft)), Contains("This is a draft"));
    auto const cancelled = page(facts_of(cancelled_event(), RegistrationStatus::confirmed));
    CHECK_THAT(cancelled, Contains("This event is cancelled") && Contains("The host is not available."));
    CHECK_THAT(cancelled, !Contains("/register\"") && !Contains("/cancel\""));
    CHECK_THAT(page(facts_of(past_event())), Contains("This event has taken place"));
    CHECK_THAT(page(facts_of(online_event())), Contains(">Register</a>"));
    CHECK_THAT(page(facts_of(online_event(), RegistrationStatus::invited)), Contains(">Answer</a>"));
    CHECK_THAT(page(facts_of(online_event(), RegistrationStatus::confirmed)), Contains(">I cannot come</a>") && !Contains("/register\""));
    CHECK_THAT(page(facts_of(hybrid_event(), RegistrationStatus::waitlisted)), Contains("You are number 3 on the waiting list."));
}

TEST_CASE("registration opens and closes on the event's clock") {
    auto event = online_event();
    event.definition.registration.opens = local_days(2026y / February / 1) + 9h;
    CHECK(web::door_of(event, calendar::to_instant(local_days(2026y / February / 1) + 8h + 59min + 59s, event.zone)) == web::Door::not_yet);
    CHECK(web::door_of(event, calendar::to_instant(local_days(2026y / February / 1) + 9h, event.zone)) == web::Door::open);
    event.definition.registration.closes = local_days(2026y / June / 1) + 18h;
    CHECK(web::door_of(event, calendar::to_instant(local_days(2026y / June / 1) + 18h, event.zone)) == web::Door::closed);
    CHECK_THAT(page(facts_of(event)), Contains("It opens on 1 February 2026, 08:00 (Dublin"));
}

TEST_CASE("seats left are counted by mode, never below nothing") {
    Words const words;
    auto const say = words.reader().say;
    auto const lines = web::say_seats(say, hybrid_event().definition, web::TakenSeats{38, 305});
    REQUIRE(lines.size() == 2);
    CHECK(lines[0] == "On site: 2 of 40 seats are free.");
    CHECK(lines[1] == "Online: full. You can join the waiting list.");
    CHECK(web::say_seats(say, online_event().definition, web::TakenSeats{}).empty());
}

TEST_CASE("no text of a user becomes markup or leaves its attribute") {
    std::string const hostile = "\"'><script>alert(1)</script><img src=x onerror=alert(1)>{{title}}{{{description}}}&lt;";
    auto event = hybrid_event();
    event.definition.title = event.definition.description = hostile;
    event.definition.locations["1"] = {hostile, hostile, "geo:1,2\"onclick=\"x"};
    event.definition.virtual_locations["1"] = {hostile, "https://meet.example/?\"><script>"};
    event.definition.topics = {hostile};
    event.definition.locale = hostile;
    event.cancel_reason = hostile;
    event.community_names = {hostile};
    event.definition.communities = {hostile};
    event.definition.registration.questions[0].label = hostile;
    event.definition.registration.questions[1].options = {hostile};
    auto own = registration(event, RegistrationStatus::confirmed);
    own.name = own.organisation = own.email = hostile;
    own.answers["diet"] = hostile;
    auto person = samples::person();
    person.name = person.organisation = hostile;
    auto mail = mails(event).front();
    mail.recipient = mail.last_error = mail.kind = hostile;

    static Words const words;
    auto const reader = words.reader();
    EventFacts facts = facts_of(event);
    facts.own = own;
    facts.token = hostile;
    web::MeFacts me;
    me.person = person;
    me.events = {{own, event}};
    me.feed_url = hostile;
    web::FormErrors errors;
    errors.add(hostile, hostile);
    auto invited = own;
    invited.status = RegistrationStatus::invited;
    auto const check = [&](char const* name, web::Data data) {
        INFO(name);
        data.set("title", hostile).set("heading", hostile).set("site_name", hostile).set("heading_lang", hostile);
        auto const html = words.templates.render(name, "en", data);
        CHECK_THAT(html, !Contains("<script") && !Contains("<img src=x") && !Contains("\"'>") && !Contains("\"onclick"));
        CHECK_THAT(html, Contains("&lt;script&gt;"));
    };
    check("pages/event.html", event_view(reader, facts));
    check("pages/register.html", web::register_view(reader, {event, person, invited, hostile, hostile, {{"name", hostile}}, errors}));
    check("pages/register.html", web::register_view(reader, {event, {}, {}, hostile, hostile, {{"email", hostile}}, errors}));
    check("pages/me.html", web::me_view(reader, me));
    check("pages/organise_event.html", web::organise_event_view(reader, {hostile, event, {}, {own}, {mail}, hostile, hostile}));
    check("pages/organise_community.html", web::organise_community_view(reader, hostile, {{event, {}}}));
    check("pages/fix_date.html", web::fix_date_view(reader, {hostile, event, {{"link", hostile}, {"zone", hostile}}, errors}));
}

TEST_CASE("what a user wrote is not a template") {
    Words const words;
    CHECK(words.reader().say.with("It does not take place: {reason}", {{"reason", "{reason} {zone}"}}) == "It does not take place: {reason} {zone}");
}

TEST_CASE("a stranger is asked for an address alone, whatever is open") {
    static Words const words;
    auto const html = words.templates.render("pages/register.html", "en", web::register_view(words.reader(), {online_event(), {}, {}, "/e/x/register", "", {}, {}}));
    CHECK_THAT(html, Contains("name=\"email\"") && !Contains("name=\"organisation\"") && !Contains("value=\"accept\""));
}

TEST_CASE("closed, provisional and cancelled registration says so and has no form") {
    static Words const words;
    auto closed = online_event();
    closed.definition.registration.closes = local_days(2026y / January / 2) + 9h;
    for (auto const& event : {closed, provisional_event(), cancelled_event(), past_event()}) {
        auto const html = words.templates.render("pages/register.html", "en", web::register_view(words.reader(), {event, person(), {}, "/x", "", {}, {}}));
        CHECK_THAT(html, Contains("ecl-notification__title") && !Contains("method=\"post\" action=\"/x\""));
    }
}

TEST_CASE("an invited person may accept or decline and answers questions") {
    static Words const words;
    auto const html = words.templates.render(
        "pages/register.html", "en", web::register_view(words.reader(), {hybrid_event(), person(), registration(hybrid_event(), RegistrationStatus::invited), "/x", "tok", {}, {}}));
    CHECK_THAT(html, Contains("value=\"accept\"") && Contains("value=\"decline\"") && Contains("name=\"answer.track\"") && Contains("name=\"mode\""));
    CHECK_THAT(html, Contains("name=\"token\" value=\"tok\""));
}
