#include "config/reader.hpp"

#include "config/settings_table.hpp"

#include <toml++/toml.h>

#include <algorithm>
#include <charconv>

namespace convoke::config {

namespace {

std::string name_of(Row const& row) { return std::string(row.section) + "." + std::string(row.key); }

std::string place(std::string const& file, toml::node const& node) {
    return file + ":" + std::to_string(node.source().begin.line) + ": ";
}

// The key with the fewest letters different, for "did you mean".
std::string nearest(std::string const& name) {
    auto const distance = [](std::string_view a, std::string_view b) {
        std::vector<std::size_t> row(b.size() + 1);
        for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
        for (std::size_t i = 1; i <= a.size(); ++i) {
            std::size_t corner = row[0];
            row[0] = i;
            for (std::size_t j = 1; j <= b.size(); ++j) {
                std::size_t const above = row[j];
                row[j] = std::min({above + 1, row[j - 1] + 1, corner + (a[i - 1] == b[j - 1] ? 0 : 1)});
                corner = above;
            }
        }
        return row.back();
    };
    std::string best;
    std::size_t least = 1000;
    for (Row const& row : settings_table()) {
        std::size_t const now = distance(name, name_of(row));
        if (now < least) {
            least = now;
            best = name_of(row);
        }
    }
    return best;
}

void set(Row const& row, Settings& settings, Value value, std::string const& where) {
    if (auto refusal = row.set(settings, std::move(value))) throw SettingsError(where + name_of(row) + ": " + *refusal);
}

Value value_from_file(Row const& row, Value const& like, toml::node const& node, std::string const& where) {
    if (std::holds_alternative<std::string>(like))
        if (auto const text = node.value_exact<std::string>()) return *text;
    if (std::holds_alternative<std::int64_t>(like))
        if (auto const number = node.value_exact<std::int64_t>()) return *number;
    if (std::holds_alternative<std::vector<std::string>>(like))
        if (toml::array const* array = node.as_array()) {
            std::vector<std::string> texts;
            bool all_texts = true;
            array->for_each([&](auto const& item) {
                if constexpr (toml::is_string<decltype(item)>)
                    texts.push_back(item.get());
                else
                    all_texts = false;
            });
            if (all_texts) return texts;
        }
    std::string_view const wanted = std::holds_alternative<std::string>(like)    ? "a text in quotes"
                                    : std::holds_alternative<std::int64_t>(like) ? "a whole number"
                                                                                 : "a list of texts, e.g. [\"a\", \"b\"]";
    throw SettingsError(where + name_of(row) + ": must be " + std::string(wanted));
}

Value value_from_text(Row const& row, Value const& like, std::string const& text, std::string const& where) {
    if (std::holds_alternative<std::string>(like)) return text;
    if (std::holds_alternative<std::int64_t>(like)) {
        std::int64_t number = 0;
        auto const [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
        if (error == std::errc() && end == text.data() + text.size()) return number;
        throw SettingsError(where + name_of(row) + ": must be a whole number");
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

void read_file(std::string const& file, Settings& settings) {
    toml::table table;
    try {
        table = toml::parse_file(file);
    } catch (toml::parse_error const& error) {
        std::string const line = error.source().begin ? std::to_string(error.source().begin.line) + ": " : "";
        throw SettingsError(file + ":" + line + " " + std::string(error.description()));
    }
    for (auto const& [section, node] : table) {
        toml::table const* keys = node.as_table();
        std::string const section_name(section.str());
        if (!keys) throw SettingsError(place(file, node) + section_name + ": settings stand in sections, e.g. [http]");
        for (auto const& [key, value] : *keys) {
            std::string const name = section_name + "." + std::string(key.str());
            auto const rows = settings_table();
            auto const row = std::find_if(rows.begin(), rows.end(), [&](Row const& one) { return name_of(one) == name; });
            if (row == rows.end())
                throw SettingsError(place(file, value) + name + ": there is no such setting; did you mean " + nearest(name) + "?");
            set(*row, settings, value_from_file(*row, row->get(settings), value, place(file, value)), place(file, value));
        }
    }
}

}  // namespace

Settings read_settings(std::string const& file, std::function<std::optional<std::string>(std::string const&)> const& environment) {
    Settings settings;
    if (!file.empty()) read_file(file, settings);
    for (Row const& row : settings_table())
        if (auto const text = environment(environment_name(row))) {
            std::string const where = "environment variable " + environment_name(row) + ": ";
            set(row, settings, value_from_text(row, row.get(settings), *text, where), where);
        }
    if (settings.http.tls_certificate.empty() != settings.http.tls_key.empty())
        throw SettingsError("http.tls_certificate and http.tls_key belong together: set both or none");
    return settings;
}

}  // namespace convoke::config
