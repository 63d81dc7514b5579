// Taking a seat and giving it back: pages/register.html, pages/confirm.html. Pure; any thread.
#pragma once

#include "service/domain/community.hpp"
#include "service/web/views/event_view.hpp"
#include "service/web/views/form.hpp"

#include <map>
#include <optional>
#include <string>

namespace convoke::web {

struct RegisterFacts {
    domain::Event event;
    std::optional<domain::Person> person;             // signed in, or holder of a personal link
    std::optional<domain::Registration> own;
    std::string action;                               // where the form posts to
    std::string token;                                // of a personal link, "" otherwise
    std::map<std::string, std::string> entered;       // what came with a refused form, by field name
    FormErrors errors;
};
Data register_view(Reader const& reader, RegisterFacts const& facts);

// The form's fields by the pointers of the verb's faults.
std::map<std::string, std::string> register_fields(domain::EventDefinition const& definition);
// The form's field for the answer to a question.
std::string question_field(std::string_view id);

// A question with one button: give the seat back, decline.
struct QuestionFacts {
    std::vector<std::string> words;
    std::string action, button, back_path, back_label, token;
    std::vector<Data> fields;
    bool possible = true;  // false: words and the way back alone
};
Data question_view(QuestionFacts const& facts);

}  // namespace convoke::web
