// The one way to log. A line is `time level component event key=value …` on standard error, always one
// line: values are quoted when needed, and control characters in them are escaped.
// Never pass personal data (names, addresses, tokens, texts people wrote): ids, counts and codes only.
// Any thread.
#pragma once

#include <concepts>
#include <initializer_list>
#include <string>
#include <string_view>

namespace convoke::core::log {

enum class Level { debug, info, warn, error, off };

struct Field {
    Field(std::string_view k, std::string v) : key(k), value(std::move(v)) {}
    Field(std::string_view k, std::string_view v) : key(k), value(v) {}
    Field(std::string_view k, char const* v) : key(k), value(v) {}
    template <std::integral I>
    Field(std::string_view k, I v) : key(k), value(std::to_string(v)) {}
    Field(std::string_view k, bool v) : key(k), value(v ? "true" : "false") {}

    std::string_view key;  // a literal: [a-zA-Z]+
    std::string value;
};
using Fields = std::initializer_list<Field>;

// Lines below `level` are dropped. Level::info at start.
void set_level(Level level);
// "debug", "info", "warn", "error", "off"; false (and no change) for anything else.
bool set_level(std::string_view name);

// `component` is a room ("store", "http"); `event` says what happened in kebab-case ("group-rerun").
void debug(std::string_view component, std::string_view event, Fields fields = {});
void info(std::string_view component, std::string_view event, Fields fields = {});
// An info line that need not be seen at once: written within a second, or before the next line of another kind.
void access(std::string_view component, std::string_view event, Fields fields = {});
void warn(std::string_view component, std::string_view event, Fields fields = {});
void error(std::string_view component, std::string_view event, Fields fields = {});

// `component event key=value …`, as it stands in a line after time and level.
std::string render(std::string_view component, std::string_view event, Fields fields);

}  // namespace convoke::core::log
