#include "service/domain/documents/csv.hpp"

namespace convoke::domain::documents {
namespace {

constexpr std::size_t most_bytes = 16 * 1024 * 1024;
constexpr int most_rows = 100'000;
constexpr std::size_t most_columns = 256;

// Length of the well-formed sequence at `at` (Unicode 15, table 3-7), 0 when there is none.
std::size_t sequence_at(std::string_view text, std::size_t at) {
    auto const byte = [&](std::size_t i) -> unsigned {
        return at + i < text.size() ? static_cast<unsigned char>(text[at + i]) : 0u;
    };
    auto const within = [&](std::size_t i, unsigned low, unsigned high) { return byte(i) >= low && byte(i) <= high; };
    unsigned const lead = byte(0);
    if (lead < 0x80) return 1;
    if (lead >= 0xc2 && lead <= 0xdf) return within(1, 0x80, 0xbf) ? 2 : 0;
    if (lead >= 0xe0 && lead <= 0xef) {
        unsigned const low = lead == 0xe0 ? 0xa0 : 0x80;
        unsigned const high = lead == 0xed ? 0x9f : 0xbf;
        return within(1, low, high) && within(2, 0x80, 0xbf) ? 3 : 0;
    }
    if (lead >= 0xf0 && lead <= 0xf4) {
        unsigned const low = lead == 0xf0 ? 0x90 : 0x80;
        unsigned const high = lead == 0xf4 ? 0x8f : 0xbf;
        return within(1, low, high) && within(2, 0x80, 0xbf) && within(3, 0x80, 0xbf) ? 4 : 0;
    }
    return 0;
}

std::string hexadecimal(char c) {
    static constexpr char digits[] = "0123456789ABCDEF";
    auto const byte = static_cast<unsigned char>(c);
    return {digits[byte >> 4], digits[byte & 15]};
}

char find_delimiter(std::string_view text) {
    std::size_t commas = 0, semicolons = 0, tabs = 0;
    bool quoted = false;
    for (char c : text) {
        if (c == '"') quoted = !quoted;
        if (quoted) continue;
        if ((c == '\n' || c == '\r') && commas + semicolons + tabs > 0) break;
        commas += c == ',';
        semicolons += c == ';';
        tabs += c == '\t';
    }
    // Hardly any name of a column holds a tab.
    if (tabs > 0 && tabs >= commas && tabs >= semicolons) return '\t';
    return semicolons > commas ? ';' : ',';
}

class Reader {
public:
    Reader(std::string_view text, char delimiter) : text_(text), delimiter_(delimiter) {}

    result<std::vector<CsvRow>> all(int first_row) {
        std::vector<CsvRow> rows;
        for (int row = first_row; at_ < text_.size(); ++row) {
            if (row > most_rows) return Failure(errc::payload_too_large, "the file has more than 100,000 rows");
            CONVOKE_TRY(record, next(row));
            bool const empty = std::all_of(record.cells.begin(), record.cells.end(),
                                           [](std::string const& cell) { return cell.empty(); });
            if (!empty) rows.push_back(std::move(record));
        }
        return rows;
    }

    int line_ = 1;

private:
    result<CsvRow> next(int row) {
        CsvRow record{row, line_, {}};
        for (;;) {
            std::string cell;
            if (at_ < text_.size() && text_[at_] == '"') {
                CONVOKE_CHECK(quoted(cell, row, record.cells.size() + 1));
            } else {
                while (at_ < text_.size() && text_[at_] != delimiter_ && !line_end()) cell.push_back(text_[at_++]);
            }
            record.cells.push_back(std::move(cell));
            if (record.cells.size() > most_columns)
                return place(row, errc::payload_too_large, "has more than 256 columns");
            if (at_ < text_.size() && text_[at_] == delimiter_) {
                ++at_;
                continue;
            }
            skip_line_end();
            return record;
        }
    }

    result<void> quoted(std::string& cell, int row, std::size_t column) {
        for (++at_; at_ < text_.size(); ++at_) {
            if (text_[at_] == '\n') ++line_;
            if (text_[at_] != '"') {
                cell.push_back(text_[at_]);
            } else if (at_ + 1 < text_.size() && text_[at_ + 1] == '"') {
                cell.push_back(text_[at_++]);
            } else {
                ++at_;
                if (at_ == text_.size() || text_[at_] == delimiter_ || line_end()) return {};
                return place(row, errc::unreadable_row,
                             "has text behind the closing quote of column " + std::to_string(column) +
                                 ": a quote inside a quoted cell is written twice");
            }
        }
        return place(row, errc::unreadable_row, "opens a quote in column " + std::to_string(column) + " that never ends");
    }

    static Failure place(int row, errc code, std::string const& what) {
        std::string const where = "row " + std::to_string(row);
        return fault_at(where, code, where + " " + what);
    }

    bool line_end() const { return text_[at_] == '\n' || text_[at_] == '\r'; }

    void skip_line_end() {
        std::size_t const before = at_;
        if (at_ < text_.size() && text_[at_] == '\r') ++at_;
        if (at_ < text_.size() && text_[at_] == '\n') ++at_;
        if (at_ > before) ++line_;
    }

    std::string_view text_;
    char delimiter_;
    std::size_t at_ = 0;
};

bool starts_formula(std::string_view cell) {
    // East Asian input methods write = + - @ in full width, and spreadsheets read that as well.
    for (std::string_view wide : {"\uff1d", "\uff0b", "\uff0d", "\uff20"})
        if (cell.starts_with(wide)) return true;
    return !cell.empty() && std::string_view("=+-@\t\r\n\0", 8).find(cell.front()) != std::string_view::npos;
}

std::string_view behind_apostrophes(std::string_view cell) {
    return cell.substr(std::min(cell.find_first_not_of('\''), cell.size()));
}

}  // namespace

std::optional<std::size_t> first_invalid_utf8(std::string_view text) {
    for (std::size_t at = 0; at < text.size();) {
        std::size_t const length = sequence_at(text, at);
        if (length == 0) return at;
        at += length;
    }
    return std::nullopt;
}

result<void> check_text(std::string_view text, std::string_view unit) {
    if (text.size() > most_bytes)
        return Failure(errc::payload_too_large, "the file has more than 16 MiB");
    if (text.starts_with("\xff\xfe") || text.starts_with("\xfe\xff"))
        return Failure(errc::bad_encoding, "the file is UTF-16: save it as UTF-8 ('CSV UTF-8' in a spreadsheet)");
    auto const bad = first_invalid_utf8(text);
    auto const nul = text.find('\0');
    if (!bad && nul == std::string_view::npos) return {};
    std::size_t const at = std::min(bad.value_or(text.size()), std::min(nul, text.size()));
    auto const line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(at), '\n');
    std::string const place = std::string(unit) + " " + std::to_string(line);
    if (text[at] == '\0') return fault_at(place, errc::bad_encoding, place + " holds a NUL byte: this is not a text file");
    return fault_at(place, errc::bad_encoding,
                    place + " is not UTF-8 (byte " + hexadecimal(text[at]) +
                        "; Latin-1 or Windows-1252 perhaps): save the file as UTF-8 ('CSV UTF-8' in a spreadsheet)");
}

result<CsvDocument> read_csv(std::string_view text, std::optional<char> delimiter) {
    CONVOKE_CHECK(check_text(text, "row"));
    CsvDocument document;
    if (text.starts_with("\xef\xbb\xbf")) {
        document.byte_order_mark = true;
        text.remove_prefix(3);
    }
    int first_row = 1;
    if (text.size() >= 5 && text.starts_with("sep=") && std::string_view(",;\t").find(text[4]) != std::string_view::npos &&
        (text.size() == 5 || text[5] == '\r' || text[5] == '\n')) {
        if (!delimiter) delimiter = text[4];
        text.remove_prefix(std::min(text.find('\n'), text.size() - 1) + 1);
        first_row = 2;
    }
    document.delimiter = delimiter.value_or(find_delimiter(text));
    Reader reader(text, document.delimiter);
    reader.line_ = first_row;
    CONVOKE_TRY(rows, reader.all(first_row));
    document.rows = std::move(rows);
    return document;
}

std::string_view delimiter_name(char delimiter) {
    return delimiter == ';' ? "semicolon" : delimiter == '\t' ? "tab" : "comma";
}

std::string guarded_cell(std::string_view cell) {
    // Cells that already look guarded get one more, so that taking one off always gives the original.
    return starts_formula(behind_apostrophes(cell)) ? '\'' + std::string(cell) : std::string(cell);
}

std::string revealed_cell(std::string_view cell) {
    if (cell.starts_with('\'') && starts_formula(behind_apostrophes(cell))) cell.remove_prefix(1);
    return std::string(cell);
}

std::string csv_record(std::span<std::string const> cells, char delimiter) {
    std::string out;
    for (std::size_t i = 0; i < cells.size(); ++i) {
        if (i > 0) out += delimiter;
        std::string const cell = guarded_cell(cells[i]);
        // A guarded cell is always quoted: some spreadsheets trim what is not.
        bool const quote = cell.find_first_of("\",;\t\r\n") != std::string::npos || cell.starts_with(' ') ||
                           cell.ends_with(' ') || cell.starts_with('\'');
        if (!quote) {
            out += cell;
            continue;
        }
        out += '"';
        for (char c : cell) {
            if (c == '"') out += '"';
            out += c;
        }
        out += '"';
    }
    return out + "\r\n";
}

}  // namespace convoke::domain::documents
