#include "service/domain/demo/demo_events.hpp"

#include <array>

namespace convoke::domain::demo {
namespace {

using namespace std::chrono;

// A working day for meetings: the first Tuesday on or after `day`, or so many days behind it.
local_days tuesday(local_days day, int days_later = 0) {
    return day + (Tuesday - weekday(day)) + days{days_later};
}

local_days last_day_of_month(local_days first) { return months_after(first, 1) - days{1}; }

EventDefinition event(std::string const& community, std::string kind, std::string format, std::string title, std::string description) {
    EventDefinition definition;
    definition.communities = {community};
    definition.kind = std::move(kind);
    definition.format = std::move(format);
    definition.title = std::move(title);
    definition.description = std::move(description);
    return definition;
}

Schedule fixed(local_days day, int hour, Duration duration) {
    return {calendar::Fixed{local_seconds(day) + hours{hour}, "Europe/Brussels", duration}, {}};
}

Schedule window(local_days earliest, local_days latest) { return {calendar::Provisional{earliest, latest}, {}}; }

void link(EventDefinition& definition, std::string const& room) {
    definition.virtual_locations["1"] = {"Online meeting room", "https://meet.convoke.example/" + room};
}

DemoEvent past_plenary(local_days today, std::string const& community) {
    auto definition = event(community, "plenary", "online", "Opening plenary: what we want to find out this year",
                            "Members chose the topics of the year and said which visits would help them most.");
    definition.schedule = fixed(tuesday(today - days{150}), 10, {0, hours{2}});
    definition.topics = {"01 PT 01", "02 PT 01", "03 PT 02"};
    link(definition, "opening-plenary");
    return {definition, EventState::completed, "demo/opening-plenary"};
}

DemoEvent past_visit(local_days today, std::string const& community) {
    auto definition = event(community, "study-visit", "on-site", "From reception to a lease: a city shows its first-homes desk",
                            "Two days with the people who find, furnish and accompany first homes.");
    definition.schedule = {calendar::AllDay{tuesday(today - days{96}, 1), 2, "Europe/Lisbon"}, {}};
    definition.locations["1"] = {"Casa da Vizinhança", "Rua do Poço Novo 14, Setúbal, Portugal", "geo:38.524,-8.893"};
    definition.topics = {"01 PT 02"};
    definition.registration.capacity_on_site = 30;
    return {definition, EventState::completed, "demo/first-homes-visit"};
}

DemoEvent past_online(local_days today, std::string const& community) {
    auto definition = event(community, "event", "online", "Simplified costs for housing support: questions and answers",
                            "Worked examples of unit costs, with time for the questions members sent in.");
    definition.schedule = fixed(tuesday(today - days{44}, 2), 14, {0, hours{2}});
    definition.topics = {"03 PT 01"};
    definition.interpretation = {"fr", "pl"};
    link(definition, "simplified-costs");
    return {definition, EventState::completed, "demo/simplified-costs"};
}

DemoEvent next_online(local_days today, std::string const& community) {
    auto definition = event(community, "event", "online", "Letting without prejudice: what works with landlords",
                            "Three practices against discrimination in letting, each with the people who run it and those it was made for. "
                            "Half of the time is kept for discussion in small groups.");
    definition.schedule = fixed(tuesday(today + days{19}, 2), 10, {0, hours{2} + minutes{30}});
    definition.topics = {"01 PT 01"};
    definition.interpretation = {"fr", "it"};
    link(definition, "letting-without-prejudice");
    return {definition, EventState::published, "demo/letting-without-prejudice"};
}

DemoEvent group_meeting(local_days today, std::string const& community, std::string const& working_group) {
    auto definition = event(community, "working-group-meeting", "online", "Working Group Meeting: draft of the background note",
                            "The group goes through the draft of the background note, chapter by chapter.");
    definition.schedule = fixed(tuesday(today + days{34}, 1), 14, {0, hours{1} + minutes{30}});
    definition.topics = {"01 PT 02"};
    definition.working_group = working_group;
    link(definition, "first-homes-group");
    return {definition, EventState::published, "demo/working-group-draft"};
}

DemoEvent study_visit(local_days today, std::string const& community) {
    auto definition = event(community, "study-visit", "on-site", "Neighbours by design: a harbour quarter and its tenants' council",
                            "Members see how a tenants' council, a town hall and a managing authority plan, pay for and run one quarter together. "
                            "Lunches and the way between the sites are provided; travel and hotel are booked by the participants.");
    local_days const first = tuesday(today + days{60}, 1);
    definition.schedule = {calendar::AllDay{first, 2, "Europe/Athens"}, {}};
    definition.locations["1"] = {"Old Customs House", "Limenos 3, Kavala, Greece", "geo:40.935,24.412"};
    definition.topics = {"02 PT 01", "03 PT 02"};
    definition.registration.capacity_on_site = 40;
    definition.registration.per_organisation = 2;
    definition.registration.per_country = 4;
    definition.registration.waitlist = true;
    definition.registration.closes = local_seconds(first - days{21}) + hours{18};
    definition.registration.questions = {{"diet", "text", "Dietary needs", false, true, {}}, {"access", "text", "What you need to take part fully", false, true, {}}};
    return {definition, EventState::published, "demo/harbour-quarter"};
}

DemoEvent month_window(local_days today, std::string const& community) {
    auto definition = event(community, "event", "online", "Children first: schools and housing offices at one table",
                            "What a move means for a child's school year, and how two administrations can plan it together.");
    local_days const first = months_after(today, 3);
    definition.schedule = window(first, last_day_of_month(first));
    definition.topics = {"02 PT 02"};
    return {definition, EventState::published, "demo/children-first"};
}

DemoEvent days_window(local_days today, std::string const& community) {
    auto definition = event(community, "event", "online", "Writing the call: panel with four managing authorities",
                            "Four calls for housing with support, read line by line by those who wrote them and those who applied.");
    local_days const first = months_after(today, 4);
    definition.schedule = window(first, first + days{11});
    definition.topics = {"03 PT 01", "03 PT 02"};
    return {definition, EventState::published, "demo/writing-the-call"};
}

DemoEvent joint_window(local_days today, std::string const& community) {
    auto definition = event(community, "event", "on-site", "A home and a trade: joint event on apprenticeships in renovation",
                            "With the Community of Practice on Local Skills: empty houses, apprentices who renovate them, and who may live there afterwards.");
    local_days const first = months_after(today, 5);
    definition.schedule = window(first, last_day_of_month(months_after(today, 6)));
    definition.topics = {"01 PT 02", "03 PT 02"};
    definition.registration.capacity_on_site = 60;
    return {definition, EventState::published, "demo/home-and-trade"};
}

DemoEvent quarter_window(local_days today, std::string const& community) {
    auto definition = event(community, "plenary", "hybrid", "Closing plenary: what we found out", "The guidance document is presented and the next programme begun.");
    // The first quarter that begins after the joint event's window.
    local_days first = months_after(today, 7);
    while ((static_cast<unsigned>(year_month_day(first).month()) - 1) % 3 != 0) first = months_after(first, 1);
    definition.schedule = window(first, last_day_of_month(months_after(first, 2)));
    definition.topics = {"01 PT 01", "02 PT 01", "02 PT 02", "03 PT 01"};
    return {definition, EventState::published, "demo/closing-plenary"};
}

}  // namespace

local_days months_after(local_days day, int months) {
    year_month_day const date(day);
    return local_days((date.year() / date.month() + std::chrono::months{months}) / 1);
}

std::string say_month(local_days day) {
    static constexpr std::array<std::string_view, 12> names = {"January", "February", "March",     "April",   "May",      "June",
                                                               "July",    "August",   "September", "October", "November", "December"};
    year_month_day const date(day);
    return std::string(names[static_cast<unsigned>(date.month()) - 1]) + " " + std::to_string(static_cast<int>(date.year()));
}

std::vector<DemoEvent> demo_events(local_days today, std::string const& community, std::string const& working_group) {
    return {past_plenary(today, community),  past_visit(today, community),  past_online(today, community),
            next_online(today, community),   group_meeting(today, community, working_group), study_visit(today, community),
            month_window(today, community),  days_window(today, community), joint_window(today, community),
            quarter_window(today, community)};
}

}  // namespace convoke::domain::demo
