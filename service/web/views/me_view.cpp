#include "service/web/views/me_view.hpp"

#include "service/web/views/choices.hpp"
#include "service/web/views/community_view.hpp"
#include "service/web/views/event_view.hpp"
#include "service/web/views/organise_members_view.hpp"
#include "service/web/views/qr_code.hpp"

namespace convoke::web {

namespace {

using domain::RegistrationStatus;

Data own_event(Reader const& reader, OwnEvent const& own) {
    Data data = event_item(reader, own.event);
    auto const status = own.registration.status;
    Door const door = door_of(own.event, reader.now);
    data.set("status", say_status(reader.say, status)).set("status_tone", tone_of(status));
    data.set("join_link", visible_link({.event = own.event, .topics = {}, .own = own.registration, .taken = {}, .token = {}, .organise_path = {}}));
    bool const holds = domain::takes_seat(status) || status == RegistrationStatus::waitlisted || status == RegistrationStatus::pending;
    bool const answers = door == Door::open && (status == RegistrationStatus::invited || status == RegistrationStatus::offered || !holds);
    data.set("answer_href", answers ? event_path(own.event.id) + "/register" : std::string());
    data.set("answer_label", status == RegistrationStatus::invited ? reader.say("Accept or decline") : status == RegistrationStatus::offered ? reader.say("Take the seat") : reader.say("Register"));
    bool const ahead = door == Door::open || door == Door::closed || door == Door::not_yet;
    data.set("cancel_href", ahead && holds ? event_path(own.event.id) + "/cancel" : std::string()).set("cancel_label", reader.say("I cannot come"));
    return data;
}

Options alarm_choices(Phrases const& say) {
    return {{"", say("No alarm")}, {"PT15M", say("15 minutes before")}, {"PT1H", say("1 hour before")}, {"P1D", say("1 day before")}};
}

Data data_form(Reader const& reader, MeFacts const& facts) {
    auto const& say = reader.say;
    auto const& person = facts.person;
    auto const value = [&](std::string const& name, std::string const& otherwise) {
        auto const found = facts.entered.find(name);
        return found == facts.entered.end() ? otherwise : found->second;
    };
    Data form;
    form.set("name", field({.id = "name", .label = say("Name"), .value = value("name", person.name), .autocomplete = "name"}, facts.errors));
    form.set("organisation", field({.id = "organisation", .label = say("Organisation"), .value = value("organisation", person.organisation), .autocomplete = "organization"}, facts.errors));
    form.set("country", select({.id = "country", .label = say("Country"), .value = value("country", person.country), .autocomplete = "country"}, country_choices(say), facts.errors));
    form.set("language_field", select({.id = "language", .label = say("Language of pages and mails"),
                                       .value = value("language", say.catalogue().match(person.language)), .required = true}, language_choices(say), facts.errors));
    form.set("zone", select({.id = "zone", .label = say("Time zone"), .value = value("zone", person.time_zone),
                             .help = say("Every time you read here and in mails is on this clock, with the event's own beside it."), .required = true},
                            zone_choices(person.time_zone), facts.errors));
    form.set("alarm", select({.id = "alarm", .label = say("Alarm in my calendar"), .value = value("alarm", person.feed_alarm),
                              .help = say("Before every event whose date is fixed. Some calendar programs do not follow it.")},
                             alarm_choices(say), facts.errors));
    form.set("provisional", facts.entered.empty() ? person.provisional_in_feed : facts.entered.contains("provisional"));
    return form;
}

}  // namespace

Data me_view(Reader const& reader, MeFacts const& facts) {
    std::vector<Data> events, memberships;
    for (auto const& own : facts.events) events.push_back(own_event(reader, own));
    for (auto const& membership : facts.memberships) {
        Data data;
        data.set("slug", membership.slug).set("name", membership.name).set("role", say_role(reader.say, membership.role));
        memberships.push_back(data);
    }
    Data data;
    data.set("events", events).set("has_events", !events.empty());
    data.set("memberships", memberships).set("has_memberships", !memberships.empty());
    data.set("feed_url", facts.feed_url).set("webcal", webcal_of(facts.feed_url)).set("can_renew", true);
    data.set("last_fetch", say_last_fetch(reader, facts.last_fetch));
    data.set("qr_code", qr_code_url(webcal_of(facts.feed_url)));
    data.set("data_form", data_form(reader, facts));
    facts.errors.put(data);
    return data;
}

}  // namespace convoke::web
