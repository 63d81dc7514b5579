// The commands by family: each function adds its commands to the program and says what they do in `chosen`.
// For command_line.cpp only; before the line is parsed.
#pragma once

#include "service/cli/environment.hpp"

#include <functional>
#include <string>

namespace CLI {
class App;
}

namespace convoke::cli {

// What the line asked for, once it is parsed: one of the two functions. Both answer the exit code.
struct Chosen {
    config::Sources sources;  // --config and the flags of settings; the environment
    std::function<int(Environment&)> run;
    std::function<int()> run_alone;  // for what needs no settings, or judges them itself
};

// Gives a command the option --config; answers the command. Flags of settings (--http.listen …) fall through to the
// program's own, in any command.
CLI::App* with_config(CLI::App* command, Chosen& chosen);

// For `convoke completion`: the words of every command, as a script for the shell. Needs the whole tree.
std::string bash_completion(CLI::App const& app);
std::string zsh_completion(CLI::App const& app);
std::string fish_completion(CLI::App const& app);

void add_running_commands(CLI::App& app, Chosen& chosen);  // serve, migrate, doctor, demo, settings, completion
void add_access_commands(CLI::App& app, Chosen& chosen);   // token, login-link
void add_import_commands(CLI::App& app, Chosen& chosen);   // import
void add_record_commands(CLI::App& app, Chosen& chosen);   // outbox, person, audit
void add_checking_commands(CLI::App& app, Chosen& chosen);  // lint

}  // namespace convoke::cli
