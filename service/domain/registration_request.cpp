#include "service/domain/registration_request.hpp"

#include "service/domain/country.hpp"
#include "service/domain/email_address.hpp"
#include "service/domain/json_fields.hpp"
#include "service/domain/language.hpp"

#include <algorithm>

namespace convoke::domain {

namespace json = boost::json;

namespace {

constexpr TextRules answer_rules{.multiline = true, .max_length = 2000};

void decode_answers(json::object const& answers, std::string const& pointer, RegistrationRequest& request) {
    JsonFields each(answers, pointer, request.faults);
    for (auto const& member : answers) {
        std::string const id(member.key());
        if (member.value().is_bool()) {
            request.answers[id] = member.value().get_bool() ? "true" : "false";
            request.boolean_answers.insert(id);
        } else if (auto const text = each.text(id, answer_rules)) {
            request.answers[id] = *text;
        }
    }
}

// Collects faults, at most one for each place: what could not be read is not also missing.
class FaultList {
public:
    explicit FaultList(std::vector<Fault> known) : faults_(std::move(known)) {}

    void add(Fault fault) {
        auto const same = [&](Fault const& other) { return other.pointer == fault.pointer; };
        if (std::none_of(faults_.begin(), faults_.end(), same)) faults_.push_back(std::move(fault));
    }
    void add(std::string const& pointer, Failure const& failure) {
        if (failure.faults.empty()) add(Fault{pointer, failure.code, failure.detail});
        for (Fault const& fault : failure.faults) add(fault);
    }
    void add_text(std::string_view text, std::string const& pointer, TextRules const& rules) {
        std::vector<Fault> found;
        check_text(text, pointer, rules, found);
        for (Fault& fault : found) add(std::move(fault));
    }
    std::vector<Fault> take() { return std::move(faults_); }
    bool empty() const { return faults_.empty(); }

private:
    std::vector<Fault> faults_;
};

result<std::string> parse_zone(std::string_view text) {
    CONVOKE_CHECK(calendar::check_zone(text));
    return std::string(text);
}

}  // namespace

RegistrationRequest decode_registration_request(json::object const& body) {
    RegistrationRequest request;
    JsonFields fields(body, "", request.faults);
    if (json::value const* email = fields.raw("email"); email && !email->is_null()) {
        if (email->is_string())
            request.email = std::string(email->get_string());
        else
            fields.fault("email", errc::wrong_type, "an e-mail address is wanted here, as a text");
    }
    request.name = fields.text("name").value_or("");
    request.mode = fields.text("mode").value_or("");
    request.language = fields.text("language").value_or("");
    request.time_zone = fields.text("timeZone").value_or("");
    request.organisation = fields.text("organisation").value_or("");
    request.country = fields.text("country").value_or("");
    if (json::object const* answers = fields.object("answers")) decode_answers(*answers, fields.at("answers"), request);
    fields.finish();
    return request;
}

result<RegistrationRequest> check_registration_request(EventDefinition const& definition, RegistrationRequest request) {
    FaultList faults(std::move(request.faults));
    request.faults.clear();
    auto const normalised = [&](std::string& value, std::string const& pointer, auto parse) {
        auto parsed = parse(value);
        if (parsed)
            value = *std::move(parsed);
        else
            faults.add(pointer, parsed.error());
    };
    normalised(request.email, "/email", normalise_email_address);
    normalised(request.mode, "/mode", [&](std::string const& asked) { return mode_for(definition, asked); });
    if (!request.time_zone.empty()) normalised(request.time_zone, "/timeZone", parse_zone);
    if (!request.language.empty()) normalised(request.language, "/language", parse_language);
    if (!request.country.empty()) normalised(request.country, "/country", parse_country);
    faults.add_text(request.name, "/name", {});
    faults.add_text(request.organisation, "/organisation", {});
    for (auto const& [id, answer] : request.answers) faults.add_text(answer, member_pointer("/answers", id), answer_rules);
    for (Question const& question : definition.registration.questions)
        if (question.type == "text" && request.boolean_answers.contains(question.id))
            faults.add(Fault{member_pointer("/answers", question.id), errc::wrong_type, "a text is wanted here, not true or false"});
    if (auto answered = check_answers(definition, request.answers); !answered) faults.add("/answers", answered.error());
    if (!faults.empty()) return Failure(faults.take());
    return request;
}

}  // namespace convoke::domain
