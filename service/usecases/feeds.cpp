#include "service/usecases/feeds.hpp"

#include "service/store/communities.hpp"
#include "service/store/change_log.hpp"
#include "service/store/events.hpp"
#include "service/store/people.hpp"
#include "service/store/standings.hpp"
#include "service/usecases/audit.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/events.hpp"
#include "service/usecases/persons.hpp"

#include <algorithm>

namespace convoke::usecases {

namespace {

constexpr std::string_view colour = "darkblue";
constexpr std::chrono::days looks_back{92};
constexpr std::chrono::days cancelled_stay{30};

// Whole days, so that a feed does not change its contents (and its bytes) every second.
sys_seconds day_of(sys_seconds now) { return std::chrono::floor<std::chrono::days>(now); }

std::optional<calendar::seconds> alarm_of(std::string const& chosen) {
    for (auto const& [name, before] : feed_alarms)
        if (!chosen.empty() && chosen == name) return before;
    return std::nullopt;
}

Failure no_such_feed() { return Failure(errc::not_found, "there is no such feed"); }

void finish(CalendarView& view) {
    view.head.colour = colour;
    // No UID of the calendar itself (RFC 7986 §5.3): vdirsyncer takes it for that of every entry and keeps one of them.
    for (calendar::Entry const& entry : view.entries)
        view.head.last_modified = std::max(view.head.last_modified, entry.last_modified);
}

}  // namespace

result<CalendarView> feed_of_person(Transaction& tx, Context const& context, std::string_view token) {
    auto const person_id = feed_token_subject(token);
    if (!person_id) return no_such_feed();
    auto const person = store::find_person(tx, *person_id);
    if (!person || !same_token(feed_token(context.instance, person->id, person->feed_version), token)) return no_such_feed();

    auto const own = store::standings_of_person(tx, person->id);
    sys_seconds const today = day_of(context.now);
    std::optional<calendar::seconds> const alarm = alarm_of(person->feed_alarm);
    CalendarView view;
    view.head.last_modified = person->feed_changed;
    view.head.name = "Convoke";
    view.head.description = "Your events";
    view.head.zone = person->time_zone;
    view.head.url = context.instance.base_url + "/me";
    view.head.language = person->language;
    for (domain::Event const& event : store::events_for_person(tx, person->id, today - looks_back, today - cancelled_stay)) {
        auto const registration = own.find(event.id);
        domain::EntryView entry;
        entry.in_feed = true;
        entry.event_url = event_url(context.instance, event.id);
        entry.registration_status = "none";
        if (registration != own.end()) {
            auto const status = registration->second.status;
            // Who said no does not want it in the calendar (interop F10).
            if (status == domain::RegistrationStatus::declined || status == domain::RegistrationStatus::cancelled) {
                view.head.last_modified = std::max(view.head.last_modified, registration->second.shown);
                continue;
            }
            entry.registration_status = name_of(status);
            entry.registration_mode = registration->second.mode;
            entry.registration_shown = registration->second.shown;
        }
        if (event.definition.schedule.provisional() && !person->provisional_in_feed) continue;
        entry.alarm_before = alarm;
        view.entries.push_back(domain::entry_for(event, entry));
    }
    finish(view);
    return view;
}

result<CalendarView> feed_of_community(Transaction& tx, Context const& context, std::string_view slug) {
    auto const community = store::find_community(tx, slug);
    if (!community) return no_such_feed();
    sys_seconds const today = day_of(context.now);
    CalendarView view;
    view.head.name = community->name;
    view.head.description = "Events of " + community->name;
    view.head.zone = community->time_zone;
    view.head.url = context.instance.base_url + "/c/" + community->slug;
    view.head.language = community->language;
    view.head.last_modified = community->updated;
    for (domain::Event const& event : store::events_for_community(tx, community->id, today - looks_back, today - cancelled_stay)) {
        domain::EntryView entry;
        entry.in_feed = true;
        entry.event_url = event_url(context.instance, event.id);
        view.entries.push_back(domain::entry_for(event, entry));
    }
    finish(view);
    return view;
}

result<CalendarView> feed_of_event(Transaction& tx, Context const& context, std::int64_t event_id) {
    CONVOKE_TRY(event, find_event(tx, context, event_id));
    domain::EntryView entry;
    entry.in_feed = true;
    entry.event_url = event_url(context.instance, event.id);
    CalendarView view;
    view.head.name = event.definition.title;
    view.head.description = event.community_names.empty() ? "" : "An event of " + event.community_names.front();
    view.head.zone = event.zone;
    view.head.url = entry.event_url;
    view.head.language = event.definition.locale;
    view.entries.push_back(domain::entry_for(event, entry));
    finish(view);
    return view;
}

bool is_feed_choice(FeedChoices const& choices) { return choices.alarm.empty() || alarm_of(choices.alarm); }

result<domain::Person> choose_feed(Transaction& tx, Context const& context, std::int64_t person_id, FeedChoices const& choices) {
    bool const own = context.actor.kind == domain::Actor::Kind::person && context.actor.id == person_id;
    if (!own && !context.actor.admin) return Failure(errc::not_found, "there is no such person");
    if (!is_feed_choice(choices)) return fault_at("/alarm", errc::invalid_value, "PT15M, PT1H, P1D or nothing");
    auto person = store::find_person(tx, person_id);
    if (!person) return Failure(errc::not_found, "there is no such person");
    if (person->provisional_in_feed == choices.provisional && person->feed_alarm == choices.alarm) return *std::move(person);
    person->provisional_in_feed = choices.provisional;
    person->feed_alarm = choices.alarm;
    person->feed_changed = std::max(context.now, person->feed_changed + std::chrono::seconds(1));
    store::update_person(tx, *person);
    store::log_change(tx, context.now, origin_of(context), "person.choose-feed", {}, {}, person->id, "");
    return *std::move(person);
}

void note_fetches(Transaction& tx, std::span<FeedFetch const> fetches) {
    for (FeedFetch const& fetch : fetches) {
        // Erased meanwhile: nothing is held about them any more.
        auto const person = store::find_person(tx, fetch.person_id);
        if (person && !is_erased(*person)) store::note_feed_fetch(tx, fetch);
    }
}

std::optional<FeedFetch> last_fetch(Transaction& tx, std::int64_t person_id) { return store::find_feed_fetch(tx, person_id); }

}  // namespace convoke::usecases
