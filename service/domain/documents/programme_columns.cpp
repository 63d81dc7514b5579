#include "service/domain/documents/programme_columns.hpp"

#include "service/domain/documents/markup.hpp"

#include <initializer_list>

namespace convoke::domain::documents {
namespace {

bool one_of(std::string_view name, std::initializer_list<std::string_view> names) {
    return std::find(names.begin(), names.end(), name) != names.end();
}

int* column_named(std::string_view name, Columns& columns) {
    if (one_of(name, {"date", "dates", "date(s)", "when", "period", "timing"}) || name.starts_with("date ")) return &columns.date;
    if (one_of(name, {"type", "event type", "event format"}) || name.starts_with("format") || name.starts_with("type of event")) return &columns.format;
    if (one_of(name, {"title", "topic", "focus topic", "meeting topic", "event topic", "topic of the event", "event title", "title of the event",
                      "event", "theme", "subject", "activity", "name", "name of the event"}))
        return &columns.title;
    if (one_of(name, {"topics", "pt", "pts"}) || name.starts_with("priority topic")) return &columns.topics;
    if (one_of(name, {"description", "purpose", "goal"}) || name.starts_with("aim") || name.starts_with("objective of the event")) return &columns.aim;
    if (one_of(name, {"place", "location", "venue", "where", "city"})) return &columns.place;
    return nullptr;
}

bool under_outputs(Table const& table) {
    std::string const heading = lower(table.heading);
    return heading.starts_with("planned output") || heading == "outputs";
}

}  // namespace

Columns columns_of(Table const& table) {
    Columns columns;
    for (std::size_t i = 0; i < table.header.size(); ++i) {
        std::string const name = lower(without_footnote_mark(table.header[i]));
        int* const slot = column_named(name, columns);
        if (slot && *slot < 0) *slot = static_cast<int>(i);
        else if (!name.empty()) columns.unused.push_back(static_cast<int>(i));
    }
    return columns;
}

bool holds_events(Table const& table) {
    Columns const columns = columns_of(table);
    return columns.date >= 0 && columns.format >= 0 && columns.title >= 0 && !under_outputs(table);
}

bool holds_outputs(Table const& table) {
    Columns const columns = columns_of(table);
    if (columns.date < 0 || columns.format < 0 || (columns.title < 0 && columns.topics < 0)) return false;
    return columns.title < 0 || under_outputs(table);
}

std::vector<TableRow> joined_rows(Table const& table, Columns const& columns) {
    std::vector<TableRow> rows;
    auto const empty = [](TableRow const& row, int column) { return trimmed(row.cells[static_cast<std::size_t>(column)]).empty(); };
    for (TableRow const& row : table.rows) {
        bool const continues = !rows.empty() && empty(row, columns.date) && empty(row, columns.format) && empty(row, columns.title);
        if (!continues) {
            rows.push_back(row);
            continue;
        }
        TableRow& above = rows.back();
        for (std::size_t i = 0; i < row.cells.size(); ++i) {
            if (trimmed(row.cells[i]).empty()) continue;
            if (i >= above.cells.size()) above.cells.resize(i + 1);
            above.cells[i] += "\n" + row.cells[i];
        }
    }
    return rows;
}

}  // namespace convoke::domain::documents
