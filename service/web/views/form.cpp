#include "service/web/views/form.hpp"

namespace convoke::web {

using rendering::Data;

namespace {

Data common(Field const& field, FormErrors const& errors) {
    auto const error = errors.of(field.id);
    std::string described;
    if (!field.help.empty()) described = field.id + "-help";
    if (!error.empty()) described += (described.empty() ? "" : " ") + field.id + "-error";
    Data data;
    data.set("id", field.id).set("label", field.label).set("value", field.value).set("help", field.help).set("error", error);
    data.set("type", field.type).set("autocomplete", field.autocomplete).set("placeholder", field.placeholder);
    data.set("required", field.required).set("short", field.is_short).set("described", described);
    data.set("long", false).set("line", false).set("choices", false);
    return data;
}

std::string say_failure(Phrases const& say, errc code, std::string const& detail) {
    switch (code) {
        case errc::required: return say("Please fill this in.");
        case errc::email_invalid: return say("This is not an e-mail address. One looks like name@organisation.eu.");
        case errc::event_full: return say("All seats are taken.");
        case errc::already_registered: return say("You are registered already.");
        case errc::registration_closed: return say("Registration is closed.");
        case errc::event_cancelled: return say("This event is cancelled");
        case errc::event_provisional: return say("The date is not fixed yet");
        case errc::limit_reached: return say("All seats for your organisation or country are taken.");
        case errc::forbidden: return say("Registration for this event is for its members or by invitation.");
        case errc::link_missing: return say("An online event needs its link to join. Enter it, or the day by which it will be there.");
        case errc::changed_meanwhile: return say("Somebody else has changed this meanwhile. Look at it again and repeat your change.");
        default: return detail;
    }
}

}  // namespace

void FormErrors::add(std::string field, std::string text) { items_.emplace_back(std::move(field), std::move(text)); }

void FormErrors::add(Phrases const& say, Failure const& failure, std::map<std::string, std::string> const& fields) {
    auto const field_of = [&](std::string const& pointer) {
        std::string best, found;
        for (auto const& [start, field] : fields) {
            bool const fits = pointer == start || (pointer.starts_with(start) && pointer[start.size()] == '/');
            if (fits && start.size() >= best.size()) best = start, found = field;
        }
        return found;
    };
    if (failure.faults.empty()) add("", say_failure(say, failure.code, failure.detail));
    for (auto const& fault : failure.faults) add(field_of(fault.pointer), say_failure(say, fault.code, fault.detail));
}

std::string FormErrors::of(std::string_view field) const {
    for (auto const& [name, text] : items_)
        if (name == field) return text;
    return {};
}

void FormErrors::put(Data& data) const {
    std::vector<Data> all;
    for (auto const& [field, text] : items_) {
        Data item;
        item.set("field", field).set("text", text);
        all.push_back(item);
    }
    data.set("errors", all).set("has_errors", any());
}

Data field(Field const& wanted, FormErrors const& errors) {
    Data data = common(wanted, errors);
    data.set(wanted.type == "textarea" ? "long" : "line", true);
    return data;
}

Data select(Field const& wanted, Options const& options, FormErrors const& errors) {
    Data data = common(wanted, errors);
    std::vector<Data> all;
    for (auto const& [key, text] : options) {
        Data option;
        option.set("key", key).set("text", text).set("chosen", key == wanted.value);
        all.push_back(option);
    }
    data.set("choices", true).set("options", all);
    return data;
}

}  // namespace convoke::web
