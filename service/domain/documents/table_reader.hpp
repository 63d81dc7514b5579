// Finds the tables in a text: blocks of tab-separated lines in the middle of prose, Markdown tables, or the whole text
// where it is a CSV or TSV file. Knows nothing of what they mean. Any thread; pure.
#pragma once

#include "calendar/failure.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain::documents {

struct TableRow {
    int line = 0;
    std::vector<std::string> cells;  // as written, markup and all; never fewer than the header has, the missing ones empty
};

struct Table {
    int line = 0;         // of the header
    std::string heading;  // nearest heading above, plain: "Events Calendar 2025"; "" without one
    int heading_line = 0;
    std::string part;     // the annex it stands in: "Annex I"; "" in the main part
    std::vector<std::string> header;
    std::vector<TableRow> rows;
    std::string below;    // the line right under the table where that is a footnote: "¹ Dates are only provisional."
    std::vector<int> stray_lines;  // lines without a tab in the middle of the table, which belong to no row
};

struct TextDocument {
    std::vector<Table> tables;
    std::vector<std::string> lines;  // plain lines of a text; empty for CSV
    char delimiter = 0;              // of a CSV file
};

// `file_name` says which reader is meant (.csv, .tsv, .tab; everything else is a text; a text without any table but with
// a delimiter in its first line is read as CSV). errc::bad_encoding, unreadable_row, payload_too_large as read_csv.
result<TextDocument> read_text_document(std::string_view text, std::string_view file_name);

}  // namespace convoke::domain::documents
