// Template text before it reaches the mustache engine: partials put in place, layout put around, messages translated.
// What comes out is one mustache text without partials. Pure; any thread.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::rendering {

struct Expansion {
    std::function<std::string const&(std::string_view name)> source;    // throws for an unknown name
    std::function<std::string(std::string const& msgid)> message;      // translated, tags kept
};

// Stands behind section tags in the expanded text; to be removed from what is rendered.
constexpr char line_guard = '\x01';

// Throws std::runtime_error: unknown partial, partials nested deeper than 16, {{#t}} without end.
std::string expand(std::string_view name, Expansion const& expansion);

// The msgids of the {{#t}} sections of one text.
std::vector<std::string> messages_in(std::string_view text);

// Escapes & < > " ' everywhere but inside {{…}}.
std::string escape_around_tags(std::string_view text);

}  // namespace convoke::rendering
