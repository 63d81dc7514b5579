#include "service/web/views/organise_view.hpp"

#include "calendar/words.hpp"
#include "service/core/ids.hpp"
#include "service/domain/country.hpp"
#include "service/web/views/choices.hpp"
#include "service/web/views/desk_notes.hpp"
#include "service/web/views/split_series.hpp"

namespace convoke::web {

namespace {

using domain::Event;
using domain::EventState;
using domain::RegistrationStatus;

Data state_label(Phrases const& say, Event const& event, sys_seconds now) {
    if (event.state == EventState::cancelled) return label("stop", say("Cancelled"));
    if (event.state == EventState::draft) return label("wait", say("Draft"));
    if (event.state == EventState::completed || is_over(event, now)) return label("plain", say("Over"));
    return label("ok", say("Published"));
}

std::string registrations_line(Phrases const& say, Figures const& figures) {
    std::string line;
    auto const part = [&](std::int64_t n, std::string_view words) {
        if (n > 0) line += (line.empty() ? "" : ", ") + say.with(words, {{"n", std::to_string(n)}});
    };
    part(figures.confirmed, "{n} registered");
    part(figures.invited, "{n} invited");
    part(figures.waitlisted, "{n} waiting");
    part(figures.pending, "{n} to decide");
    part(figures.declined, "{n} declined");
    return line.empty() ? say("none yet") : line;
}

std::string mails_line(Phrases const& say, Figures const& figures) {
    std::string line;
    auto const part = [&](std::int64_t n, std::string_view words) {
        if (n > 0) line += (line.empty() ? "" : ", ") + say.with(words, {{"n", std::to_string(n)}});
    };
    part(figures.mails_failed, "{n} failed");
    part(figures.mails_open, "{n} under way");
    part(figures.mails_sent, "{n} sent");
    return line.empty() ? say("none yet") : line;
}

std::string link_words(Phrases const& say, Event const& event) {
    bool const needs = domain::takes_place_online(event.definition) && domain::join_link(event.definition).empty() &&
                       (event.state == EventState::published || event.state == EventState::draft) && !event.definition.schedule.provisional();
    if (!needs) return {};
    if (!event.link_due) return say("Link missing");
    return say.with("Link due by {date}", {{"date", calendar::say_date(*event.link_due, say.language())}});
}

std::string say_mail_kind(Phrases const& say, std::string const& kind) {
    if (kind == "invitation") return say("Invitation");
    if (kind == "update") return say("Update");
    if (kind == "cancellation") return say("Cancellation");
    if (kind == "confirmation") return say("Confirmation");
    if (kind == "waitlisted") return say("Waiting list");
    if (kind == "offer") return say("Offer of a seat");
    if (kind == "reminder") return say("Reminder");
    if (kind == "sign-in") return say("Sign-in link");
    return kind;
}

std::pair<std::string, std::string> say_mail_state(Phrases const& say, std::string const& state) {
    if (state == "sent") return {"ok", say("Sent")};
    if (state == "failed") return {"stop", say("Failed")};
    if (state == "superseded") return {"plain", say("Not needed any more")};
    return {"wait", state == "sending" ? say("Being sent") : say("Waiting")};
}

Data registration_row(Phrases const& say, OrganiseEventFacts const& facts, domain::Registration const& registration) {
    Data row;
    row.set("name", registration.name.empty() ? registration.email : registration.name).set("email", registration.email);
    row.set("organisation", registration.organisation).set("country", domain::country_name(registration.country));
    row.set("status", say_status(say, registration.status)).set("tone", tone_of(registration.status)).set("mode", say_mode(say, registration.mode));
    row.set("position", registration.position ? std::to_string(*registration.position) : std::string());
    std::vector<Data> actions;
    auto const action = [&](std::string_view key, std::string const& text) {
        Data data;
        data.set("href", organise_path(facts.slug, facts.event.id) + "/registrations/" + core::format_id(registration.id)).set("key", key).set("text", text);
        actions.push_back(data);
    };
    if (registration.status == RegistrationStatus::pending) action("approve", say("Approve"));
    bool const ahead = facts.event.state == EventState::published;
    if (ahead && (domain::takes_seat(registration.status) || registration.status == RegistrationStatus::waitlisted ||
                  registration.status == RegistrationStatus::pending))
        action("cancel", say("Cancel"));
    row.set("actions", actions);
    return row;
}

Data mail_row(Reader const& reader, std::string const& zone, domain::OutboxMail const& mail) {
    auto const [tone, state] = say_mail_state(reader.say, mail.state);
    Data row;
    row.set("recipient", mail.recipient).set("kind", say_mail_kind(reader.say, mail.kind)).set("state", state).set("tone", tone);
    row.set("attempts", std::to_string(mail.attempts)).set("error", mail.last_error);
    row.set("time", calendar::say_instant(mail.sent.value_or(mail.due), zone, reader.say.language()));
    return row;
}

std::vector<Data> figure_list(Phrases const& say, Figures const& figures) {
    std::vector<Data> all;
    auto const add = [&](std::int64_t n, std::string const& text) {
        Data data;
        data.set("number", std::to_string(n)).set("text", text);
        all.push_back(data);
    };
    add(figures.confirmed, say("registered"));
    add(figures.invited, say("invited, no answer yet"));
    add(figures.waitlisted, say("on the waiting list"));
    add(figures.pending, say("to decide"));
    add(figures.declined + figures.cancelled, say("declined or cancelled"));
    add(figures.mails_sent, say("mails sent"));
    add(figures.mails_open, say("mails under way"));
    add(figures.mails_failed, say("mails failed"));
    return all;
}

}  // namespace

std::string organise_path(std::string_view slug) { return "/organise/" + std::string(slug); }
std::string organise_path(std::string_view slug, std::int64_t event_id) { return organise_path(slug) + "/e/" + core::format_id(event_id); }

Data organise_community_view(Reader const& reader, std::string const& slug, std::vector<OrganisedEvent> const& events,
                             std::vector<Data> const& webhooks) {
    std::vector<Data> ahead, past;
    for (auto const& [event, figures] : events) {
        Data row = state_label(reader.say, event, reader.now);
        row.set("state", event.state == EventState::published && event.definition.schedule.provisional() && !is_over(event, reader.now)
                             ? reader.say("Published, date to be confirmed")
                             : reader.say(event.state == EventState::cancelled ? "Cancelled" : event.state == EventState::draft ? "Draft"
                                          : is_over(event, reader.now) || event.state == EventState::completed ? "Over" : "Published"));
        auto const words = calendar::say_when(event.definition.schedule, reader.zone.empty() ? event.zone : reader.zone, reader.say.language(), reader.now);
        row.set("href", organise_path(slug, event.id)).set("title", event.definition.title).set("locale", event.definition.locale);
        row.set("when", words.brief).set("link_words", link_words(reader.say, event));
        row.set("registrations", registrations_line(reader.say, figures)).set("mails", mails_line(reader.say, figures));
        (is_over(event, reader.now) ? past : ahead).push_back(row);
    }
    std::vector<Data> groups;
    auto const group = [&](std::string const& heading, std::vector<Data> const& rows) {
        if (rows.empty()) return;
        Data data;
        data.set("heading", heading).set("events", rows);
        groups.push_back(data);
    };
    group(reader.say("Ahead"), ahead);
    group(reader.say("Past events"), past);
    return std::move(Data()
                         .set("groups", groups)
                         .set("has_groups", !groups.empty())
                         .set("members_href", organise_path(slug) + "/members")
                         .set("webhooks", webhooks)
                         .set("has_webhooks", !webhooks.empty()));
}

Data organise_event_view(Reader const& reader, OrganiseEventFacts const& facts) {
    auto const& event = facts.event;
    auto const path = organise_path(facts.slug, event.id);
    bool const over = event.state == EventState::completed || is_over(event, reader.now);
    bool const open = !over && event.state != EventState::cancelled;
    Data data;
    add_times(data, reader, event);
    data.set("labels", event_labels(reader.say, event, reader.now)).set("place", domain::place_in_words(event.definition));
    data.set("link_words", link_words(reader.say, event)).set("event_href", event_path(event.id));
    data.set("publish_href", event.state == EventState::draft && open ? path + "/publish" : std::string());
    data.set("fix_href", event.definition.schedule.provisional() && open ? path + "/date" : std::string());
    bool const divisible = open && event.definition.schedule.recurrence && !dates_to_offer(event.definition.schedule, reader.now).empty();
    data.set("split_href", divisible ? path + "/split" : std::string());
    data.set("cancel_href", open ? path + "/cancel" : std::string());
    data.set("figures", figure_list(reader.say, facts.figures));

    std::vector<Data> registrations, mails;
    for (auto const& registration : facts.registrations) registrations.push_back(registration_row(reader.say, facts, registration));
    auto const& zone = reader.zone.empty() ? event.zone : reader.zone;
    for (auto const& mail : facts.mails) mails.push_back(mail_row(reader, zone, mail));
    data.set("registrations", registrations).set("has_registrations", !registrations.empty()).set("more_registrations", facts.more_registrations);
    auto const warnings = event.state == EventState::cancelled ? std::vector<std::string>() : schedule_notes(reader.say, event);
    data.set("warnings", warnings).set("has_warnings", !warnings.empty());
    data.set("answers", answer_rows(reader, zone, facts.answers)).set("has_answers", !facts.answers.empty()).set("more_answers", facts.more_answers);
    bool const automatic = facts.automatic_answers > 0;
    data.set("any_answers", automatic || !facts.answers.empty());
    data.set("automatic_answers", automatic ? reader.say.with("Automatic replies, such as out of office: {n}. Nothing needs to be done about them.",
                                                              {{"n", std::to_string(facts.automatic_answers)}})
                                            : std::string());
    data.set("mails", mails).set("has_mails", !mails.empty()).set("more_mails", facts.more_mails);
    return data;
}

std::map<std::string, std::string> fix_date_fields() {
    return {{"/start", "date"}, {"/timeZone", "zone"}, {"/duration", "duration"}, {"/virtualLocations", "link"}, {"/linkDue", "link_due"}};
}

Data fix_date_view(Reader const& reader, FixDateFacts const& facts) {
    auto const& say = reader.say;
    auto const& event = facts.event;
    auto const value = [&](std::string const& name, std::string const& otherwise) {
        auto const found = facts.entered.find(name);
        return found == facts.entered.end() ? otherwise : found->second;
    };
    std::string earliest;
    if (auto const* window = std::get_if<calendar::Provisional>(&event.definition.schedule.when)) earliest = calendar::format_date(window->earliest);
    bool const online = domain::takes_place_online(event.definition);
    Data data;
    add_when_panel(data, reader, event);
    data.set("action", organise_path(facts.slug, event.id) + "/date").set("revision", static_cast<long>(event.revision));
    data.set("explanation", event.state == EventState::draft
                                ? say("The event is a draft: nobody is told until you publish it.")
                                : say("As soon as you fix the date, every member gets an invitation with the exact time on their own clock."));
    data.set("date", field({.id = "date", .label = say("Date"), .value = value("date", earliest), .help = event.definition.schedule.provisional() ? calendar::say_window(std::get<calendar::Provisional>(event.definition.schedule.when), say.language()) : std::string(), .type = "date", .required = true}, facts.errors));
    data.set("time", field({.id = "time", .label = say("Start"), .value = value("time", "10:00"), .help = say("24 hours, for example 09:30"), .required = true}, facts.errors));
    data.set("zone", select({.id = "zone", .label = say("On the clock of"), .value = value("zone", event.zone), .required = true}, zone_choices(value("zone", event.zone)), facts.errors));
    data.set("duration", field({.id = "duration", .label = say("Duration in hours and minutes"), .value = value("duration", "2:00"),
                                .help = say("For example 2:30"), .required = true, .is_short = true}, facts.errors));
    data.set("link", false).set("link_due", false);
    if (online) {
        data.set("link", field({.id = "link", .label = say("Link to join"), .value = value("link", domain::join_link(event.definition)),
                                .help = say("Only invited and registered people see it."), .type = "url"}, facts.errors));
        data.set("link_due", field({.id = "link_due", .label = say("If there is no link yet: the day by which it will be there"),
                                    .value = value("link_due", event.link_due ? calendar::format_date(*event.link_due) : ""),
                                    .help = say("Every mail then says so, and the service watches the day."), .type = "date"}, facts.errors));
    }
    data.set("button", event.state == EventState::draft ? say("Fix the date") : say("Fix the date and invite"));
    data.set("back_href", organise_path(facts.slug, event.id)).set("back_label", say("Back"));
    facts.errors.put(data);
    return data;
}

}  // namespace convoke::web
