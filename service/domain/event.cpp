#include "service/domain/event.hpp"

#include "calendar/words.hpp"

#include <stdexcept>

namespace convoke::domain {

std::string_view name_of(EventState state) {
    switch (state) {
        case EventState::draft: return "draft";
        case EventState::published: return "published";
        case EventState::completed: return "completed";
        case EventState::cancelled: return "cancelled";
    }
    return "draft";
}

EventState event_state(std::string_view name) {
    for (EventState state : {EventState::draft, EventState::published, EventState::completed, EventState::cancelled})
        if (name_of(state) == name) return state;
    throw std::invalid_argument("no event state is called " + std::string(name));
}

bool takes_place_online(EventDefinition const& definition) { return definition.format != "on-site"; }

bool takes_place_on_site(EventDefinition const& definition) { return definition.format != "online"; }

std::string join_link(EventDefinition const& definition) {
    for (auto const& [key, location] : definition.virtual_locations)
        if (!location.uri.empty()) return location.uri;
    return {};
}

std::string place_in_words(EventDefinition const& definition) {
    std::string words;
    for (auto const& [key, location] : definition.locations) {
        if (!words.empty()) words += "; ";
        words += location.name;
        if (!location.description.empty()) words += (location.name.empty() ? "" : ", ") + location.description;
    }
    return words;
}

std::string say_deadline(local_seconds local, std::string const& zone) {
    return calendar::say_instant(calendar::to_instant(local, zone), zone, "en");
}

ChangeWeight weigh_change(EventDefinition const& before, EventDefinition const& after) {
    ChangeWeight weight;
    weight.time = !(before.schedule == after.schedule);
    weight.place = before.locations != after.locations || before.virtual_locations != after.virtual_locations ||
                   before.format != after.format;
    weight.text = before.title != after.title || before.description != after.description ||
                  before.interpretation != after.interpretation || before.kind != after.kind ||
                  before.topics != after.topics || before.communities != after.communities;
    return weight;
}

bool link_visible_to(EventDefinition const& definition, std::string_view status, std::string_view mode) {
    if (mode == "on-site" && definition.registration.capacity_online) return false;
    if (status == "confirmed" || status == "attended" || status == "absent") return true;
    // Where online seats are limited or need approval, only the confirmation carries the link (design §4.6).
    bool const seats_are_scarce =
        definition.registration.capacity_online.has_value() || definition.registration.policy == "approval";
    return status == "invited" && !seats_are_scarce;
}

}  // namespace convoke::domain
