#include "service/cli/audit_commands.hpp"
#include "service/cli/commands/families.hpp"
#include "service/cli/data_commands.hpp"

#include <CLI/CLI.hpp>

namespace convoke::cli {

namespace {

void add_outbox(CLI::App& app, Chosen& chosen) {
    struct Options {
        std::string id, event, recipient, state;
        std::vector<std::string> ids;
        bool json = false;
    };
    auto const options = std::make_shared<Options>();
    auto* outbox = app.add_subcommand("outbox", "What was, is and will be mailed.")->require_subcommand(1);
    auto* list = with_config(outbox->add_subcommand("list", "One mail a line: id, state, kind, recipient, time, attempts, subject, last error."), chosen);
    list->add_option("--event", options->event, "Only of this event");
    list->add_option("--recipient", options->recipient, "Only to this address");
    list->add_option("--state", options->state, "pending, sending, sent, failed or superseded")
        ->check(CLI::IsMember({"pending", "sending", "sent", "failed", "superseded"}));
    list->add_flag("--json", options->json, "As a JSON array");
    list->callback([&chosen, options] {
        chosen.run = [options](Environment& environment) {
            return list_outbox(environment, options->event, options->recipient, options->state, options->json);
        };
    });
    auto* show = with_config(outbox->add_subcommand("show", "One mail, with its bytes if they are written."), chosen);
    show->add_option("ID", options->id, "As list prints it")->required();
    show->callback([&chosen, options] { chosen.run = [options](Environment& environment) { return show_mail(environment, options->id); }; });
    auto* retry = with_config(outbox->add_subcommand("retry", "Send failed mails again."), chosen);
    retry->add_option("ID", options->ids, "As list prints it; several are allowed")->required();
    retry->callback([&chosen, options] { chosen.run = [options](Environment& environment) { return retry_mails(environment, options->ids); }; });
}

void add_person(CLI::App& app, Chosen& chosen) {
    struct Options {
        std::string email;
        bool yes = false;
    };
    auto const options = std::make_shared<Options>();
    auto* person = app.add_subcommand("person", "What is held about a person; erasure.")->require_subcommand(1);
    auto* exported = with_config(person->add_subcommand("export", "Everything held about a person, as JSON."), chosen);
    exported->add_option("EMAIL", options->email, "Whose")->required();
    exported->callback([&chosen, options] { chosen.run = [options](Environment& environment) { return export_person(environment, options->email); }; });
    auto* erase = with_config(person->add_subcommand("erase", "Erase everything held about a person. Cannot be undone."), chosen);
    erase->add_option("EMAIL", options->email, "Whose")->required();
    erase->add_flag("--yes", options->yes, "Do not ask");
    erase->callback([&chosen, options] {
        chosen.run = [options](Environment& environment) { return erase_person(environment, options->email, options->yes); };
    });
}

void add_audit(CLI::App& app, Chosen& chosen) {
    struct Options {
        std::string community, event, head;
        std::size_t limit = 0;
        bool json = false;
    };
    auto const options = std::make_shared<Options>();
    auto* audit = app.add_subcommand("audit", "Who changed what, and when.")->require_subcommand(1);
    auto* list = with_config(audit->add_subcommand("list", "Newest first, one change a line: time, actor, action, community, event, person, detail."), chosen);
    list->add_option("--community", options->community, "Only of this community (slug)");
    list->add_option("--event", options->event, "Only of this event (id)");
    list->add_option("--limit", options->limit, "At most so many lines");
    list->add_flag("--json", options->json, "As a JSON array");
    list->callback([&chosen, options] {
        chosen.run = [options](Environment& environment) {
            return list_audit(environment, options->community, options->event, options->limit, options->json);
        };
    });
    auto* verify = with_config(audit->add_subcommand("verify", "Follow the log's chain of hashes and print its head; exit 1 when the log was changed."), chosen);
    verify->add_option("--head", options->head, "A head noted earlier, which must still be part of the chain");
    verify->callback([&chosen, options] { chosen.run = [options](Environment& environment) { return verify_audit(environment, options->head); }; });
}

}  // namespace

void add_record_commands(CLI::App& app, Chosen& chosen) {
    add_outbox(app, chosen);
    add_person(app, chosen);
    add_audit(app, chosen);
}

}  // namespace convoke::cli
