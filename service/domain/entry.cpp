#include "service/domain/entry.hpp"

#include "calendar/words.hpp"

#include <algorithm>

namespace convoke::domain {

namespace {

std::optional<std::pair<double, double>> coordinates_of(EventDefinition const& definition) {
    for (auto const& [key, location] : definition.locations) {
        if (!location.coordinates.starts_with("geo:")) continue;
        std::size_t const comma = location.coordinates.find(',');
        return std::pair(std::stod(location.coordinates.substr(4, comma - 4)), std::stod(location.coordinates.substr(comma + 1)));
    }
    return std::nullopt;
}

// A feed asks nobody and names nobody, so the holder's answer stands in words (interop F6).
std::string own_answer(EntryView const& view) {
    std::string const& status = view.registration_status;
    if (status == "confirmed" || status == "attended" || status == "absent")
        return view.registration_mode == "online" ? "You take part online.\n" : "You take part on site.\n";
    if (status == "invited") return "You have not answered the invitation yet.\n";
    if (status == "pending") return "Your registration waits for approval.\n";
    if (status == "held") return "Your seat is kept until you confirm your address.\n";
    if (status == "offered") return "A seat is offered to you.\n";
    if (status == "none") return "You have not registered.\n";
    return {};
}

}  // namespace

calendar::Entry entry_for(Event const& event, EntryView const& view) {
    EventDefinition const& definition = event.definition;
    bool const window = definition.schedule.provisional();
    bool const answered_yes =
        view.registration_status == "confirmed" || view.registration_status == "attended" || view.registration_status == "absent";
    std::string const link =
        link_visible_to(definition, view.registration_status, view.registration_mode) && !window ? join_link(definition) : std::string();
    std::string const place = place_in_words(definition);

    calendar::Entry entry;
    entry.uid = event.uid;
    entry.sequence = static_cast<int>(event.sequence);
    entry.first_uid = event.first_uid;
    entry.next_uid = event.next_uid;
    entry.created = event.created;
    entry.last_modified = std::max(event.shown, view.registration_shown);
    entry.alarm_before = view.alarm_before;
    entry.schedule = definition.schedule;
    entry.zone = event.zone;
    entry.url = view.event_url;
    entry.language = definition.locale;
    entry.geo = coordinates_of(definition);
    entry.categories.push_back(definition.kind);
    entry.summary = definition.title;
    // The first line is what every client shows (interop S13).
    std::string text;
    if (!link.empty()) {
        text += "Join: " + link + "\n";
        entry.conference_uri = link;
        entry.conference_label = "Join online";
    } else if (event.link_due && takes_place_online(definition) && !window) {
        text += "The link to join will be here by " + calendar::say_date(*event.link_due, "en") + ".\n";
    }
    entry.location = !place.empty() ? place : link;

    if (auto const* span = std::get_if<calendar::Provisional>(&definition.schedule.when)) {
        entry.summary = calendar::say_window_title(*span, "en") + definition.title;
        text += calendar::say_window_line(*span, "en") + "\n";
        entry.status = calendar::EntryStatus::tentative;
        entry.transparent = true;
    } else if (view.in_feed && !answered_yes && !view.registration_status.empty()) {
        entry.status = calendar::EntryStatus::tentative;
    }
    if (view.registration_status.empty()) entry.transparent = true;
    if (view.registration_status == "waitlisted") text += "You are on the waiting list.\n";
    if (view.in_feed) text += own_answer(view);
    if (event.state == EventState::cancelled) {
        entry.status = calendar::EntryStatus::cancelled;
        entry.transparent = true;
        entry.summary = "CANCELLED: " + definition.title;
        text = event.cancel_reason.empty() ? "" : "Cancelled: " + event.cancel_reason + "\n";
        entry.conference_uri.clear();
        entry.location = place;
    }
    if (!definition.description.empty()) text += (text.empty() ? "" : "\n") + definition.description + "\n";
    text += (text.empty() ? "" : "\n") + view.event_url;
    entry.description = text;
    return entry;
}

bool shows_the_same(Event const& before, Event const& after) {
    auto const text = [](Event const& event) {
        std::vector<calendar::Entry> all;
        for (char const* status : {"", "none", "invited", "pending", "waitlisted", "confirmed"})
            for (char const* mode : {"on-site", "online"}) {
                EntryView view;
                view.registration_status = status;
                view.registration_mode = mode;
                view.in_feed = true;
                all.push_back(entry_for(event, view));
                all.back().last_modified = {};
            }
        return calendar::feed_text({}, all);
    };
    return before.zone == after.zone && text(before) == text(after);
}

}  // namespace convoke::domain
