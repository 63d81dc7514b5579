#include "config/reader.hpp"

#include "config/nearest.hpp"
#include "config/settings_table.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>
#include <filesystem>
#include <optional>

namespace convoke::config {

namespace {

constexpr std::string_view prefix = "CONVOKE_";

std::vector<std::string> all_names() {
    std::vector<std::string> names;
    for (Row const& row : settings_table()) names.push_back(name_of(row));
    return names;
}

std::vector<std::string> all_sections() {
    std::vector<std::string> names;
    for (Row const& row : settings_table())
        if (names.empty() || names.back() != row.section) names.emplace_back(row.section);
    return names;
}

std::string joined(std::vector<std::string> const& words) {
    std::string text;
    for (std::string const& word : words) text += (text.empty() ? "" : ", ") + word;
    return text;
}

Row const* find_row(std::string const& name) {
    auto const rows = settings_table();
    auto const row = std::find_if(rows.begin(), rows.end(), [&](Row const& one) { return name_of(one) == name; });
    return row == rows.end() ? nullptr : &*row;
}

// A key in the wrong section, a misspelt one, or at least what the section has.
std::string no_such_setting(std::string const& section, std::string const& key) {
    std::vector<std::string> own;
    for (Row const& row : settings_table()) {
        if (row.section == section) own.emplace_back(row.key);
        if (row.key == key) return "there is no such setting; did you mean " + name_of(row) + "?";
    }
    std::string near = nearest(key, own, std::max<std::size_t>(2, key.size() / 3));
    if (!near.empty()) near = section + "." + near;
    if (near.empty()) near = nearest(section + "." + key, all_names(), std::max<std::size_t>(3, key.size() / 2));
    if (!near.empty()) return "there is no such setting; did you mean " + near + "?";
    return "there is no such setting; [" + section + "] has " + joined(own);
}

std::string wanted(Value const& like) {
    if (std::holds_alternative<bool>(like)) return "must be true or false";
    if (std::holds_alternative<std::int64_t>(like)) return "must be a whole number";
    if (std::holds_alternative<std::string>(like)) return "must be a text in quotes";
    return "must be a list of texts, e.g. [\"a\", \"b\"]";
}

std::optional<Value> value_from_node(Value const& like, toml::node const& node) {
    if (std::holds_alternative<bool>(like)) {
        if (auto const flag = node.value_exact<bool>()) return *flag;
    } else if (std::holds_alternative<std::string>(like)) {
        if (auto const text = node.value_exact<std::string>()) return *text;
    } else if (std::holds_alternative<std::int64_t>(like)) {
        if (auto const number = node.value_exact<std::int64_t>()) return *number;
    } else if (toml::array const* array = node.as_array()) {
        std::vector<std::string> texts;
        for (auto const& item : *array) {
            auto const text = item.value_exact<std::string>();
            if (!text) return std::nullopt;
            texts.push_back(*text);
        }
        return texts;
    }
    return std::nullopt;
}

std::optional<Value> value_from_text(Value const& like, std::string const& text) {
    if (std::holds_alternative<std::string>(like)) return text;
    if (std::holds_alternative<bool>(like))
        return text == "true" ? std::optional<Value>(true) : text == "false" ? std::optional<Value>(false) : std::nullopt;
    if (std::holds_alternative<std::int64_t>(like)) {
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) return number;
        return std::nullopt;
    }
    std::vector<std::string> texts;
    for (std::size_t start = 0; start <= text.size() && !text.empty();) {
        std::size_t const comma = std::min(text.find(',', start), text.size());
        std::string part = text.substr(start, comma - start);
        part.erase(0, part.find_first_not_of(' '));
        part.erase(part.find_last_not_of(' ') + 1);
        texts.push_back(std::move(part));
        start = comma + 1;
    }
    return texts;
}

class Loading {
public:
    Loaded loaded;

    void read_file(std::string const& file) {
        toml::table table;
        std::error_code error;
        if (std::filesystem::is_directory(file, error)) return fault(file, "", "is a directory; name the TOML file");
        try {
            table = toml::parse_file(file);
        } catch (toml::parse_error const& refused) {
            auto const at = refused.source().begin;
            std::string const place = at ? file + ":" + std::to_string(at.line) + ":" + std::to_string(at.column) : file;
            return fault(place, "", at ? "not TOML: " + std::string(refused.description()) : "cannot be read: name a file that exists and may be read");
        }
        // toml++ keeps keys in the order of the alphabet; people read faults in the order of lines.
        std::multimap<std::uint32_t, std::function<void()>> steps;
        for (auto const& [section, node] : table) {
            std::string const name(section.str());
            toml::table const* keys = node.as_table();
            if (!keys || !is_section(name)) {
                steps.emplace(line_of(node), [this, where = place(file, node), name, keys] { wrong_section(where, name, keys != nullptr); });
                continue;
            }
            for (auto const& [key, value] : *keys)
                steps.emplace(line_of(value), [this, where = place(file, value), name, own = std::string(key.str()), from = &value] {
                    take(where, name, own, *from);
                });
        }
        for (auto const& [line, step] : steps) step();
    }

    void read_environment(Texts const& environment) {
        for (Row const& row : settings_table())
            for (auto const& [name, text] : environment)
                if (name == environment_name(row)) take_text(row, text, name);
        for (auto const& [name, text] : environment) judge_variable(name);
    }

    void read_flags(Texts const& flags) {
        for (auto const& [name, text] : flags) {
            if (Row const* row = find_row(name))
                take_text(*row, text, "--" + name);
            else
                fault("--" + name, name, no_such_setting(name.substr(0, name.find('.')), name.substr(name.find('.') + 1)));
        }
    }

    void check_pairs() {
        auto const& http = loaded.settings.http;
        if (http.tls_certificate.empty() == http.tls_key.empty()) return;
        std::string const said = http.tls_key.empty() ? "http.tls_certificate" : "http.tls_key";
        fault(loaded.place_of(said), said, "http.tls_certificate and http.tls_key belong together: set both or none");
    }

private:
    static std::uint32_t line_of(toml::node const& node) { return node.source().begin.line; }
    static std::string place(std::string const& file, toml::node const& node) { return file + ":" + std::to_string(line_of(node)); }

    static bool is_section(std::string const& name) {
        auto const rows = settings_table();
        return std::any_of(rows.begin(), rows.end(), [&](Row const& row) { return row.section == name; });
    }

    void fault(std::string where, std::string key, std::string reason) {
        loaded.faults.push_back({std::move(where), std::move(key), std::move(reason)});
    }

    void wrong_section(std::string const& where, std::string const& name, bool table) {
        if (!table) return fault(where, name, "settings stand in sections, e.g. [http]");
        std::string const near = nearest(name, all_sections(), 2);
        fault(where, name, near.empty() ? "there is no such section; there are " + joined(all_sections())
                                        : "there is no such section; did you mean [" + near + "]?");
    }

    void take(std::string const& where, std::string const& section, std::string const& key, toml::node const& node) {
        std::string const name = section + "." + key;
        Row const* row = find_row(name);
        if (!row) return fault(where, name, no_such_setting(section, key));
        Value const like = row->get(loaded.settings);
        set(*row, value_from_node(like, node), like, where);
    }

    void take_text(Row const& row, std::string const& text, std::string const& where) {
        Value const like = row.get(loaded.settings);
        set(row, value_from_text(like, text), like, where);
    }

    void set(Row const& row, std::optional<Value> value, Value const& like, std::string const& where) {
        std::string const name = name_of(row);
        loaded.places[name] = where;
        if (!value) return fault(where, name, wanted(like));
        if (auto refusal = row.set(loaded.settings, *std::move(value))) fault(where, name, *refusal);
    }

    void judge_variable(std::string const& name) {
        if (!name.starts_with(prefix) || name.starts_with("CONVOKE_TEST_")) return;
        std::vector<std::string> known;
        for (Row const& row : settings_table()) known.push_back(environment_name(row));
        if (std::find(known.begin(), known.end(), name) != known.end()) return;
        std::string const first = name.substr(prefix.size(), name.find('_', prefix.size()) - prefix.size());
        auto const sections = all_sections();
        bool const ours = std::any_of(sections.begin(), sections.end(), [&](std::string const& section) {
            return section.size() == first.size() && std::equal(first.begin(), first.end(), section.begin(),
                                                                [](char a, char b) { return a == (b >= 'a' && b <= 'z' ? b - 32 : b); });
        });
        std::string const near = nearest(name, known, ours ? name.size() : 3);
        if (ours || !near.empty()) fault(name, "", "names no setting; did you mean " + near + "?");
    }
};

}  // namespace

std::string Fault::line() const {
    std::string text = place == "default" ? "" : place;
    for (std::string const& part : {key, reason})
        if (!part.empty()) text += (text.empty() ? "" : ": ") + part;
    return text;
}

std::string Loaded::place_of(std::string const& key) const {
    auto const found = places.find(key);
    return found == places.end() ? "default" : found->second;
}

Loaded load_settings(Sources const& sources) {
    Loading loading;
    if (!sources.file.empty()) loading.read_file(sources.file);
    loading.read_environment(sources.environment);
    loading.read_flags(sources.flags);
    loading.check_pairs();
    return std::move(loading.loaded);
}

}  // namespace convoke::config
