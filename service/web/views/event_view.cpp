#include "service/web/views/event_view.hpp"

#include "calendar/words.hpp"
#include "service/http/url.hpp"

#include <algorithm>
#include <set>

namespace convoke::web {

namespace {

using domain::Event;
using domain::EventState;
using domain::RegistrationStatus;

std::string say_deadline(Reader const& reader, Event const& event, calendar::local_seconds local) {
    auto const& zone = reader.zone.empty() ? event.zone : reader.zone;
    return calendar::say_instant(calendar::to_instant(local, event.zone), zone, reader.say.language());
}

std::string language_list(Phrases const& say, domain::EventDefinition const& definition) {
    auto const name = [&](std::string_view tag) { return rendering::language_name(say.catalogue(), say.language(), tag); };
    std::string const spoken = name(definition.locale);
    if (definition.interpretation.empty()) return spoken;
    std::string others;
    for (auto const& tag : definition.interpretation) others += (others.empty() ? "" : ", ") + name(tag);
    return say.with("{spoken}; interpretation into {others}", {{"spoken", spoken}, {"others", others}});
}

std::vector<Data> topic_list(EventFacts const& facts) {
    std::vector<Data> topics;
    for (auto const& code : facts.event.definition.topics) {
        auto const known = std::find_if(facts.topics.begin(), facts.topics.end(), [&](auto const& topic) { return topic.code == code; });
        Data data;
        data.set("code", code).set("title", known == facts.topics.end() ? std::string() : known->title);
        topics.push_back(data);
    }
    return topics;
}

// What stands in place of a link that is not there or not for this viewer.
std::string link_words(Reader const& reader, EventFacts const& facts) {
    auto const& event = facts.event;
    bool const exists = !domain::join_link(event.definition).empty();
    if (!exists && event.link_due)
        return reader.say.with("The link to join will be here and in your mail by {date}.",
                               {{"date", calendar::say_date(*event.link_due, reader.say.language())}});
    if (!exists) return reader.say("The link to join is not known yet.");
    if (facts.own && facts.own->status == RegistrationStatus::confirmed) return {};
    return reader.say("Who is registered gets the link to join by mail, in the calendar entry and on this page.");
}

std::string registration_words(Reader const& reader, EventFacts const& facts, Door door) {
    auto const& rules = facts.event.definition.registration;
    if (facts.own && facts.own->status == RegistrationStatus::waitlisted && facts.own->position)
        return reader.say.with("You are number {n} on the waiting list.", {{"n", std::to_string(*facts.own->position)}});
    if (door != Door::open) return notice_of(reader, facts.event, door).text;
    std::string who;
    if (facts.own && domain::takes_seat(facts.own->status)) who = reader.say("If you cannot come, please give your seat back.");
    else if (rules.policy == "open") who = reader.say("Everybody may register.");
    else if (rules.policy == "approval") who = reader.say("Everybody may ask for a seat; the organisers decide.");
    else if (rules.policy == "invitation") who = reader.say("This event is by invitation.");
    else who = reader.say("Members of the community may register.");
    if (!rules.closes) return who;
    return who + " " + reader.say.with("Registration closes on {time}.", {{"time", say_deadline(reader, facts.event, *rules.closes)}});
}

void add_actions(Data& data, Reader const& reader, EventFacts const& facts, Door door) {
    std::string const query = facts.token.empty() ? "" : "?token=" + http::percent_encode(facts.token);
    std::string const path = event_path(facts.event.id);
    std::string label, cancel;
    bool const holds = facts.own && (domain::takes_seat(facts.own->status) || facts.own->status == RegistrationStatus::waitlisted ||
                                     facts.own->status == RegistrationStatus::pending);
    if (door == Door::open && !holds) label = reader.say(facts.own && facts.own->status == RegistrationStatus::invited ? "Answer" : "Register");
    if (door == Door::open && facts.own && facts.own->status == RegistrationStatus::offered) label = reader.say("Take the seat");
    else if (door == Door::open && holds && facts.event.definition.format == "hybrid") label = reader.say("Change how I take part");
    bool const past = door == Door::over || door == Door::cancelled || door == Door::draft;
    if (holds && !past) cancel = reader.say("I cannot come");
    data.set("register_href", label.empty() ? "" : path + "/register" + query).set("register_label", label);
    data.set("cancel_href", cancel.empty() ? "" : path + "/cancel" + query).set("cancel_label", cancel);
    data.set("can_act", !label.empty() || !cancel.empty());
}

}  // namespace

Door door_of(Event const& event, sys_seconds now) {
    auto const& rules = event.definition.registration;
    if (event.state == EventState::cancelled) return Door::cancelled;
    if (event.state == EventState::draft) return Door::draft;
    if (event.state == EventState::completed || is_over(event, now)) return Door::over;
    if (event.definition.schedule.provisional()) return Door::provisional;
    if (rules.opens && now < calendar::to_instant(*rules.opens, event.zone)) return Door::not_yet;
    if (rules.closes && now >= calendar::to_instant(*rules.closes, event.zone)) return Door::closed;
    return Door::open;
}

Notice notice_of(Reader const& reader, Event const& event, Door door) {
    auto const& say = reader.say;
    auto const& rules = event.definition.registration;
    switch (door) {
        case Door::open: return {"info", {}, {}};
        case Door::draft: return {"warning", say("This is a draft"), say("Only its organisers see it.")};
        case Door::cancelled:
            return {"error", say("This event is cancelled"),
                    event.cancel_reason.empty() ? say("It does not take place.") : say.with("It does not take place: {reason}", {{"reason", event.cancel_reason}})};
        case Door::provisional:
            return {"warning", say("The date is not fixed yet"),
                    say("Registration opens when it is. Members then get an invitation with the exact time.")};
        case Door::over: return {"info", say("This event has taken place"), say("Registration is closed.")};
        case Door::not_yet:
            return {"info", say("Registration is not open yet"), say.with("It opens on {time}.", {{"time", say_deadline(reader, event, *rules.opens)}})};
        case Door::closed:
            return {"warning", say("Registration is closed"), say.with("It closed on {time}.", {{"time", say_deadline(reader, event, *rules.closes)}})};
    }
    return {"info", {}, {}};
}

void add_notice(Data& data, Notice const& notice) {
    if (notice.text.empty()) {
        data.set("notice", false);
        return;
    }
    Data inner;
    inner.set("tone", notice.tone).set("title", notice.title).set("text", notice.text);
    data.set("notice", inner);
}

std::string visible_link(EventFacts const& facts) {
    auto const& event = facts.event;
    if (event.state == EventState::cancelled) return {};
    bool const earned = facts.own && domain::link_visible_to(event.definition, domain::name_of(facts.own->status), facts.own->mode);
    return earned || facts.organiser ? domain::join_link(event.definition) : std::string();
}

std::vector<std::string> say_seats(Phrases const& say, domain::EventDefinition const& definition, std::optional<TakenSeats> const& taken) {
    std::vector<std::string> lines;
    for (std::string const mode : {"on-site", "online"}) {
        auto const capacity = domain::capacity_of(definition, mode);
        if (!capacity || (mode == "online" ? !domain::takes_place_online(definition) : !domain::takes_place_on_site(definition))) continue;
        std::string const name = say_mode(say, mode), all = std::to_string(*capacity);
        if (!taken) {
            lines.push_back(say.with("{mode}: {all} seats.", {{"mode", name}, {"all", all}}));
            continue;
        }
        auto const left = std::max<std::int64_t>(0, *capacity - (mode == "online" ? taken->online : taken->on_site));
        if (left > 0)
            lines.push_back(say.with("{mode}: {left} of {all} seats are free.", {{"mode", name}, {"left", std::to_string(left)}, {"all", all}}));
        else
            lines.push_back(say.with(definition.registration.waitlist ? "{mode}: full. You can join the waiting list." : "{mode}: full.", {{"mode", name}}));
    }
    return lines;
}

Data event_view(Reader const& reader, EventFacts const& facts) {
    auto const& event = facts.event;
    auto const& definition = event.definition;
    Door const door = door_of(event, reader.now);
    Data data;
    add_times(data, reader, event);
    add_series_dates(data, reader, event);
    bool const headline = door == Door::cancelled || door == Door::provisional || door == Door::draft || door == Door::over;
    add_notice(data, headline ? notice_of(reader, event, door) : Notice{});
    data.set("labels", event_labels(reader.say, event, reader.now)).set("href", event_path(event.id));
    data.set("locale", definition.locale).set("description", definition.description).set("languages", language_list(reader.say, definition));

    auto const location = definition.locations.empty() ? domain::Location{} : definition.locations.begin()->second;
    data.set("place", domain::place_in_words(definition)).set("map", location.coordinates.starts_with("geo:") ? location.coordinates : std::string());

    std::string const link = visible_link(facts);
    std::string const room = definition.virtual_locations.empty() ? std::string() : definition.virtual_locations.begin()->second.name;
    data.set("online_row", domain::takes_place_online(definition) && event.state != EventState::cancelled && !definition.schedule.provisional());
    data.set("join_link", link).set("join_name", room.empty() ? reader.say("Join online") : reader.say.with("Join online: {room}", {{"room", room}}));
    data.set("link_words", link.empty() ? link_words(reader, facts) : std::string());

    auto const topics = topic_list(facts);
    data.set("topics", topics).set("has_topics", !topics.empty());
    std::vector<Data> communities;
    for (std::size_t i = 0; i < definition.communities.size(); ++i) {
        Data community;
        community.set("slug", definition.communities[i]);
        community.set("name", i < event.community_names.size() ? event.community_names[i] : definition.communities[i]);
        communities.push_back(community);
    }
    data.set("communities", communities);

    data.set("own_status", false);
    if (facts.own) data.set("own_status", label(tone_of(facts.own->status), say_status(reader.say, facts.own->status)));
    data.set("registration_words", registration_words(reader, facts, door));
    data.set("seats", door == Door::open ? say_seats(reader.say, definition, facts.taken) : std::vector<std::string>{});
    add_actions(data, reader, facts, door);
    data.set("organise_href", facts.organiser ? facts.organise_path : std::string());
    return data;
}

}  // namespace convoke::web
