// Form fields and what is wrong in them: parts/field.html, parts/messages.html. Plain values; pure; any thread.
#pragma once

#include "calendar/failure.hpp"
#include "notifications/rendering/data.hpp"
#include "service/web/views/phrases.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::web {

// What is wrong with a form, in order; the texts stand in the summary and beside their fields.
class FormErrors {
public:
    void add(std::string field, std::string text);  // field "": of the form as a whole
    // The faults of a Failure; `fields` names the field a pointer belongs to (the longest that fits).
    // What happens in the normal course of things is said in the reader's language, the rest as the Failure says it.
    void add(Phrases const& say, Failure const& failure, std::map<std::string, std::string> const& fields);

    bool any() const { return !items_.empty(); }
    std::string of(std::string_view field) const;  // "" for none
    // has_errors, errors
    void put(rendering::Data& data) const;

private:
    std::vector<std::pair<std::string, std::string>> items_;
};

struct Field {
    std::string id, label, value;  // id is also the name in the request
    std::string help;
    std::string type = "text";     // of <input>; "textarea" for several lines
    std::string autocomplete, placeholder;
    bool required = false;
    bool is_short = false;
};
rendering::Data field(Field const& field, FormErrors const& errors);

using Options = std::vector<std::pair<std::string, std::string>>;  // value, text
rendering::Data select(Field const& field, Options const& options, FormErrors const& errors);

}  // namespace convoke::web
