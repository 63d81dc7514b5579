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

using Value = std::variant<std::string, std::int64_t, bool, std::vector<std::string>>;

struct Row {
    std::string_view section, key;
    std::string_view value;                                        // what kind: "ADDRESS:PORT", "FILE", "DURATION", "NUMBER" …
    std::string_view help;                                         // one or two sentences, ends with a full stop
    std::function<Value(Settings const&)> get;
    // Takes a value of the type that `get` gives; answers why it is refused, with what would be right.
    std::function<std::optional<std::string>(Settings&, Value)> set;
};

std::span<Row const> settings_table();

// "mail.ca_file": its name in faults and as a flag.
std::string name_of(Row const& row);

// "CONVOKE_MAIL_CA_FILE".
std::string environment_name(Row const& row);

// A value as TOML writes it.
std::string toml_text(Value const& value);

}  // namespace convoke::config
