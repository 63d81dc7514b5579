// convoke import programme | members. Results (what was done, a line each) on standard output; notes and faults on
// standard error. Exit code 1 when nothing was taken. As JSON: one object, with the faults when there are any.
#pragma once

#include "service/cli/environment.hpp"

#include <optional>
#include <string>

namespace convoke::cli {

struct ProgrammeImport {
    std::string file, community;
    std::optional<int> year, table;
    bool publish = false, dry_run = false, json = false;
};
int import_programme(Environment& environment, ProgrammeImport const& wanted);
int import_members(Environment& environment, std::string const& file, std::string const& community, bool dry_run, bool as_json);

}  // namespace convoke::cli
