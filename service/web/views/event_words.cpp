#include "service/web/views/event_words.hpp"

#include "calendar/series.hpp"
#include "calendar/words.hpp"
#include "service/core/ids.hpp"

#include <array>
#include <chrono>
#include <map>

namespace convoke::web {

namespace {

using domain::Event;
using domain::EventState;
using domain::RegistrationStatus;
using namespace std::chrono;

constexpr std::size_t most_dates = 2000, dates_shown = 30;
constexpr std::array month_names{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

std::string month_name(Phrases const& say, local_days day) {
    return say(month_names[static_cast<unsigned>(year_month_day{day}.month()) - 1]);
}
std::string year_name(local_days day) { return std::to_string(static_cast<int>(year_month_day{day}.year())); }

}  // namespace

std::string event_path(std::int64_t event_id) { return "/e/" + core::format_id(event_id); }

std::string say_kind(Phrases const& say, std::string_view kind) {
    if (kind == "study-visit") return say("Study visit");
    if (kind == "working-group-meeting") return say("Working group meeting");
    if (kind == "plenary") return say("Plenary");
    return say("Event");
}

std::string say_format(Phrases const& say, std::string_view format) {
    if (format == "online") return say("Online");
    if (format == "hybrid") return say("On site and online");
    return say("On site");
}

std::string say_mode(Phrases const& say, std::string_view mode) {
    if (mode.empty()) return {};
    return mode == "online" ? say("Online") : say("On site");
}

std::string say_status(Phrases const& say, RegistrationStatus status) {
    switch (status) {
        case RegistrationStatus::invited: return say("Invited");
        case RegistrationStatus::pending: return say("Awaiting approval");
        case RegistrationStatus::held: return say("Seat held");
        case RegistrationStatus::offered: return say("A seat is offered");
        case RegistrationStatus::confirmed: return say("Registered");
        case RegistrationStatus::waitlisted: return say("On the waiting list");
        case RegistrationStatus::declined: return say("Declined");
        case RegistrationStatus::cancelled: return say("Registration cancelled");
        case RegistrationStatus::attended: return say("Attended");
        case RegistrationStatus::absent: return say("Absent");
    }
    return {};
}

std::string_view tone_of(RegistrationStatus status) {
    switch (status) {
        case RegistrationStatus::confirmed:
        case RegistrationStatus::attended: return "ok";
        case RegistrationStatus::pending:
        case RegistrationStatus::held:
        case RegistrationStatus::offered:
        case RegistrationStatus::waitlisted: return "wait";
        case RegistrationStatus::invited: return "calm";
        default: return "plain";
    }
}

Data label(std::string_view tone, std::string const& text) {
    Data data;
    data.set("tone", tone).set("text", text);
    return data;
}

bool is_over(Event const& event, sys_seconds now) {
    auto const& schedule = event.definition.schedule;
    if (!schedule.recurrence) return calendar::first_span(schedule, event.zone).end <= now;
    return calendar::occurrences(schedule, now, sys_seconds::max(), 1).empty();
}

std::vector<Data> event_labels(Phrases const& say, Event const& event, sys_seconds now) {
    std::vector<Data> labels;
    if (event.state == EventState::draft) labels.push_back(label("wait", say("Draft")));
    if (event.state == EventState::cancelled) labels.push_back(label("stop", say("Cancelled")));
    else if (event.definition.schedule.provisional()) labels.push_back(label("wait", say("Date to be confirmed")));
    labels.push_back(label("calm", say_kind(say, event.definition.kind)));
    labels.push_back(label("plain", say_format(say, event.definition.format)));
    if (event.community_ids.size() > 1) labels.push_back(label("plain", say("Joint event")));
    if (event.state != EventState::cancelled && is_over(event, now)) labels.push_back(label("plain", say("Over")));
    return labels;
}

local_days day_in_list(Event const& event, std::string_view zone, sys_seconds now) {
    auto const& schedule = event.definition.schedule;
    if (auto const* window = std::get_if<calendar::Provisional>(&schedule.when)) return window->earliest;
    if (auto const* days = std::get_if<calendar::AllDay>(&schedule.when); days && !schedule.recurrence) return days->first;
    auto start = calendar::first_span(schedule, event.zone).start;
    if (schedule.recurrence) {
        auto const next = calendar::occurrences(schedule, now, sys_seconds::max(), 1);
        auto const all = next.empty() ? calendar::occurrences(schedule, sys_seconds::min(), now, most_dates) : next;
        if (!all.empty()) start = all.back().span.start;
    }
    return floor<days>(calendar::to_local(start, zone.empty() || schedule.all_day() ? std::string_view(event.zone) : zone).local);
}

void add_date_block(Data& data, Reader const& reader, Event const& event) {
    local_days const day = day_in_list(event, reader.zone, reader.now);
    auto const* window = std::get_if<calendar::Provisional>(&event.definition.schedule.when);
    data.set("window", window != nullptr).set("cancelled", event.state == EventState::cancelled);
    data.set("year", year_name(day));
    if (!window) {
        data.set("day", static_cast<long>(static_cast<unsigned>(year_month_day{day}.day()))).set("month", month_name(reader.say, day));
        return;
    }
    auto const first = month_name(reader.say, window->earliest), last = month_name(reader.say, window->latest);
    data.set("day", reader.say("TBC"));
    data.set("month", first == last ? first : first + "–" + last);
}

void add_times(Data& data, Reader const& reader, Event const& event) {
    auto const& zone = reader.zone.empty() ? event.zone : reader.zone;
    auto const words = calendar::say_when(event.definition.schedule, zone, reader.say.language(), reader.now);
    data.set("reader_clock", words.reader_clock).set("event_clock", words.event_clock).set("notes", words.notes);
    data.set("machine", words.machine).set("when", words.brief);
}

void add_series_dates(Data& data, Reader const& reader, Event const& event) {
    auto const& schedule = event.definition.schedule;
    std::vector<Data> dates;
    long left = 0;
    data.set("is_series", schedule.recurrence.has_value());
    if (!schedule.recurrence) return;
    auto const& zone = reader.zone.empty() ? event.zone : reader.zone;
    auto const& overrides = schedule.recurrence->overrides;
    auto const add = [&](calendar::local_seconds id, std::string const& note, bool gone) {
        if (dates.size() == dates_shown) {
            ++left;
            return;
        }
        auto const words = calendar::say_when(calendar::schedule_of_date(schedule, id), zone, reader.say.language(), reader.now);
        Data date;
        date.set("text", words.reader_clock).set("note", note).set("gone", gone);
        dates.push_back(date);
    };
    // By the hour of each, dropped ones at the hour they had.
    std::map<sys_seconds, calendar::local_seconds> shown;
    for (auto const& date : calendar::occurrences(schedule, reader.now, sys_seconds::max(), most_dates)) shown.emplace(date.span.start, date.id);
    for (auto const& [id, change] : overrides)
        if (auto const start = calendar::to_instant(id, event.zone); change.excluded && start > reader.now) shown.emplace(start, id);
    for (auto const& [start, id] : shown) {
        auto const change = overrides.find(id);
        if (change == overrides.end()) add(id, {}, false);
        else if (change->second.excluded) add(id, reader.say("does not take place"), true);
        else add(id, change->second.title.value_or(change->second.start ? reader.say("moved") : std::string()), false);
    }
    data.set("dates", dates);
    data.set("dates_left", left == 0 ? std::string() : reader.say.with("and {n} more", {{"n", std::to_string(left)}}));
}

Data event_item(Reader const& reader, Event const& event) {
    Data data;
    add_date_block(data, reader, event);
    add_times(data, reader, event);
    data.set("href", event_path(event.id)).set("title", event.definition.title).set("locale", event.definition.locale);
    data.set("place", domain::place_in_words(event.definition)).set("labels", event_labels(reader.say, event, reader.now));
    std::string topics;
    for (auto const& code : event.definition.topics) topics += (topics.empty() ? "" : ", ") + code;
    data.set("topics_line", topics);
    return data;
}

void add_when_panel(Data& data, Reader const& reader, Event const& event) {
    add_times(data, reader, event);
    data.set("event_href", event_path(event.id)).set("event_title", event.definition.title);
    data.set("locale", event.definition.locale).set("place", domain::place_in_words(event.definition));
}

}  // namespace convoke::web
