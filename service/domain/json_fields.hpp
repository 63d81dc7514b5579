// Reads a JSON object field by field and collects every fault with its JSON pointer (RFC 6901), so that an answer
// names them all at once. One object per reader; finish() refuses what nobody asked for (errc::unknown_field).
// Any thread; a reader belongs to one call.
#pragma once

#include "calendar/failure.hpp"

#include <boost/json/object.hpp>

#include <cstdint>
#include <functional>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain {

using Faults = std::vector<Fault>;

struct TextRules {
    bool required = false;
    bool blank_allowed = true;
    bool multiline = false;       // newlines and tabs allowed
    std::size_t max_length = 200;  // in Unicode code points
};

// Appends the faults of one text: too_long, blank, control_character (also bidirectional overrides), bad_encoding.
void check_text(std::string_view text, std::string const& pointer, TextRules const& rules, Faults& faults);

// The pointer of a member (RFC 6901 §3: "~" and "/" in its name are escaped).
std::string member_pointer(std::string_view object, std::string_view name);

class JsonFields {
public:
    // `pointer` is the object's own place, "" for the whole document.
    JsonFields(boost::json::object const& object, std::string pointer, Faults& faults);

    bool has(std::string_view name);
    // Absent or null gives nullopt; required ones leave a fault then. All texts are checked by `rules`.
    std::optional<std::string> text(std::string_view name, TextRules const& rules = {});
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t min, std::int64_t max);
    std::optional<bool> boolean(std::string_view name);
    // A text out of a fixed set (errc::invalid_value lists it).
    std::optional<std::string> one_of(std::string_view name, std::vector<std::string_view> const& allowed,
                                      bool required = false);
    // An array of texts, at most `max_items`.
    std::vector<std::string> texts(std::string_view name, std::size_t max_items, TextRules const& rules = {});
    // Calls `each(text, pointer)` for every text of an array that keeps the rules.
    void each_text(std::string_view name, std::size_t max_items, TextRules const& rules,
                   std::function<void(std::string, std::string const&)> const& each);
    // Calls `each(object, pointer)` for every object of an array.
    void objects(std::string_view name, std::size_t max_items,
                 std::function<void(boost::json::object const&, std::string const&)> const& each);
    // The object value of a member, nullptr when absent or null (a fault when of another type).
    boost::json::object const* object(std::string_view name);
    // The raw value, nullptr when absent.
    boost::json::value const* raw(std::string_view name);

    std::string at(std::string_view name) const;  // pointer of a member, escaped
    void fault(std::string_view name, errc code, std::string detail);
    void finish();  // every member not asked for becomes unknown_field

private:
    boost::json::object const& object_;
    std::string pointer_;
    Faults& faults_;
    std::set<std::string, std::less<>> asked_;
};

}  // namespace convoke::domain
