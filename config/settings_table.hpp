// One row a setting: where its value lives, what is allowed, what it is for. Everything that speaks of settings reads
// this table. Any thread.
#pragma once

#include "config/settings.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

namespace convoke::config {

using Value = std::variant<std::string, std::int64_t, std::vector<std::string>>;

struct Row {
    std::string_view section, key;
    std::string_view help;                                         // one or two sentences, ends with a full stop
    std::function<Value(Settings const&)> get;
    // Takes a value of the type that `get` gives; answers why it is refused, with what would be right.
    std::function<std::optional<std::string>(Settings&, Value)> set;
};

std::span<Row const> settings_table();

// "CONVOKE_MAIL_CA_FILE".
std::string environment_name(Row const& row);

// The commented example file, every key with its default.
std::string example_file();

}  // namespace convoke::config
