// Settings from a TOML file and the environment; the environment wins. Reads files; any thread.
#pragma once

#include "config/settings.hpp"

#include <functional>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>

namespace convoke::config {

// what(): "convoke.toml:7: http.port: there is no such setting; did you mean http.listen?" (file, line, key, reason,
// remedy).
class SettingsError : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

// `file` "" reads none. `environment` gives the value of a variable, nullopt when it is not set. Throws SettingsError
// for an unreadable file, an unknown key, a bad value.
Settings read_settings(std::string const& file,
                       std::function<std::optional<std::string>(std::string const&)> const& environment);

}  // namespace convoke::config
