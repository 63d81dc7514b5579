#include "config/documentation.hpp"
#include "service/cli/commands/families.hpp"
#include "service/cli/data_commands.hpp"
#include "service/cli/doctor.hpp"
#include "service/cli/progress.hpp"
#include "service/cli/serve.hpp"
#include "service/cli/serve_lock.hpp"
#include "service/cli/settings_check.hpp"

#include <CLI/CLI.hpp>

#include <iostream>

namespace convoke::cli {

namespace {

// All that can be seen before the service runs. An address in use is no fault of the settings: the service itself may run.
config::Loaded check_settings(Chosen const& chosen) {
    auto loaded = config::load_settings(chosen.sources);
    if (auto const faults = all_faults(loaded); !faults.empty()) throw SettingsRefused(faults);
    return loaded;
}

void add_serve(CLI::App& app, Chosen& chosen) {
    auto const check_only = std::make_shared<bool>(false);
    auto* command = with_config(app.add_subcommand("serve", "Run the service: HTTP, jobs, mail. SIGTERM drains and stops, SIGHUP reloads certificates."), chosen);
    command->add_flag("--check-config", *check_only, "Say what is wrong with the settings, a line each as at the start, and start nothing");
    command->callback([&chosen, check_only] {
        if (*check_only)
            chosen.run_alone = [&chosen] {
                check_settings(chosen);
                std::cerr << "convoke: the settings are right" << std::endl;
                return 0;
            };
        else
            chosen.run_alone = [&chosen] {
                auto const loaded = check_settings(chosen);
                ServeLock const lock(loaded.settings.store.url);
                if (auto const faults = listen_faults(loaded, true); !faults.empty()) throw SettingsRefused(faults);
                Environment environment(chosen.sources);
                return serve(environment);
            };
    });
}

void add_doctor(CLI::App& app, Chosen& chosen) {
    auto const wanted = std::make_shared<DoctorOptions>();
    auto* command = with_config(app.add_subcommand(
        "doctor", "Check settings, database, time zones, mail server, base URL, certificate and clock: one line each, exit 1 on a fault."), chosen);
    command->add_flag("--deep", wanted->deep, "Also read the whole SQLite database for damage");
    command->add_flag("--json", wanted->json, "As a JSON array: check, result, text");
    command->callback([&chosen, wanted] { chosen.run_alone = [&chosen, wanted] { return doctor(chosen.sources, *wanted); }; });
}

void add_settings(CLI::App& app, Chosen& chosen) {
    auto const markdown = std::make_shared<bool>(false);
    auto* command = app.add_subcommand("settings", "Print a commented settings file with every default.");
    command->add_flag("--markdown", *markdown, "As the page of documentation");
    command->callback([&chosen, markdown] {
        chosen.run_alone = [markdown] {
            std::cout << (*markdown ? config::settings_page() : config::example_file()) << std::flush;
            return 0;
        };
    });
}

void add_completion(CLI::App& app, Chosen& chosen) {
    auto* completion = app.add_subcommand("completion", "Print a script that completes commands in the shell.")->require_subcommand(1);
    auto const add = [&](char const* shell, char const* says, std::string (*script)(CLI::App const&)) {
        completion->add_subcommand(shell, says)->callback([&app, &chosen, script] {
            chosen.run_alone = [&app, script] {
                std::cout << script(app) << std::flush;
                return 0;
            };
        });
    };
    add("bash", "For bash: eval \"$(convoke completion bash)\", or keep it in bash-completion's directory.", bash_completion);
    add("zsh", "For zsh, after compinit: eval \"$(convoke completion zsh)\", or keep it as _convoke in a directory of $fpath.", zsh_completion);
    add("fish", "For fish: convoke completion fish | source, or keep it as ~/.config/fish/completions/convoke.fish.", fish_completion);
}

}  // namespace

void add_running_commands(CLI::App& app, Chosen& chosen) {
    add_serve(app, chosen);
    with_config(app.add_subcommand("migrate", "Bring the database to this version's schema (serve does it too)."), chosen)->callback([&] {
        chosen.run = [](Environment& environment) {
            {
                Progress const progress("migrating the database");
                environment.database();
            }
            std::cerr << "convoke: the database is at this version's schema" << std::endl;
            return 0;
        };
    });
    add_doctor(app, chosen);
    auto const json = std::make_shared<bool>(false);
    auto* demo = with_config(app.add_subcommand("demo", "Load the demonstration community; prints a member's feed. Twice changes nothing."), chosen);
    demo->add_flag("--json", *json, "As a JSON object: loaded, members, events, feed");
    demo->callback([&chosen, json] { chosen.run = [json](Environment& environment) { return load_demo(environment, *json); }; });
    add_settings(app, chosen);
    add_completion(app, chosen);
}

}  // namespace convoke::cli
