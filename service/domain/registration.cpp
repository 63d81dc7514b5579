#include "service/domain/registration.hpp"

#include "service/domain/json_fields.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

namespace convoke::domain {

namespace {
constexpr std::array names{"invited",    "pending",  "held",      "offered",  "confirmed",
                           "waitlisted", "declined", "cancelled", "attended", "absent"};
}

std::string_view name_of(RegistrationStatus status) { return names.at(static_cast<std::size_t>(status)); }

RegistrationStatus registration_status(std::string_view name) {
    auto const found = std::find(names.begin(), names.end(), name);
    if (found == names.end()) throw std::invalid_argument("no registration status is called " + std::string(name));
    return static_cast<RegistrationStatus>(found - names.begin());
}

bool takes_seat(RegistrationStatus status) {
    switch (status) {
        case RegistrationStatus::held:
        case RegistrationStatus::offered:
        case RegistrationStatus::confirmed:
        case RegistrationStatus::attended:
        case RegistrationStatus::absent: return true;
        default: return false;
    }
}

result<std::string> mode_for(EventDefinition const& definition, std::string const& asked) {
    if (asked.empty()) return std::string(takes_place_on_site(definition) ? "on-site" : "online");
    if (asked == "online" && takes_place_online(definition)) return asked;
    if (asked == "on-site" && takes_place_on_site(definition)) return asked;
    return fault_at("/mode", errc::invalid_value,
                    "\"" + asked + "\" is not possible: the event takes place " +
                        (definition.format == "hybrid" ? "on-site and online (\"on-site\" or \"online\")"
                                                       : definition.format + " only"));
}

result<void> check_answers(EventDefinition const& definition, std::map<std::string, std::string> const& answers) {
    std::vector<Fault> faults;
    for (auto const& [id, answer] : answers) {
        auto const& questions = definition.registration.questions;
        auto const question = std::find_if(questions.begin(), questions.end(), [&](auto const& q) { return q.id == id; });
        if (question == questions.end()) {
            faults.push_back({member_pointer("/answers", id), errc::unknown_field, "the event asks no question \"" + id + "\""});
        } else if (question->type == "choice" && !answer.empty() &&
                   std::find(question->options.begin(), question->options.end(), answer) == question->options.end()) {
            std::string all;
            for (auto const& option : question->options) all += (all.empty() ? "\"" : ", \"") + option + "\"";
            faults.push_back({member_pointer("/answers", id), errc::invalid_value, "the choices are " + all});
        } else if (question->type == "boolean" && answer != "true" && answer != "false" && !answer.empty()) {
            faults.push_back({member_pointer("/answers", id), errc::invalid_value, "the answer is true or false"});
        }
    }
    for (Question const& question : definition.registration.questions) {
        auto const answer = answers.find(question.id);
        if (question.required && (answer == answers.end() || answer->second.empty()))
            faults.push_back({member_pointer("/answers", question.id), errc::required, "\"" + question.label + "\" needs an answer"});
    }
    if (!faults.empty()) return Failure(std::move(faults));
    return {};
}

std::optional<std::int64_t> capacity_of(EventDefinition const& definition, std::string const& mode) {
    return mode == "online" ? definition.registration.capacity_online : definition.registration.capacity_on_site;
}

}  // namespace convoke::domain
