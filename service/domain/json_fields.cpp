#include "service/domain/json_fields.hpp"

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

#include <cmath>

namespace convoke::domain {
namespace {

// One code point of well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates); nullopt otherwise.
std::optional<char32_t> next_code_point(std::string_view text, std::size_t& at) {
    auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    unsigned char const lead = byte(at);
    if (lead < 0x80) return static_cast<char32_t>(text[at++]);
    int const more = lead >= 0xF0 && lead < 0xF5 ? 3 : lead >= 0xE0 && lead < 0xF0 ? 2 : lead >= 0xC2 && lead < 0xE0 ? 1 : 0;
    if (more == 0 || at + static_cast<std::size_t>(more) >= text.size()) return std::nullopt;
    char32_t point = lead & (more == 3 ? 0x07u : more == 2 ? 0x0Fu : 0x1Fu);
    for (int i = 1; i <= more; ++i) {
        unsigned char const follower = byte(at + static_cast<std::size_t>(i));
        if ((follower & 0xC0) != 0x80) return std::nullopt;
        point = (point << 6) | (follower & 0x3Fu);
    }
    bool const overlong = (more == 2 && point < 0x800) || (more == 3 && point < 0x10000);
    if (overlong || point > 0x10FFFF || (point >= 0xD800 && point <= 0xDFFF)) return std::nullopt;
    at += static_cast<std::size_t>(more) + 1;
    return point;
}

bool is_control(char32_t c) {
    return c < 0x20 || (c >= 0x7F && c <= 0x9F) || c == 0x2028 || c == 0x2029;
}

// What makes a text look other than it reads (Unicode TR 36 §2.3).
bool changes_direction(char32_t c) { return (c >= 0x202A && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069); }

// Spaces of every width, and what leaves no mark at all: joiners, direction marks, soft hyphens, fillers.
bool shows_nothing(char32_t c) {
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == 0xA0 || c == 0xAD || c == 0x061C || c == 0x115F ||
           c == 0x1160 || c == 0x1680 || c == 0x180E || (c >= 0x2000 && c <= 0x200F) || c == 0x202F || c == 0x205F ||
           (c >= 0x2060 && c <= 0x2064) || c == 0x2800 || c == 0x3000 || c == 0x3164 || c == 0xFEFF || c == 0xFFA0;
}

std::string in_hex(char32_t c) {
    static constexpr char digits[] = "0123456789ABCDEF";
    std::string out = "U+";
    for (int shift = c > 0xFFFF ? 20 : 12; shift >= 0; shift -= 4) out += digits[(c >> shift) & 0xF];
    return out;
}

std::string_view kind_in_words(boost::json::value const& value) {
    switch (value.kind()) {
        case boost::json::kind::null: return "null";
        case boost::json::kind::bool_: return "true or false";
        case boost::json::kind::string: return "a text";
        case boost::json::kind::array: return "an array";
        case boost::json::kind::object: return "an object";
        default: return "a number";
    }
}

std::string joined(auto const& words) {
    std::string out;
    for (auto const& word : words) {
        if (!out.empty()) out += ", ";
        out += word;
    }
    return out;
}

// Long or odd names are not echoed whole.
std::string shown(std::string_view name) {
    std::string out;
    for (char c : name.substr(0, 40)) out += static_cast<unsigned char>(c) < 0x20 ? '?' : c;
    while (!out.empty() && name.size() > 40 && (static_cast<unsigned char>(out.back()) & 0x80)) out.pop_back();
    return name.size() > 40 ? out + "…" : out;
}

}  // namespace

void check_text(std::string_view text, std::string const& pointer, TextRules const& rules, Faults& faults) {
    std::size_t length = 0;
    bool blank = true;
    for (std::size_t at = 0; at < text.size(); ++length) {
        auto const point = next_code_point(text, at);
        if (!point) {
            faults.push_back({pointer, errc::bad_encoding, "the text is not UTF-8"});
            return;
        }
        bool const newline = *point == '\n' || *point == '\t' || (*point == '\r' && at < text.size() && text[at] == '\n');
        if ((is_control(*point) && !(rules.multiline && newline)) || changes_direction(*point)) {
            faults.push_back({pointer, errc::control_character,
                              "the character " + in_hex(*point) + " at position " + std::to_string(length + 1) +
                                  (changes_direction(*point) ? " changes the direction of writing and is not taken"
                                   : newline                 ? " is a line end or tab, and this is a text of one line"
                                                             : " is a control character and is not taken")});
            return;
        }
        blank = blank && shows_nothing(*point);
    }
    if (length > rules.max_length)
        faults.push_back({pointer, errc::too_long,
                          "the text has " + std::to_string(length) + " characters; at most " +
                              std::to_string(rules.max_length) + " are taken"});
    if (blank && !rules.blank_allowed)
        faults.push_back({pointer, errc::blank, "the text must hold something to read, not only spaces"});
}

std::string member_pointer(std::string_view object, std::string_view name) {
    std::string out(object);
    out += '/';
    for (char c : name) {
        if (c == '~') out += "~0";
        else if (c == '/') out += "~1";
        else out += c;
    }
    return out;
}

JsonFields::JsonFields(boost::json::object const& object, std::string pointer, Faults& faults)
    : object_(object), pointer_(std::move(pointer)), faults_(faults) {}

bool JsonFields::has(std::string_view name) {
    auto const* value = raw(name);
    return value && !value->is_null();
}

boost::json::value const* JsonFields::raw(std::string_view name) {
    asked_.emplace(name);
    return object_.if_contains(name);
}

std::string JsonFields::at(std::string_view name) const { return member_pointer(pointer_, name); }

void JsonFields::fault(std::string_view name, errc code, std::string detail) {
    faults_.push_back({at(name), code, std::move(detail)});
}

std::optional<std::string> JsonFields::text(std::string_view name, TextRules const& rules) {
    auto const* value = raw(name);
    if (!value || value->is_null()) {
        if (rules.required) fault(name, errc::required, "'" + std::string(name) + "' is required");
        return std::nullopt;
    }
    if (!value->is_string()) {
        fault(name, errc::wrong_type, "a text is wanted here, not " + std::string(kind_in_words(*value)));
        return std::nullopt;
    }
    std::string text(value->get_string());
    std::size_t const before = faults_.size();
    check_text(text, at(name), rules, faults_);
    if (faults_.size() != before) return std::nullopt;
    return text;
}

std::optional<std::int64_t> JsonFields::integer(std::string_view name, std::int64_t min, std::int64_t max) {
    auto const* value = raw(name);
    if (!value || value->is_null()) return std::nullopt;
    if (!value->is_number()) {
        fault(name, errc::wrong_type, "a whole number is wanted here, not " + std::string(kind_in_words(*value)));
        return std::nullopt;
    }
    std::optional<std::int64_t> number;
    if (value->is_int64()) {
        number = value->get_int64();
    } else if (value->is_double()) {
        // 40.0 and 4e1 are whole numbers to everyone but a parser.
        double const d = value->get_double();
        if (std::trunc(d) == d && std::abs(d) < 9007199254740992.0) number = static_cast<std::int64_t>(d);
    }
    if (!number || *number < min || *number > max) {
        fault(name, errc::out_of_range,
              "a whole number from " + std::to_string(min) + " to " + std::to_string(max) + " is wanted here");
        return std::nullopt;
    }
    return number;
}

std::optional<bool> JsonFields::boolean(std::string_view name) {
    auto const* value = raw(name);
    if (!value || value->is_null()) return std::nullopt;
    if (!value->is_bool()) {
        fault(name, errc::wrong_type, "true or false is wanted here, not " + std::string(kind_in_words(*value)));
        return std::nullopt;
    }
    return value->get_bool();
}

std::optional<std::string> JsonFields::one_of(std::string_view name, std::vector<std::string_view> const& allowed,
                                              bool required) {
    auto const* value = raw(name);
    if (!value || value->is_null()) {
        if (required)
            fault(name, errc::required, "'" + std::string(name) + "' is required, one of: " + joined(allowed));
        return std::nullopt;
    }
    if (!value->is_string()) {
        fault(name, errc::wrong_type, "a text is wanted here, one of: " + joined(allowed));
        return std::nullopt;
    }
    std::string text(value->get_string());
    if (std::find(allowed.begin(), allowed.end(), text) != allowed.end()) return text;
    fault(name, errc::invalid_value, "one of these is wanted here: " + joined(allowed));
    return std::nullopt;
}

std::vector<std::string> JsonFields::texts(std::string_view name, std::size_t max_items, TextRules const& rules) {
    std::vector<std::string> out;
    each_text(name, max_items, rules, [&](std::string text, std::string const&) { out.push_back(std::move(text)); });
    return out;
}

void JsonFields::each_text(std::string_view name, std::size_t max_items, TextRules const& rules,
                           std::function<void(std::string, std::string const&)> const& each) {
    auto const* value = raw(name);
    if (!value || value->is_null()) {
        if (rules.required) fault(name, errc::required, "'" + std::string(name) + "' is required");
        return;
    }
    if (!value->is_array()) {
        fault(name, errc::wrong_type, "an array of texts is wanted here, not " + std::string(kind_in_words(*value)));
        return;
    }
    auto const& items = value->get_array();
    if (rules.required && items.empty()) fault(name, errc::required, "at least one is required");
    if (items.size() > max_items) {
        fault(name, errc::too_long, "at most " + std::to_string(max_items) + " items are taken");
        return;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::string const pointer = at(name) + '/' + std::to_string(i);
        if (!items[i].is_string()) {
            faults_.push_back({pointer, errc::wrong_type,
                               "a text is wanted here, not " + std::string(kind_in_words(items[i]))});
            continue;
        }
        std::string text(items[i].get_string());
        std::size_t const before = faults_.size();
        check_text(text, pointer, rules, faults_);
        if (faults_.size() == before) each(std::move(text), pointer);
    }
}

void JsonFields::objects(std::string_view name, std::size_t max_items,
                         std::function<void(boost::json::object const&, std::string const&)> const& each) {
    auto const* value = raw(name);
    if (!value || value->is_null()) return;
    if (!value->is_array()) {
        fault(name, errc::wrong_type, "an array of objects is wanted here, not " + std::string(kind_in_words(*value)));
        return;
    }
    auto const& items = value->get_array();
    if (items.size() > max_items) {
        fault(name, errc::too_long, "at most " + std::to_string(max_items) + " items are taken");
        return;
    }
    for (std::size_t i = 0; i < items.size(); ++i) {
        std::string const pointer = at(name) + '/' + std::to_string(i);
        if (items[i].is_object()) each(items[i].get_object(), pointer);
        else
            faults_.push_back({pointer, errc::wrong_type,
                               "an object is wanted here, not " + std::string(kind_in_words(items[i]))});
    }
}

boost::json::object const* JsonFields::object(std::string_view name) {
    auto const* value = raw(name);
    if (!value || value->is_null()) return nullptr;
    if (value->is_object()) return &value->get_object();
    fault(name, errc::wrong_type, "an object is wanted here, not " + std::string(kind_in_words(*value)));
    return nullptr;
}

void JsonFields::finish() {
    for (auto const& member : object_) {
        std::string_view const name = member.key();
        if (asked_.contains(name)) continue;
        fault(name, errc::unknown_field, "'" + shown(name) + "' is not known here; known are: " + joined(asked_));
    }
}

}  // namespace convoke::domain
