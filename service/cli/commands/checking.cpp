#include "calendar/lint.hpp"
#include "service/cli/commands/families.hpp"

#include <CLI/CLI.hpp>

#include <boost/json.hpp>

#include <fstream>
#include <iostream>
#include <iterator>

namespace convoke::cli {

namespace {

using calendar::LintContext;

struct LintLine {
    std::string file, profile;
    LintContext context;
    bool json = false;
};

std::string text_of(std::string const& file) {
    if (file == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
    std::ifstream in(file, std::ios::binary);
    if (!in) throw CommandFailed(Failure(errc::not_found, file + " cannot be read"));
    return {std::istreambuf_iterator<char>(in), {}};
}

char const* word(calendar::Severity severity) { return severity == calendar::Severity::error ? "error" : "warning"; }

int lint_file(LintLine const& line) {
    auto const findings = calendar::lint(text_of(line.file), line.context);
    if (line.json) {
        boost::json::array all;
        for (auto const& f : findings)
            all.push_back({{"rule", f.rule}, {"severity", word(f.severity)}, {"line", f.line}, {"problem", f.problem}, {"remedy", f.remedy}});
        std::cout << boost::json::serialize(all) << "\n";
    } else {
        for (auto const& f : findings)
            std::cout << line.file << ":" << f.line << ": " << word(f.severity) << ": " << f.rule << ": " << f.problem << "; right would be: " << f.remedy << "\n";
    }
    std::cout.flush();
    if (findings.empty() && !line.json) std::cerr << "convoke: " << line.file << " is right\n";
    return calendar::first_error(findings).empty() ? 0 : 1;
}

}  // namespace

void add_checking_commands(CLI::App& app, Chosen& chosen) {
    auto line = std::make_shared<LintLine>();
    auto* lint = app.add_subcommand("lint", "Say what other programs would take amiss in an iCalendar file; exit 1 on an error.");
    lint->add_option("FILE", line->file, "The file; - reads standard input")->required();
    lint->add_flag("--json", line->json, "As a JSON array");
    lint->add_option("--profile", line->profile, "What it is; by default its METHOD decides")->check(CLI::IsMember({"invitation", "feed"}));
    lint->add_option("--method", line->context.method, "The method that the mail's Content-Type says");
    lint->add_option("--recipient", line->context.recipient, "Who must be its ATTENDEE");
    lint->add_option("--organizer", line->context.organizer, "The mailbox that reads the answers");
    std::string rules = "Rules:\n";
    for (auto const& rule : calendar::lint_rules()) rules += "  " + std::string(rule.rule) + ": " + std::string(rule.says) + "\n";
    lint->footer(rules);
    lint->callback([line, &chosen] {
        if (line->profile == "invitation") line->context.profile = LintContext::Profile::invitation;
        if (line->profile == "feed") line->context.profile = LintContext::Profile::feed;
        chosen.run_alone = [line] { return lint_file(*line); };
    });
}

}  // namespace convoke::cli
