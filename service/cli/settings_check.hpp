// What can be wrong with settings that look right: files that cannot be read, a certificate that is not its key's,
// durations out of range, a database that is newer than the program. Looks only; makes and changes nothing.
#pragma once

#include "config/reader.hpp"

#include <stdexcept>
#include <string>
#include <vector>

namespace convoke::cli {

// All faults of the settings, for the person at the terminal: one line each.
struct SettingsRefused : std::runtime_error {
    explicit SettingsRefused(std::vector<config::Fault> const& faults);
    std::vector<std::string> lines;
};

// The process's variables, as config::load_settings takes them.
config::Texts process_environment();

// What every command needs right: values that only other rooms can judge.
std::vector<config::Fault> value_faults(config::Loaded const& loaded);
// What serving needs right beyond that: the files the settings name, and the mail server's address.
std::vector<config::Fault> file_faults(config::Loaded const& loaded);
// Whether the database can be opened and is not newer than the program. A missing one is no fault.
std::vector<config::Fault> database_faults(config::Loaded const& loaded);
// Whether the address can be listened on. `in_use` says whether an address that is taken counts.
std::vector<config::Fault> listen_faults(config::Loaded const& loaded, bool in_use);

// All of them, for serving; files, database and address only once the settings themselves are right.
std::vector<config::Fault> all_faults(config::Loaded const& loaded);

}  // namespace convoke::cli
