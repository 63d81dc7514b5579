#include "service/cli/commands/families.hpp"

#include <CLI/CLI.hpp>

namespace convoke::cli {

namespace {

std::string joined(std::vector<std::string> const& words, std::string_view between) {
    std::string text;
    for (std::string const& word : words) text += (text.empty() ? "" : std::string(between)) + word;
    return text;
}

// "admin organiser" of the type name "TEXT:{admin,organiser}".
std::string choices_of(CLI::Option const& option) {
    std::string const type = option.get_type_name();
    std::size_t const open = type.find('{'), close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) return "";
    std::string words = type.substr(open + 1, close - open - 1);
    std::replace(words.begin(), words.end(), ',', ' ');
    return words;
}

struct Script {
    std::string known;    // patterns of the paths that are commands
    std::string words;    // what may follow a path
    std::string choices;  // what may follow an option of a path

    void add(CLI::App const& command, std::string const& path) {
        std::vector<std::string> names, options;
        for (CLI::App const* sub : command.get_subcommands([](CLI::App const*) { return true; })) {
            names.push_back(sub->get_name());
            known += (known.empty() ? "" : "|") + ("\"" + path + " " + sub->get_name() + "\"");
            add(*sub, path + " " + sub->get_name());
        }
        for (CLI::Option const* option : command.get_options()) {
            for (std::string const& name : option->get_lnames())
                if (name.find('.') == std::string::npos) options.push_back("--" + name);
            std::string const fixed = choices_of(*option);
            for (std::string const& name : option->get_lnames())
                if (!fixed.empty()) choices += "        \"" + path + " --" + name + "\") words=\"" + fixed + "\" ;;\n";
        }
        words += "        \"" + path + "\") names=\"" + joined(names, " ") + "\" options=\"" + joined(options, " ") + "\" ;;\n";
    }
};

}  // namespace

std::string bash_completion(CLI::App const& app) {
    Script script;
    script.add(app, "convoke");
    std::vector<std::string> settings;
    for (CLI::Option const* option : app.get_options())
        for (std::string const& name : option->get_lnames())
            if (name.find('.') != std::string::npos) settings.push_back("--" + name);
    return "# Completes the commands of convoke in bash; made by `convoke completion bash`.\n"
           "_convoke() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path=convoke words= names= options= i\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        case \"$path ${COMP_WORDS[i]}\" in\n"
           "        " + script.known + ") path+=\" ${COMP_WORDS[i]}\" ;;\n"
           "        esac\n"
           "    done\n"
           "    case \"$path $previous\" in\n" + script.choices +
           "    esac\n"
           "    case $path in\n" + script.words +
           "    esac\n"
           "    if [[ -z $words ]]; then\n"
           "        if [[ $current == -* ]]; then words=$options; else words=$names; fi\n"
           "        [[ $previous != --config ]] || words=\n"
           "        # A setting is a flag of every command; offered once its section is typed.\n"
           "        [[ $current != --*.* ]] || words=\"" + joined(settings, " ") + "\"\n"
           "    fi\n"
           "    # Without words of its own, complete falls back to file names.\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "}\n"
           "complete -o default -F _convoke convoke\n";
}

}  // namespace convoke::cli
