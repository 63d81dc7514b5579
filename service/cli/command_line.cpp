#include "service/cli/command_line.hpp"

#include "config/nearest.hpp"
#include "config/settings_table.hpp"
#include "service/cli/commands/families.hpp"
#include "service/cli/settings_check.hpp"
#include "service/cli/tz_version.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <iostream>

namespace convoke::cli {

namespace {

std::string footer() {
    std::string text = "Exit codes: 0 done; 1 the command failed, or doctor found a fault; 2 the line was not understood.\n\n"
                       "Settings: a TOML file with --config, environment variables, or flags of any command; the last wins.\n"
                       "`convoke settings` prints a file with every default.\n";
    for (config::Row const& row : config::settings_table())
        text += "  --" + name_of(row) + " " + std::string(row.value) + "  [" + config::environment_name(row) + "]\n      " +
                std::string(row.help) + "\n";
    return text;
}

// One flag a setting, in no command's own help: the footer of the whole lists them.
void add_setting_flags(CLI::App& app, Chosen& chosen) {
    for (config::Row const& row : config::settings_table()) {
        std::string const name = name_of(row);
        app.add_option_function<std::string>("--" + name, [&chosen, name](std::string const& text) { chosen.sources.flags.emplace_back(name, text); },
                                             std::string(row.help))
            ->group("");
    }
}

std::vector<CLI::App*> commands_of(CLI::App& command) { return command.get_subcommands([](CLI::App*) { return true; }); }

// The command the line names, as far as it names one, and the first word that is none.
struct Named {
    CLI::App* command;
    std::string path, stranger;
};
Named follow(CLI::App& app, int argc, char** argv) {
    Named named{&app, "convoke", ""};
    for (int i = 1; i < argc; ++i) {
        std::string const word = argv[i];
        if (word.starts_with('-')) {
            bool const takes_next = word.find('=') == std::string::npos && named.command == &app && word != "--help" && word != "-h" && word != "--version";
            i += takes_next ? 1 : 0;
            continue;
        }
        auto const commands = commands_of(*named.command);
        if (commands.empty()) break;
        auto const found = std::find_if(commands.begin(), commands.end(), [&](CLI::App* one) { return one->get_name() == word; });
        if (found == commands.end()) {
            named.stranger = word;
            break;
        }
        named.command = *found;
        named.path += " " + word;
    }
    return named;
}

std::string did_you_mean(std::string const& word, std::vector<std::string> const& known, std::string const& before) {
    std::string const near = config::nearest(word, known, std::max<std::size_t>(2, word.size() / 3));
    return near.empty() ? "" : "; did you mean " + before + near + "?";
}

std::string unknown_command(Named const& named) {
    std::vector<std::string> names;
    for (CLI::App* one : commands_of(*named.command)) names.push_back(one->get_name());
    std::string const near = did_you_mean(named.stranger, names, named.path + " ");
    return "there is no command \"" + named.path.substr(std::string("convoke").size() + (named.path == "convoke" ? 0 : 1)) +
           (named.path == "convoke" ? "" : " ") + named.stranger + "\"" + (near.empty() ? "; " + named.path + " --help lists them" : near);
}

std::string unknown_option(Named const& named, std::string const& word) {
    std::vector<std::string> known;
    for (CLI::App const* command = named.command; command; command = command->get_parent())
        for (CLI::Option const* option : command->get_options())
            for (std::string const& name : option->get_lnames()) known.push_back("--" + name);
    return "there is no option " + word.substr(0, word.find('=')) + did_you_mean(word.substr(0, word.find('=')), known, "");
}

int not_understood(std::string const& why, std::string const& path) {
    std::cerr << "convoke: " << why << "\n" << path << " --help explains it" << std::endl;
    return 2;
}

}  // namespace

CLI::App* with_config(CLI::App* command, Chosen& chosen) {
    command->add_option("--config", chosen.sources.file, "TOML file with the settings; each may also be a flag: convoke --help")->type_name("FILE");
    return command;
}

int run_command_line(int argc, char** argv) {
    CLI::App app{"Convoke calls people together: events, registrations and calendars for communities.", "convoke"};
    app.set_version_flag("--version", [] { return std::string("convoke ") + CONVOKE_VERSION + " (" + tz_version() + ")"; });
    app.require_subcommand(1);
    app.fallthrough();
    app.footer(footer);
    Chosen chosen;
    with_config(&app, chosen);
    add_setting_flags(app, chosen);
    add_running_commands(app, chosen);
    add_access_commands(app, chosen);
    add_import_commands(app, chosen);
    add_record_commands(app, chosen);
    add_checking_commands(app, chosen);

    Named const named = follow(app, argc, argv);
    if (!named.stranger.empty()) return not_understood(unknown_command(named), named.path);
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        if (error.get_exit_code() == 0) return app.exit(error, std::cout, std::cerr);
        // A misspelt option also leaves a required one missing: the misspelling is the news.
        auto const left = app.remaining(true);
        auto const option = std::find_if(left.begin(), left.end(), [](std::string const& word) { return word.starts_with('-'); });
        return not_understood(option == left.end() ? error.what() : unknown_option(named, *option), named.path);
    }
    try {
        chosen.sources.environment = process_environment();
        if (chosen.run_alone) return chosen.run_alone();
        Environment environment(chosen.sources);
        return chosen.run(environment);
    } catch (SettingsRefused const& refused) {
        for (std::string const& line : refused.lines) std::cerr << "convoke: " << line << "\n";
        return 1;
    } catch (std::exception const& failure) {
        std::cerr << "convoke: " << failure.what() << std::endl;
        return 1;
    }
}

}  // namespace convoke::cli
