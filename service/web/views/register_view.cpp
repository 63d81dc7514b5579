#include "service/web/views/register_view.hpp"

#include "service/web/views/choices.hpp"

namespace convoke::web {

namespace {

using domain::RegistrationStatus;

std::string entered(RegisterFacts const& facts, std::string const& name, std::string const& otherwise) {
    auto const found = facts.entered.find(name);
    return found == facts.entered.end() ? otherwise : found->second;
}

Data modes(Reader const& reader, RegisterFacts const& facts) {
    auto const chosen = entered(facts, "mode", facts.own && !facts.own->mode.empty() ? facts.own->mode : "on-site");
    std::vector<Data> all;
    for (std::string const mode : {"on-site", "online"}) {
        Data data;
        data.set("key", mode).set("text", say_mode(reader.say, mode)).set("chosen", mode == chosen);
        all.push_back(data);
    }
    return std::move(Data().set("modes", all));
}

std::vector<Data> questions(Reader const& reader, RegisterFacts const& facts) {
    std::vector<Data> all;
    for (auto const& question : facts.event.definition.registration.questions) {
        Field wanted{.id = question_field(question.id), .label = question.label, .required = question.required};
        std::string before;
        if (facts.own) {
            auto const found = facts.own->answers.find(question.id);
            if (found != facts.own->answers.end()) before = found->second;
        }
        wanted.value = entered(facts, wanted.id, before);
        if (question.sensitive) wanted.help = reader.say("Only the organisers see this answer.");
        if (question.type == "text") {
            wanted.type = "textarea";
            all.push_back(field(wanted, facts.errors));
            continue;
        }
        Options options{{"", reader.say("Please choose")}};
        if (question.type == "boolean") {
            options.emplace_back("true", reader.say("Yes"));
            options.emplace_back("false", reader.say("No"));
        }
        for (auto const& option : question.options) options.emplace_back(option, option);
        all.push_back(select(wanted, options, facts.errors));
    }
    return all;
}

// What the two buttons say; "" leaves one out.
struct Buttons {
    std::string heading, accept, decline;
};
Buttons buttons_for(Reader const& reader, RegisterFacts const& facts) {
    auto const& say = reader.say;
    if (!facts.own || facts.own->status == RegistrationStatus::cancelled || facts.own->status == RegistrationStatus::declined)
        return {say("Take a seat"), say("Register"), ""};
    bool const hybrid = facts.event.definition.format == "hybrid";
    switch (facts.own->status) {
        case RegistrationStatus::invited: return {say("Will you come?"), say("Accept"), say("Decline")};
        case RegistrationStatus::held:
        case RegistrationStatus::offered: return {say("A seat is kept for you"), say("Take the seat"), say("Decline")};
        case RegistrationStatus::attended:
        case RegistrationStatus::absent: return {say("Your registration"), "", ""};
        default: return {say("Your registration"), hybrid ? say("Change how I take part") : "", say("I cannot come")};
    }
}

Data answer_form(Reader const& reader, RegisterFacts const& facts) {
    auto const& say = reader.say;
    auto const buttons = buttons_for(reader, facts);
    bool const holds = facts.own && (domain::takes_seat(facts.own->status) || facts.own->status == RegistrationStatus::waitlisted ||
                                     facts.own->status == RegistrationStatus::pending);
    Data form;
    form.set("answer_heading", buttons.heading).set("accept_label", buttons.accept).set("decline_label", buttons.decline);
    form.set("mode_choice", false);
    if (facts.event.definition.format == "hybrid" && !buttons.accept.empty()) form.set("mode_choice", modes(reader, facts));
    form.set("questions", holds ? std::vector<Data>{} : questions(reader, facts));
    form.set("ask_about_person", !facts.own);
    form.set("name", field({.id = "name", .label = say("Your name"), .value = entered(facts, "name", facts.person->name), .autocomplete = "name"}, facts.errors));
    form.set("organisation", field({.id = "organisation", .label = say("Organisation"), .value = entered(facts, "organisation", facts.person->organisation), .autocomplete = "organization"}, facts.errors));
    form.set("country", select({.id = "country", .label = say("Country"), .value = entered(facts, "country", facts.person->country), .autocomplete = "country"}, country_choices(say), facts.errors));
    return form;
}

}  // namespace

std::string question_field(std::string_view id) { return "answer." + std::string(id); }

std::map<std::string, std::string> register_fields(domain::EventDefinition const& definition) {
    std::map<std::string, std::string> fields{{"/email", "email"}, {"/name", "name"}, {"/organisation", "organisation"}, {"/country", "country"}, {"/mode", "mode"}};
    for (auto const& question : definition.registration.questions) fields["/answers/" + question.id] = question_field(question.id);
    return fields;
}

Data register_view(Reader const& reader, RegisterFacts const& facts) {
    Door const door = door_of(facts.event, reader.now);
    bool const keeps_offer = facts.own && facts.own->status == RegistrationStatus::offered && door == Door::closed;
    bool const holds = facts.own && domain::takes_seat(facts.own->status) && (door == Door::closed || door == Door::not_yet);
    bool const usable = door == Door::open || keeps_offer || holds;
    Data data;
    add_when_panel(data, reader, facts.event);
    add_notice(data, notice_of(reader, facts.event, door));
    facts.errors.put(data);
    data.set("action", facts.action).set("token", facts.token).set("back", true);
    data.set("own_status", false);
    if (facts.own) data.set("own_status", label(tone_of(facts.own->status), say_status(reader.say, facts.own->status)));
    data.set("answer_form", false).set("address_form", false);
    if (usable && facts.person) data.set("answer_form", answer_form(reader, facts));
    std::string const& policy = facts.event.definition.registration.policy;
    bool const everybody = usable && !facts.person && (policy == "open" || policy == "approval");
    data.set("ask_email", false);
    if (everybody) {
        RegisterFacts stranger = facts;
        stranger.person = domain::Person{};
        data.set("answer_form", answer_form(reader, stranger));
        data.set("ask_email", field({.id = "email", .label = reader.say("E-mail address"), .value = entered(facts, "email", ""), .type = "email",
                                     .autocomplete = "email", .required = true}, facts.errors));
    }
    if (usable && !facts.person && !everybody) {
        Data form;
        form.set("email", field({.id = "email", .label = reader.say("E-mail address"), .value = entered(facts, "email", ""), .type = "email",
                                 .autocomplete = "email", .required = true}, facts.errors));
        data.set("address_form", form);
    }
    return data;
}

Data question_view(QuestionFacts const& facts) {
    Data data;
    data.set("words", facts.words).set("action", facts.action).set("button", facts.button).set("token", facts.token);
    data.set("back_href", facts.back_path).set("back_label", facts.back_label).set("fields", facts.fields).set("has_form", facts.possible);
    data.set("event_title", "");
    return data;
}

}  // namespace convoke::web
