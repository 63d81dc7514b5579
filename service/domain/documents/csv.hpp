// Comma-separated values, RFC 4180, as spreadsheets really write and read them. Text in, values out.
// Any thread; pure.
#pragma once

#include "calendar/failure.hpp"

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain::documents {

struct CsvRow {
    int row = 0;   // as a spreadsheet counts: the first record is 1, empty ones count too
    int line = 0;  // line of the text on which it begins, from 1
    std::vector<std::string> cells;
};

struct CsvDocument {
    char delimiter = ',';  // ',' ';' or tab, as found
    bool byte_order_mark = false;
    std::vector<CsvRow> rows;  // empty records left out
};

// The text must be UTF-8 (a byte order mark is dropped); what is not is refused with the row and what to do about it
// (errc::bad_encoding), as are UTF-16 and NUL. The delimiter is the one the first record uses most, or what a first
// line "sep=;" says, or `delimiter`. Quotes: a cell in quotes may hold delimiters, line ends and doubled quotes; a quote
// that never ends or text behind a closing one is errc::unreadable_row with its row. Limits: 16 MiB, 100,000 rows,
// 256 columns (errc::payload_too_large).
result<CsvDocument> read_csv(std::string_view text, std::optional<char> delimiter = std::nullopt);

// The place of the first byte that is not UTF-8, if there is one; surrogates and overlong forms are not.
std::optional<std::size_t> first_invalid_utf8(std::string_view text);

// Size and encoding as read_csv demands them; `unit` is what the message calls a line ("row", "line").
result<void> check_text(std::string_view text, std::string_view unit);

// "," -> "comma", and so on: for messages.
std::string_view delimiter_name(char delimiter);

// A cell that a spreadsheet would take for a formula (it begins with = + - @, tab, CR, LF or NUL) gets an apostrophe in
// front; revealed_cell takes exactly that apostrophe off again: revealed_cell(guarded_cell(x)) == x for every x.
std::string guarded_cell(std::string_view cell);
std::string revealed_cell(std::string_view cell);

// One record with CRLF at its end; cells are guarded, and quoted where needed.
std::string csv_record(std::span<std::string const> cells, char delimiter = ',');

}  // namespace convoke::domain::documents
