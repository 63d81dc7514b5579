// Settings from a TOML file, the environment and the command line's flags, the later winning. All faults are found at
// once. Reads files; any thread.
#pragma once

#include "config/settings.hpp"

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::config {

// One thing wrong, for a person: where, which setting, why, and what would be right.
struct Fault {
    std::string place;   // "convoke.toml:7", "CONVOKE_HTTP_LISTEN", "--http.listen"; "" when it is no one place's fault
    std::string key;     // "http.listen"; "" for the text of the file
    std::string reason;  // says what would be right, too

    // "convoke.toml:7: http.port: there is no such setting; did you mean http.listen?"
    std::string line() const;
};

using Texts = std::vector<std::pair<std::string, std::string>>;

struct Sources {
    std::string file;   // "" reads none
    Texts environment;  // all variables of the process; others' are left alone
    Texts flags;        // name and value, "http.listen" and "127.0.0.1:80"
};

struct Loaded {
    Settings settings;                          // where a value is refused, the one before it stands
    std::vector<Fault> faults;                  // in the order of file, environment, flags
    std::map<std::string, std::string> places;  // of each setting that was said, by key

    // Where `key` was said; "default" when nowhere.
    std::string place_of(std::string const& key) const;
};

// A variable CONVOKE_X that names no setting is a fault when X begins with a section's name ("CONVOKE_HTTP_PORT") or
// is nearly a setting's ("CONVOKE_HTP_LISTEN"); any other, and all of CONVOKE_TEST_…, are somebody else's.
Loaded load_settings(Sources const& sources);

}  // namespace convoke::config
