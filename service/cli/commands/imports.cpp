#include "service/cli/commands/families.hpp"
#include "service/cli/import_commands.hpp"

#include <CLI/CLI.hpp>

namespace convoke::cli {

namespace {

void add_programme(CLI::App& import, Chosen& chosen) {
    struct Options {
        ProgrammeImport programme;
        int year = 0, table = 0;
    };
    auto const options = std::make_shared<Options>();
    auto* programme = with_config(import.add_subcommand(
        "programme", "Read a work programme's events table as it stands in the documents (text with tables, CSV, TSV or Markdown)."), chosen);
    programme->add_option("FILE", options->programme.file, "The document")->required();
    programme->add_option("--community", options->programme.community, "Slug of the community it belongs to")->required();
    programme->add_option("--year", options->year, "Year of dates that name none")->check(CLI::Range(1970, 2037));
    programme->add_option("--table", options->table, "Which table, when the document has several")->check(CLI::Range(1, 1000));
    programme->add_flag("--publish", options->programme.publish, "Publish what is to come: visible, and people are invited to fixed days");
    programme->add_flag("--dry-run", options->programme.dry_run, "Say what would be done, and do nothing");
    programme->add_flag("--json", options->programme.json, "What was done, or the faults, as a JSON object");
    programme->callback([&chosen, options] {
        if (options->year != 0) options->programme.year = options->year;
        if (options->table != 0) options->programme.table = options->table;
        chosen.run = [options](Environment& environment) { return import_programme(environment, options->programme); };
    });
}

void add_members(CLI::App& import, Chosen& chosen) {
    struct Options {
        std::string file, community;
        bool dry_run = false, json = false;
    };
    auto const options = std::make_shared<Options>();
    auto* members = with_config(import.add_subcommand(
        "members", "Read members from CSV: email, name, organisation, category, country, language, timeZone, role."), chosen);
    members->add_option("FILE", options->file, "The CSV file")->required();
    members->add_option("--community", options->community, "Slug of the community")->required();
    members->add_flag("--dry-run", options->dry_run, "Say what would be done, and do nothing");
    members->add_flag("--json", options->json, "What was done, or the faults, as a JSON object");
    members->callback([&chosen, options] {
        chosen.run = [options](Environment& environment) {
            return import_members(environment, options->file, options->community, options->dry_run, options->json);
        };
    });
}

}  // namespace

void add_import_commands(CLI::App& app, Chosen& chosen) {
    auto* import = app.add_subcommand("import", "Bring a work programme or a list of members.")->require_subcommand(1);
    add_programme(*import, chosen);
    add_members(*import, chosen);
}

}  // namespace convoke::cli
