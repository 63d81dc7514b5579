#include "service/domain/documents/objectives.hpp"

#include "service/domain/documents/markup.hpp"

namespace convoke::domain::documents {
namespace {

bool digit(char c) { return c >= '0' && c <= '9'; }

std::string two_digits(int number) { return (number < 10 ? "0" : "") + std::to_string(number); }

std::string in_line(int line) { return "line " + std::to_string(line) + ": "; }

// A number of at most two digits at `at`, which it moves behind; -1 when there is none.
int short_number(std::string_view text, std::size_t& at) {
    std::size_t end = at;
    while (end < text.size() && digit(text[end])) ++end;
    if (end == at || end - at > 2) return -1;
    int value = 0;
    for (; at < end; ++at) value = value * 10 + (text[at] - '0');
    return value;
}

void skip_spaces(std::string_view text, std::size_t& at) {
    while (at < text.size() && text[at] == ' ') ++at;
}

// 'NN PT NN' at `at`, which it moves behind.
std::optional<std::string> code_at(std::string_view text, std::size_t& at) {
    std::size_t i = at;
    int const objective = short_number(text, i);
    if (objective < 0) return std::nullopt;
    skip_spaces(text, i);
    if (lower(text.substr(i, 2)) != "pt") return std::nullopt;
    i += 2;
    skip_spaces(text, i);
    int const topic = short_number(text, i);
    if (topic < 0) return std::nullopt;
    at = i;
    return two_digits(objective) + " PT " + two_digits(topic);
}

// What stands behind a code: without '.', ':', ')' or a dash in between.
std::string behind(std::string_view text, std::size_t at) {
    text = trimmed(text.substr(at));
    for (std::string_view sign : {".", ":", ")", "–", "-"})
        if (text.starts_with(sign)) {
            text.remove_prefix(sign.size());
            break;
        }
    return std::string(trimmed(text));
}

ProposedObjective objective_from(std::string const& text, std::size_t position, int line, std::vector<std::string>& notes) {
    std::size_t at = 0;
    if (lower(text).starts_with("objective ")) at = 10;
    int const number = short_number(text, at);
    if (number >= 0) return {two_digits(number), behind(text, at), {}};
    ProposedObjective objective{two_digits(static_cast<int>(position)), text, {}};
    notes.push_back(in_line(line) + "the objective '" + text + "' has no number: " + objective.code + " by its position");
    return objective;
}

}  // namespace

bool holds_objectives(Table const& table) {
    if (table.header.size() < 2) return false;
    std::string const first = lower(table.header[0]), second = lower(table.header[1]);
    return (first.starts_with("objective") || first.starts_with("specific objective")) &&
           (second.starts_with("priority topic") || second.starts_with("topic"));
}

std::vector<ProposedObjective> read_objectives(Table const& table, std::vector<std::string>& notes) {
    std::vector<ProposedObjective> objectives;
    for (TableRow const& row : table.rows) {
        std::string const name = plain(row.cells[0]);
        if (!name.empty()) objectives.push_back(objective_from(name, objectives.size() + 1, row.line, notes));
        for (std::string const& text : paragraphs(row.cells[1])) {
            if (objectives.empty()) {
                notes.push_back(in_line(row.line) + "the topic '" + text + "' stands under no objective and is left out");
                continue;
            }
            ProposedObjective& objective = objectives.back();
            std::size_t at = 0;
            if (auto code = code_at(text, at)) {
                objective.topics.push_back({*code, behind(text, at)});
                continue;
            }
            std::string const code = objective.code + " PT " + two_digits(static_cast<int>(objective.topics.size()) + 1);
            notes.push_back(in_line(row.line) + "the topic '" + text + "' has no code: " + code + " by its position");
            objective.topics.push_back({code, text});
        }
    }
    return objectives;
}

std::vector<std::string> read_topic_codes(std::string_view cell, std::vector<ProposedObjective> const& objectives, int line,
                                          std::vector<std::string>& notes) {
    std::vector<std::string> codes;
    auto const known = [&](auto const& matches) {
        for (ProposedObjective const& objective : objectives)
            for (ProposedTopic const& topic : objective.topics)
                if (matches(topic)) return &topic;
        return static_cast<ProposedTopic const*>(nullptr);
    };
    auto const add = [&](std::string const& code) {
        if (std::find(codes.begin(), codes.end(), code) == codes.end()) codes.push_back(code);
    };
    for (std::string const& text : paragraphs(cell)) {
        bool found = false;
        for (std::size_t at = 0; at < text.size(); ++at) {
            if (!digit(text[at]) || (at > 0 && digit(text[at - 1]))) continue;
            auto const code = code_at(text, at);
            if (!code) continue;
            found = true;
            if (objectives.empty() || known([&](ProposedTopic const& topic) { return topic.code == *code; })) add(*code);
            else notes.push_back(in_line(line) + "the topic " + *code + " is under no objective of the document and is left out");
        }
        if (found || lower(text) == "tbc" || text == "-" || text == "–") continue;
        std::string const title = folded_title(text);
        if (auto const* topic = known([&](ProposedTopic const& each) { return folded_title(each.title) == title; })) add(topic->code);
        else notes.push_back(in_line(line) + "the topic '" + text + "' has no code such as '01 PT 02' and is left out");
    }
    return codes;
}

}  // namespace convoke::domain::documents
