#include "service/cli/commands/families.hpp"

#include <CLI/CLI.hpp>

#include <algorithm>

namespace convoke::cli {

namespace {

struct Word {
    std::string name, says;
    bool takes_value = false;          // of options
    std::vector<std::string> choices;  // of options: the only values
};

// What may follow "convoke token create": the table that all scripts are made of.
struct Place {
    std::string path;
    std::vector<Word> commands, options;
};

struct Table {
    std::vector<Place> places;
    std::vector<Word> settings;  // flags of every command, offered once their section is typed
};

// {admin, organiser} of the type name "TEXT:{admin,organiser}".
std::vector<std::string> choices_of(CLI::Option const& option) {
    std::string const type = option.get_type_name();
    std::size_t const open = type.find('{'), close = type.find('}');
    if (open == std::string::npos || close == std::string::npos) return {};
    return CLI::detail::split(type.substr(open + 1, close - open - 1), ',');
}

std::string first_line(std::string const& text) { return text.substr(0, text.find('\n')); }

void collect(CLI::App const& command, std::string const& path, Table& table) {
    Place place{path, {}, {}};
    for (CLI::Option const* option : command.get_options())
        for (std::string const& name : option->get_lnames()) {
            bool const setting = name.find('.') != std::string::npos;
            (setting ? table.settings : place.options)
                .push_back({"--" + name, first_line(option->get_description()), option->get_items_expected_max() > 0, choices_of(*option)});
        }
    auto const subs = command.get_subcommands([](CLI::App const*) { return true; });
    for (CLI::App const* sub : subs) place.commands.push_back({sub->get_name(), first_line(sub->get_description())});
    table.places.push_back(std::move(place));
    for (CLI::App const* sub : subs) collect(*sub, path + " " + sub->get_name(), table);
}

Table table_of(CLI::App const& app) {
    Table table;
    collect(app, "convoke", table);
    return table;
}

template <class List, class Text>
std::string joined(List const& list, std::string_view between, Text text) {
    std::string all;
    for (auto const& one : list) all += (all.empty() ? "" : std::string(between)) + text(one);
    return all;
}

std::string names(std::vector<Word> const& words) {
    return joined(words, " ", [](Word const& word) { return word.name; });
}

// Places that are commands themselves, each in double quotes: all but the program.
std::string known_paths(Table const& table, std::string_view between) {
    std::vector<Place> const commands(table.places.begin() + 1, table.places.end());
    return joined(commands, between, [](Place const& place) { return "\"" + place.path + "\""; });
}

template <class Line>
std::string per_choice(Table const& table, Line line) {
    std::string all;
    for (Place const& place : table.places)
        for (Word const& option : place.options)
            if (!option.choices.empty())
                all += line(place.path + " " + option.name, joined(option.choices, " ", [](std::string const& word) { return word; }));
    return all;
}

// A word of the shell whatever is in it.
std::string quoted(std::string const& text, std::string_view quote) {
    std::string out = "'";
    for (char const c : text) out += c == '\'' ? std::string(quote) : std::string(1, c);
    return out + "'";
}
std::string zsh_quoted(std::string const& text) { return quoted(text, "'\\''"); }
std::string fish_quoted(std::string text) {
    for (std::size_t at = 0; (at = text.find('\\', at)) != std::string::npos; at += 2) text.insert(at, 1, '\\');
    return quoted(text, "\\'");
}

// Two arrays of zsh: what is inserted, and what is shown for it.
std::string zsh_arrays(std::string const& name, std::vector<Word> const& words) {
    return name + "=(" + names(words) + ") " + name + "_say=(" +
           joined(words, " ", [](Word const& word) { return zsh_quoted(word.name + (word.says.empty() ? "" : "  -- " + word.says)); }) + ")";
}

}  // namespace

std::string bash_completion(CLI::App const& app) {
    Table const table = table_of(app);
    std::string words;
    for (Place const& place : table.places)
        words += "        \"" + place.path + "\") names=\"" + names(place.commands) + "\" options=\"" + names(place.options) + "\" ;;\n";
    return "# Completes the commands of convoke in bash; made by `convoke completion bash`.\n"
           "_convoke() {\n"
           "    local current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD-1]} path=convoke words= names= options= i\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        case \"$path ${COMP_WORDS[i]}\" in\n"
           "        " + known_paths(table, "|") + ") path+=\" ${COMP_WORDS[i]}\" ;;\n"
           "        esac\n"
           "    done\n"
           "    case \"$path $previous\" in\n" +
           per_choice(table, [](std::string const& at, std::string const& choices) { return "        \"" + at + "\") words=\"" + choices + "\" ;;\n"; }) +
           "    esac\n"
           "    case $path in\n" + words +
           "    esac\n"
           "    if [[ -z $words ]]; then\n"
           "        if [[ $current == -* ]]; then words=$options; else words=$names; fi\n"
           "        [[ $previous != --config ]] || words=\n"
           "        # A setting is a flag of every command; offered once its section is typed.\n"
           "        [[ $current != --*.* ]] || words=\"" + names(table.settings) + "\"\n"
           "    fi\n"
           "    # Without words of its own, complete falls back to file names.\n"
           "    COMPREPLY=($(compgen -W \"$words\" -- \"$current\"))\n"
           "}\n"
           "complete -o default -F _convoke convoke\n";
}

std::string zsh_completion(CLI::App const& app) {
    Table const table = table_of(app);
    std::string places;
    for (Place const& place : table.places)
        places += "    (\"" + place.path + "\") " + zsh_arrays("names", place.commands) + "\n        " + zsh_arrays("options", place.options) + " ;;\n";
    return "#compdef convoke\n"
           "# Completes the commands of convoke in zsh; made by `convoke completion zsh`.\n"
           "_convoke() {\n"
           "    local current=${words[CURRENT]} previous=${words[CURRENT-1]} place=convoke i\n"
           "    local -a names names_say options options_say settings settings_say\n"
           "    for ((i = 2; i < CURRENT; i++)); do\n"
           "        case \"$place ${words[i]}\" in\n"
           "        (" + known_paths(table, "|") + ") place+=\" ${words[i]}\" ;;\n"
           "        esac\n"
           "    done\n"
           "    case \"$place $previous\" in\n" +
           per_choice(table, [](std::string const& at, std::string const& choices) { return "    (\"" + at + "\") compadd -- " + choices + "; return ;;\n"; }) +
           "    (*\" --config\") _files; return ;;\n"
           "    esac\n"
           "    case $place in\n" + places +
           "    esac\n"
           "    if [[ $current == --*.* ]]; then\n"
           "        # A setting is a flag of every command; offered once its section is typed.\n"
           "        " + zsh_arrays("settings", table.settings) + "\n"
           "        compadd -l -d settings_say -- $settings\n"
           "    elif [[ $current == -* ]]; then\n"
           "        compadd -l -d options_say -- $options\n"
           "    elif (( $#names )); then\n"
           "        compadd -l -d names_say -- $names\n"
           "    else\n"
           "        _files\n"
           "    fi\n"
           "}\n"
           "# Kept as _convoke in a directory of $fpath it is called; in `eval` it registers itself.\n"
           "if [[ $funcstack[1] == _convoke ]]; then _convoke \"$@\"; else compdef _convoke convoke; fi\n";
}

std::string fish_completion(CLI::App const& app) {
    Table const table = table_of(app);
    std::string lines;
    auto const add = [&lines](std::string const& condition, std::string const& rest, Word const& word) {
        lines += "complete -c convoke -n " + fish_quoted(condition) + " " + rest + (word.says.empty() ? "" : " -d " + fish_quoted(word.says)) + "\n";
    };
    auto const option = [&add](std::string const& condition, Word const& word) {
        std::string const choices = joined(word.choices, " ", [](std::string const& one) { return one; });
        add(condition, "-l " + word.name.substr(2) + (choices.empty() ? word.takes_value ? " -r" : "" : " -x -a " + fish_quoted(choices)), word);
    };
    for (Place const& place : table.places) {
        std::string const here = "__convoke_at \"" + place.path + "\"";
        for (Word const& word : place.commands) add(here, "-f -a " + word.name, word);
        for (Word const& word : place.options) option(here, word);
    }
    for (Word const& word : table.settings) option("__convoke_names_setting", word);
    return "# Completes the commands of convoke in fish; made by `convoke completion fish`.\n"
           "function __convoke_at\n"
           "    set -l place convoke\n"
           "    set -l typed (commandline -opc)\n"
           "    for word in $typed[2..-1]\n"
           "        contains -- \"$place $word\" " + known_paths(table, " ") + "; and set place \"$place $word\"\n"
           "    end\n"
           "    test \"$place\" = $argv[1]\n"
           "end\n"
           "# A setting is a flag of every command; offered once its section is typed.\n"
           "function __convoke_names_setting\n"
           "    string match -q -- '--*.*' (commandline -ct)\n"
           "end\n" + lines;
}

}  // namespace convoke::cli
