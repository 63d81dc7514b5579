// What the columns of a programme's tables are called, and what a table holds by them. Any thread; pure.
#pragma once

#include "service/domain/documents/table_reader.hpp"

namespace convoke::domain::documents {

// Indices into the header; -1 where there is no such column.
struct Columns {
    int date = -1, title = -1, format = -1, topics = -1, aim = -1, place = -1;
    std::vector<int> unused;  // columns with a name that is none of these
};
Columns columns_of(Table const& table);

// A date, a format and a title column, and not under the heading 'Planned Outputs'.
bool holds_events(Table const& table);

// A date and a format, and what is made: 'Planned Outputs' (Date, Format, Topics).
bool holds_outputs(Table const& table);

// The rows with their continuations joined: a row with neither date nor format nor title belongs to the one above.
std::vector<TableRow> joined_rows(Table const& table, Columns const& columns);

}  // namespace convoke::domain::documents
