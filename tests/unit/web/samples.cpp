#include "tests/unit/web/samples.hpp"

namespace samples {

namespace {

domain::Event event(std::int64_t id, std::string kind, std::string format, std::string title, calendar::Schedule schedule) {
    domain::Event made;
    made.id = id;
    made.uid = "sample-" + std::to_string(id) + "@events.example";
    made.definition.communities = {"cop-demo"};
    made.definition.kind = std::move(kind);
    made.definition.format = std::move(format);
    made.definition.title = std::move(title);
    made.definition.schedule = std::move(schedule);
    made.community_ids = {1};
    made.community_names = {"Community of Practice on Integration"};
    made.zone = calendar::zone_of(made.definition.schedule);
    if (made.zone.empty()) made.zone = "Europe/Brussels";
    made.state = domain::EventState::published;
    return made;
}

calendar::Schedule at(local_seconds start, std::string zone, seconds duration) { return {calendar::Fixed{start, std::move(zone), {0, duration}}, {}}; }

}  // namespace

domain::Community community() {
    domain::Community made;
    made.id = 1;
    made.slug = "cop-demo";
    made.name = "Community of Practice on Integration";
    made.time_zone = "Europe/Brussels";
    made.language = "en";
    made.contact_email = "secretariat@convoke.example";
    return made;
}

domain::Programme programme() {
    domain::Programme made;
    made.title = "Work programme 2026";
    made.period = "2026";
    made.objectives = {{"01", "Labour market integration and retention",
                        {{"01 PT 01", "Education, orientation training and recognition of skills"}, {"01 PT 02", "Fair recruitment, matching of skills and retention"}}},
                       {"02", "Well-being and social inclusion", {{"02 PT 01", "Empowering members of the community"}}}};
    made.outputs = {{"Background note", "Matching services to needs at different stages", "April", {}}, {"Guidance document", "Mapping interventions", "November/December", {}}};
    return made;
}

domain::Event online_event() {
    auto made = event(101, "event", "online", "From service provision to empowerment", at(local_days(2026y / June / 17) + 10h, "Europe/Brussels", 150min));
    made.definition.description = "Three projects show how people who once received a service came to shape it.\n\nThere is time for your questions in small groups.";
    made.definition.virtual_locations["1"] = {"Plenary room", "https://meet.example/secret-room"};
    made.definition.interpretation = {"fr", "it"};
    made.definition.topics = {"01 PT 01", "02 PT 01"};
    return made;
}

domain::Event study_visit() {
    auto made = event(102, "study-visit", "on-site", "Labour market paths", {calendar::AllDay{local_days(2026y / May / 21), 2, "Europe/Rome"}, {}});
    made.definition.locations["1"] = {"Palazzo di Città", "Via Roma 1, Salerno", "geo:40.68,14.76"};
    made.definition.topics = {"01 PT 02"};
    return made;
}

domain::Event provisional_event() {
    return event(103, "event", "online", "Preventing exclusion through new activities", {calendar::Provisional{local_days(2026y / October / 1), local_days(2026y / October / 31)}, {}});
}

domain::Event hybrid_event() {
    auto made = event(104, "plenary", "hybrid", "Annual plenary", at(local_days(2026y / March / 31) + 9h, "Europe/Athens", 8h));
    made.definition.locations["1"] = {"Megaron", "Athens", ""};
    made.definition.virtual_locations["1"] = {"", "https://meet.example/secret-plenary"};
    auto& rules = made.definition.registration;
    rules.capacity_on_site = 40;
    rules.capacity_online = 300;
    rules.waitlist = true;
    rules.closes = local_days(2026y / March / 20) + 18h;
    rules.questions = {{"diet", "text", "Dietary needs", false, true, {}}, {"track", "choice", "Which workshop?", true, false, {"Skills", "Housing"}}};
    return made;
}

domain::Event past_event() {
    auto made = event(105, "working-group-meeting", "online", "Working group: taking stock", at(local_days(2025y / November / 12) + 14h, "Europe/Brussels", 90min));
    made.state = domain::EventState::completed;
    return made;
}

domain::Event cancelled_event() {
    auto made = event(106, "event", "on-site", "Visit to a reception centre", at(local_days(2026y / April / 14) + 9h, "Europe/Dublin", 6h));
    made.state = domain::EventState::cancelled;
    made.cancel_reason = "The host is not available.";
    return made;
}

std::vector<domain::Event> year_of_events() { return {online_event(), study_visit(), provisional_event(), hybrid_event(), past_event(), cancelled_event()}; }

domain::Person person() {
    domain::Person made;
    made.id = 7;
    made.email = "aoife.byrne@member.example";
    made.name = "Aoife Byrne";
    made.organisation = "City of Cork";
    made.country = "IE";
    made.language = "en";
    made.time_zone = "Europe/Dublin";
    return made;
}

domain::Registration registration(domain::Event const& event, domain::RegistrationStatus status) {
    domain::Registration made;
    made.id = 900 + event.id;
    made.event_id = event.id;
    made.person_id = 7;
    made.status = status;
    made.mode = status == domain::RegistrationStatus::invited ? "" : event.definition.format == "online" ? "online" : "on-site";
    made.email = person().email;
    made.name = person().name;
    made.organisation = person().organisation;
    made.country = "IE";
    if (status == domain::RegistrationStatus::waitlisted) made.position = 3;
    return made;
}

std::vector<domain::OutboxMail> mails(domain::Event const& event) {
    std::vector<domain::OutboxMail> all;
    for (auto const& [state, error] : {std::pair{"sent", ""}, {"pending", "450 4.2.1 mailbox busy, will try again"}, {"failed", "550 5.1.1 no such user"}}) {
        domain::OutboxMail mail;
        mail.id = static_cast<std::int64_t>(all.size()) + 1;
        mail.kind = "invitation";
        mail.event_id = event.id;
        mail.recipient = "member" + std::to_string(mail.id) + "@member.example";
        mail.state = state;
        mail.due = now;
        mail.attempts = static_cast<std::int64_t>(all.size()) + 1;
        mail.last_error = error;
        if (mail.state == "sent") mail.sent = now + 3s;
        all.push_back(mail);
    }
    return all;
}

}  // namespace samples
