#include "service/cli/command_line.hpp"

#include "config/settings_table.hpp"
#include "service/cli/data_commands.hpp"
#include "service/cli/doctor.hpp"
#include "service/cli/import_commands.hpp"
#include "service/cli/serve.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>
#include <functional>
#include <iostream>

namespace convoke::cli {

namespace {

using Command = std::function<int(Environment&)>;

std::string settings_help() {
    std::string text = "Settings (a TOML file with --config, or environment variables):\n";
    for (config::Row const& row : config::settings_table())
        text += "  " + std::string(row.section) + "." + std::string(row.key) + "  [" + config::environment_name(row) + "]\n      " +
                std::string(row.help) + "\n";
    return text;
}

}  // namespace

int run_command_line(int argc, char** argv) {
    CLI::App app{"Convoke calls people together: events, registrations and calendars for communities.", "convoke"};
    app.set_version_flag("--version", std::string("convoke ") + CONVOKE_VERSION);
    app.require_subcommand(1);
    app.footer(settings_help);
    std::string config_file;
    Command command;
    std::function<int()> without_environment;
    auto const with_config = [&](CLI::App* sub) {
        sub->add_option("--config", config_file, "TOML file with the settings")->check(CLI::ExistingFile);
        return sub;
    };
    app.add_option("--config", config_file, "TOML file with the settings")->check(CLI::ExistingFile);

    with_config(app.add_subcommand("serve", "Run the service: HTTP, jobs, mail. SIGTERM drains and stops, SIGHUP reloads certificates."))
        ->callback([&] { command = serve; });
    with_config(app.add_subcommand("migrate", "Bring the database to this version's schema (serve does it too)."))->callback([&] {
        command = [](Environment& environment) {
            environment.database();
            std::cerr << "convoke: the database is at this version's schema" << std::endl;
            return 0;
        };
    });

    std::string name, role, community, email;
    auto* token = app.add_subcommand("token", "API tokens.")->require_subcommand(1);
    auto* token_create = with_config(token->add_subcommand("create", "Print a new API token, once; only its hash is stored."));
    token_create->add_option("--name", name, "What the token is for")->required();
    token_create->add_option("--role", role, "admin or organiser")->required()->check(CLI::IsMember({"admin", "organiser"}));
    token_create->add_option("--community", community, "The organiser's community");
    token_create->callback([&] {
        command = [&](Environment& environment) {
            return create_token(environment, name, role, community.empty() ? std::nullopt : std::optional(community));
        };
    });

    auto* login = with_config(app.add_subcommand("login-link", "Print a single-use sign-in link."));
    login->add_option("EMAIL", email, "Whose")->required();
    login->callback([&] { command = [&](Environment& environment) { return print_login_link(environment, email); }; });

    ProgrammeImport programme;
    int year = 0, table = 0;
    auto* import = app.add_subcommand("import", "Bring a work programme or a list of members.")->require_subcommand(1);
    auto* import_events = with_config(import->add_subcommand(
        "programme", "Read a work programme's events table as it stands in the documents (text with tables, CSV, TSV or Markdown)."));
    import_events->add_option("FILE", programme.file, "The document")->required();
    import_events->add_option("--community", programme.community, "Slug of the community it belongs to")->required();
    import_events->add_option("--year", year, "Year of dates that name none")->check(CLI::Range(1970, 2037));
    import_events->add_option("--table", table, "Which table, when the document has several")->check(CLI::Range(1, 1000));
    import_events->add_flag("--publish", programme.publish, "Publish what is to come: visible, and people are invited to fixed days");
    import_events->add_flag("--dry-run", programme.dry_run, "Say what would be done, and do nothing");
    import_events->callback([&] {
        if (year != 0) programme.year = year;
        if (table != 0) programme.table = table;
        command = [&](Environment& environment) { return import_programme(environment, programme); };
    });
    std::string members_file;
    bool dry_run = false;
    auto* import_people = with_config(import->add_subcommand("members", "Read members from CSV: email, name, organisation, category, country, language, timeZone, role."));
    import_people->add_option("FILE", members_file, "The CSV file")->required();
    import_people->add_option("--community", community, "Slug of the community")->required();
    import_people->add_flag("--dry-run", dry_run, "Say what would be done, and do nothing");
    import_people->callback([&] { command = [&](Environment& environment) { return import_members(environment, members_file, community, dry_run); }; });

    std::string mail_id, mail_event, mail_recipient, mail_state;
    bool as_json = false;
    auto* outbox = app.add_subcommand("outbox", "What was, is and will be mailed.")->require_subcommand(1);
    auto* outbox_list = with_config(outbox->add_subcommand("list", "One mail a line: id, state, kind, recipient, time, attempts, subject, last error."));
    outbox_list->add_option("--event", mail_event, "Only of this event");
    outbox_list->add_option("--recipient", mail_recipient, "Only to this address");
    outbox_list->add_option("--state", mail_state, "pending, sending, sent, failed or superseded")
        ->check(CLI::IsMember({"pending", "sending", "sent", "failed", "superseded"}));
    outbox_list->add_flag("--json", as_json, "As a JSON array");
    outbox_list->callback([&] { command = [&](Environment& environment) { return list_outbox(environment, mail_event, mail_recipient, mail_state, as_json); }; });
    auto* outbox_show = with_config(outbox->add_subcommand("show", "One mail, with its bytes if they are written."));
    outbox_show->add_option("ID", mail_id, "As list prints it")->required();
    outbox_show->callback([&] { command = [&](Environment& environment) { return show_mail(environment, mail_id); }; });
    auto* outbox_retry = with_config(outbox->add_subcommand("retry", "Send a failed mail again."));
    outbox_retry->add_option("ID", mail_id, "As list prints it")->required();
    outbox_retry->callback([&] { command = [&](Environment& environment) { return retry_mail(environment, mail_id); }; });

    bool yes = false;
    auto* person = app.add_subcommand("person", "What is held about a person; erasure.")->require_subcommand(1);
    auto* person_export = with_config(person->add_subcommand("export", "Everything held about a person, as JSON."));
    person_export->add_option("EMAIL", email, "Whose")->required();
    person_export->callback([&] { command = [&](Environment& environment) { return export_person(environment, email); }; });
    auto* person_erase = with_config(person->add_subcommand("erase", "Erase everything held about a person. Cannot be undone."));
    person_erase->add_option("EMAIL", email, "Whose")->required();
    person_erase->add_flag("--yes", yes, "Do not ask");
    person_erase->callback([&] { command = [&](Environment& environment) { return erase_person(environment, email, yes); }; });

    with_config(app.add_subcommand("doctor", "Check settings, database, time zones, mail server, base URL and clock."))
        ->callback([&] { without_environment = [&] { return doctor(config_file); }; });
    with_config(app.add_subcommand("demo", "Load the demonstration community; prints a member's feed. Twice changes nothing."))
        ->callback([&] { command = load_demo; });
    with_config(app.add_subcommand("settings", "Print a commented settings file with every default."))->callback([&] {
        without_environment = [] {
            std::cout << config::example_file() << std::flush;
            return 0;
        };
    });

    auto const commands = app.get_subcommands([](CLI::App const*) { return true; });
    auto const is_named = [&](CLI::App const* sub) { return argc > 1 && sub->get_name() == argv[1]; };
    if (argc > 1 && argv[1][0] != '-' && std::none_of(commands.begin(), commands.end(), is_named)) {
        std::cerr << "convoke: there is no command \"" << argv[1] << "\"; convoke --help lists them" << std::endl;
        return 2;
    }
    try {
        app.parse(argc, argv);
    } catch (CLI::ParseError const& error) {
        int const code = app.exit(error, std::cout, std::cerr);
        return code == 0 ? 0 : 2;
    }
    try {
        if (without_environment) return without_environment();
        Environment environment(config_file);
        return command(environment);
    } catch (std::exception const& failure) {
        std::cerr << "convoke: " << failure.what() << std::endl;
        return 1;
    }
}

}  // namespace convoke::cli
