#include "service/cli/import_commands.hpp"

#include "calendar/words.hpp"
#include "service/cli/progress.hpp"
#include "service/usecases/import_members.hpp"
#include "service/usecases/import_programme.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <fstream>
#include <iostream>
#include <sstream>

namespace convoke::cli {

namespace documents = domain::documents;
namespace json = boost::json;
using store::Transaction;

namespace {

constexpr std::uintmax_t largest_file = 8 * 1024 * 1024;

std::string read_file(std::string const& name) {
    std::error_code error;
    auto const size = std::filesystem::file_size(name, error);
    if (error) throw CommandFailed(name + ": " + error.message());
    if (size > largest_file) throw CommandFailed(name + ": larger than 8 MiB; that is no list of a programme or of members");
    std::ifstream file(name, std::ios::binary);
    std::ostringstream text;
    text << file.rdbuf();
    if (!file) throw CommandFailed(name + ": cannot be read");
    return text.str();
}

// Runs `verb` in one transaction; with `dry_run` it is rolled back when it is done.
template <class Report, class Verb>
Report run(Environment& environment, bool dry_run, Verb verb) {
    std::optional<Report> report;
    auto const done = environment.database().write_now([&](Transaction& tx) -> result<Report> {
        CONVOKE_TRY(made, verb(tx));
        report = made;
        if (dry_run) return Failure(errc::invalid_state, "a dry run keeps nothing");
        return made;
    });
    if (!done && !(dry_run && report)) throw CommandFailed(done.error());
    return *report;
}

std::string_view name_of(usecases::ImportedLine::Outcome outcome) {
    switch (outcome) {
        case usecases::ImportedLine::Outcome::added: return "added";
        case usecases::ImportedLine::Outcome::changed: return "changed";
        case usecases::ImportedLine::Outcome::unchanged: return "unchanged";
    }
    return "";
}

std::string when_of(usecases::ImportedLine const& line) {
    return calendar::say_when(line.event.definition.schedule, line.event.zone, "en", line.event.created).brief;
}

void print(json::object const& object) { std::cout << json::serialize(object) << std::endl; }

void print_report(ProgrammeImport const& wanted, usecases::ImportReport const& report) {
    json::array events, missing;
    for (auto const& line : report.events)
        events.push_back(json::object{{"outcome", name_of(line.outcome)}, {"state", domain::name_of(line.event.state)}, {"when", when_of(line)},
                                      {"format", line.event.definition.format}, {"kind", line.event.definition.kind}, {"title", line.event.definition.title}});
    for (std::string const& title : report.missing) missing.push_back(json::string(title));
    using Outcome = usecases::ImportedLine::Outcome;
    print({{"dryRun", wanted.dry_run}, {"added", report.count(Outcome::added)}, {"changed", report.count(Outcome::changed)},
           {"unchanged", report.count(Outcome::unchanged)}, {"events", std::move(events)}, {"missing", std::move(missing)},
           {"objectives", report.objectives}, {"topics", report.topics}, {"outputs", report.outputs}});
}

// What kept a list from being taken, for scripts; then the command ends as ever.
[[noreturn]] void refuse_as_json(Failure const& failure) {
    json::array faults;
    for (Fault const& fault : failure.faults) faults.push_back(json::object{{"place", fault.pointer}, {"code", slug(fault.code)}, {"detail", fault.detail}});
    if (faults.empty()) faults.push_back(json::object{{"place", ""}, {"code", slug(failure.code)}, {"detail", failure.detail}});
    print({{"faults", std::move(faults)}});
    throw CommandFailed(failure);
}

}  // namespace

int import_programme(Environment& environment, ProgrammeImport const& wanted) {
    auto const proposed = Environment::need(
        documents::read_programme(read_file(wanted.file), std::filesystem::path(wanted.file).filename().string(), wanted.year, wanted.table));
    for (std::string const& note : proposed.notes) std::cerr << "note: " << note << '\n';
    if (!proposed.faults.empty()) {
        for (auto const& fault : proposed.faults)
            std::cerr << wanted.file << ":" << fault.line << ": " << (fault.column.empty() ? "" : "column " + fault.column + ": ") << fault.detail << '\n';
        if (wanted.json) {
            json::array faults;
            for (auto const& fault : proposed.faults) faults.push_back(json::object{{"line", fault.line}, {"column", fault.column}, {"detail", fault.detail}});
            print({{"faults", std::move(faults)}});
        }
        throw CommandFailed("nothing was imported: " + std::to_string(proposed.faults.size()) + " cells cannot be read");
    }
    auto const context = environment.context();
    auto const report = [&] {
        Progress progress("importing the programme", proposed.events.size());
        return run<usecases::ImportReport>(environment, wanted.dry_run, [&](Transaction& tx) {
            return usecases::import_programme(tx, context, {wanted.community, wanted.publish}, proposed, [&](std::size_t done) { progress.done(done); });
        });
    }();
    if (wanted.json) {
        print_report(wanted, report);
        return 0;
    }
    for (auto const& line : report.events)
        std::cout << name_of(line.outcome) << '\t' << domain::name_of(line.event.state) << '\t' << when_of(line) << '\t'
                  << line.event.definition.format << '\t' << line.event.definition.kind << '\t' << line.event.definition.title << '\n';
    for (std::string const& title : report.missing) std::cerr << "note: no longer in the document, left as it is: " << title << '\n';
    using Outcome = usecases::ImportedLine::Outcome;
    std::cout << (wanted.dry_run ? "dry run: " : "") << report.events.size() << " events: " << report.count(Outcome::added) << " added, "
              << report.count(Outcome::changed) << " changed, " << report.count(Outcome::unchanged) << " unchanged";
    if (report.objectives + report.outputs > 0)
        std::cout << "; programme: " << report.objectives << " objectives, " << report.topics << " priority topics, " << report.outputs
                  << " outputs" << (report.programme_written ? "" : ", unchanged");
    std::cout << std::endl;
    return 0;
}

int import_members(Environment& environment, std::string const& file, std::string const& community, bool dry_run, bool as_json) {
    auto const read = documents::read_members(read_file(file));
    if (!read && as_json) refuse_as_json(read.error());
    auto const document = Environment::need(read);
    auto const context = environment.context();
    environment.database();
    auto const report = [&] {
        Progress progress("importing members", document.members.size());
        return run<usecases::MembersReport>(environment, dry_run, [&](Transaction& tx) {
            return usecases::import_members(tx, context, community, document, [&](std::size_t done) { progress.done(done); });
        });
    }();
    if (as_json) {
        print({{"dryRun", dry_run}, {"members", document.members.size()}, {"added", report.added}, {"changed", report.changed}, {"unchanged", report.unchanged}});
        return 0;
    }
    std::cout << (dry_run ? "dry run: " : "") << document.members.size() << " members: " << report.added << " added, " << report.changed
              << " changed, " << report.unchanged << " unchanged" << std::endl;
    return 0;
}

}  // namespace convoke::cli
