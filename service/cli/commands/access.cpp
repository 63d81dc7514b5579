#include "service/cli/commands/families.hpp"
#include "service/cli/data_commands.hpp"

#include <CLI/CLI.hpp>

namespace convoke::cli {

namespace {

void add_token(CLI::App& app, Chosen& chosen) {
    struct Options {
        std::string name, role, community;
    };
    auto const options = std::make_shared<Options>();
    auto* token = app.add_subcommand("token", "API tokens.")->require_subcommand(1);
    auto* create = with_config(token->add_subcommand("create", "Print a new API token, once; only its hash is stored."), chosen);
    create->add_option("--name", options->name, "What the token is for")->required();
    create->add_option("--role", options->role, "admin or organiser")->required()->check(CLI::IsMember({"admin", "organiser"}));
    create->add_option("--community", options->community, "The organiser's community");
    auto const json = std::make_shared<bool>(false);
    auto* list = with_config(token->add_subcommand("list", "One token a line: id, role, community, created, validity, name."), chosen);
    list->add_flag("--json", *json, "As a JSON array");
    list->callback([&chosen, json] { chosen.run = [json](Environment& environment) { return list_tokens(environment, *json); }; });
    auto const id = std::make_shared<std::string>();
    auto* revoke = with_config(token->add_subcommand("revoke", "Make a token worthless at once."), chosen);
    revoke->add_option("ID", *id, "As list prints it")->required();
    revoke->callback([&chosen, id] { chosen.run = [id](Environment& environment) { return revoke_token(environment, *id); }; });
    create->callback([&chosen, options] {
        chosen.run = [options](Environment& environment) {
            return create_token(environment, options->name, options->role,
                                options->community.empty() ? std::nullopt : std::optional(options->community));
        };
    });
}

}  // namespace

void add_access_commands(CLI::App& app, Chosen& chosen) {
    add_token(app, chosen);
    auto const email = std::make_shared<std::string>();
    auto* login = with_config(app.add_subcommand("login-link", "Print a single-use sign-in link."), chosen);
    login->add_option("EMAIL", *email, "Whose")->required();
    login->callback([&chosen, email] { chosen.run = [email](Environment& environment) { return print_login_link(environment, *email); }; });
}

}  // namespace convoke::cli
