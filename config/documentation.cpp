#include "config/documentation.hpp"

#include "config/settings_table.hpp"

namespace convoke::config {

std::string example_file() {
    std::string out = "# Settings of Convoke. Every key is optional; what stands here is the default.\n"
                      "# Each key is also an environment variable, e.g. CONVOKE_HTTP_LISTEN (lists separated by commas),\n"
                      "# and a flag, e.g. --http.listen. A flag wins over the environment, the environment over this file.\n";
    std::string_view section;
    Settings const defaults;
    for (Row const& row : settings_table()) {
        if (row.section != section) out += "\n[" + std::string(row.section) + "]\n";
        section = row.section;
        out += "# " + std::string(row.help) + "\n#" + std::string(row.key) + " = " + toml_text(row.get(defaults)) + "\n";
    }
    return out;
}

std::string settings_page() {
    std::string out = "# Settings\n\n"
                      "One TOML file, named by `--config FILE`; `convoke settings` prints one with every default. Every key is optional. Each\n"
                      "is also an environment variable (lists separated by commas) and a flag of every command that reads settings. A flag\n"
                      "wins over the environment, the environment over the file.\n\n"
                      "What is wrong stops the start, all of it at once, a line each with place, key, reason and remedy;\n"
                      "`convoke serve --check-config` says the same lines and starts nothing. So does a variable `CONVOKE_…` that is\n"
                      "nearly a setting's.\n\n"
                      "This page is made by `convoke settings --markdown`.\n";
    std::string_view section;
    Settings const defaults;
    for (Row const& row : settings_table()) {
        if (row.section != section) out += "\n## [" + std::string(row.section) + "]\n\n| key | value | default | |\n|---|---|---|---|\n";
        section = row.section;
        std::string help(row.help);
        for (std::size_t at = 0; (at = help.find('|', at)) != std::string::npos; at += 2) help.insert(at, 1, '\\');
        out += "| `" + std::string(row.key) + "`<br>`" + environment_name(row) + "`<br>`--" + name_of(row) + "` | " + std::string(row.value) +
               " | `" + toml_text(row.get(defaults)) + "` | " + help + " |\n";
    }
    return out;
}

}  // namespace convoke::config
