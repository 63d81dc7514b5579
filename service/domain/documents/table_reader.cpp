#include "service/domain/documents/table_reader.hpp"

#include "service/domain/documents/csv.hpp"
#include "service/domain/documents/markup.hpp"

namespace convoke::domain::documents {
namespace {

constexpr std::size_t most_columns = 256;

bool has_tab(std::string_view line) { return line.find('\t') != std::string_view::npos; }
bool blank(std::string_view line) { return trimmed(line).empty(); }

std::vector<std::string_view> split_lines(std::string_view text) {
    std::vector<std::string_view> lines;
    while (!text.empty()) {
        std::size_t const end = std::min(text.find('\n'), text.size());
        std::string_view line = text.substr(0, end);
        if (line.ends_with('\r')) line.remove_suffix(1);
        lines.push_back(line);
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    return lines;
}

// A cell pasted from a spreadsheet keeps its quotes: "He said ""yes""".
std::string unquoted(std::string_view cell) {
    std::string_view const inner = trimmed(cell);
    if (inner.size() < 2 || inner.front() != '"' || inner.back() != '"') return std::string(cell);
    std::string out;
    for (std::size_t i = 1; i + 1 < inner.size(); ++i) {
        if (inner[i] == '"' && (i + 2 >= inner.size() || inner[++i] != '"')) return std::string(cell);
        out += inner[i];
    }
    return out;
}

std::vector<std::string> tab_cells(std::string_view line) {
    std::vector<std::string> cells;
    for (std::size_t at = 0; at <= line.size();) {
        std::size_t const tab = std::min(line.find('\t', at), line.size());
        cells.push_back(unquoted(line.substr(at, tab - at)));
        at = tab + 1;
    }
    return cells;
}

// GitHub's tables: outer bars are optional, "\|" is a bar.
std::vector<std::string> bar_cells(std::string_view line) {
    line = trimmed(line);
    if (line.starts_with('|')) line.remove_prefix(1);
    if (line.ends_with('|') && !line.ends_with("\\|")) line.remove_suffix(1);
    std::vector<std::string> cells(1);
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (line[i] == '\\' && i + 1 < line.size() && line[i + 1] == '|') cells.back() += line[++i];
        else if (line[i] == '|') cells.emplace_back();
        else cells.back() += line[i];
    }
    for (std::string& cell : cells) cell = std::string(trimmed(cell));
    return cells;
}

bool bar_rule(std::string_view line) {
    line = trimmed(line);
    return line.find("---") != std::string_view::npos && line.find('|') != std::string_view::npos &&
           line.find_first_not_of("|-: \t") == std::string_view::npos;
}

std::size_t filled(std::vector<std::string> const& cells) {
    return static_cast<std::size_t>(std::count_if(cells.begin(), cells.end(), [](std::string const& cell) { return !blank(cell); }));
}

// Whether a line's cells look like the top of a table rather than one of its rows.
bool names_columns(std::vector<std::string> const& cells) {
    return std::any_of(cells.begin(), cells.end(), [](std::string const& cell) {
        std::string const name = lower(without_footnote_mark(plain(cell)));
        return name == "date" || name == "dates" || name == "format" || name == "title" || name == "topic" ||
               name == "topics" || name == "objectives" || name == "priority topics";
    });
}

bool footnote(std::string_view line) {
    line = trimmed(line);
    for (std::string_view mark : {"¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹", "*", "†", "Note"})
        if (line.starts_with(mark)) return true;
    return false;
}

void drop_trailing_empty(std::vector<std::string>& cells, std::size_t keep) {
    while (cells.size() > keep && blank(cells.back())) cells.pop_back();
}

void add_row(Table& table, int line, std::vector<std::string> cells) {
    drop_trailing_empty(cells, table.header.size());
    if (cells.size() < table.header.size()) cells.resize(table.header.size());
    table.rows.push_back({line, std::move(cells)});
}

void set_header(Table& table, int line, std::vector<std::string> const& cells) {
    table.line = line;
    for (std::string const& cell : cells) table.header.push_back(plain(cell));
    drop_trailing_empty(table.header, 1);
    if (table.header.size() > most_columns) table.header.resize(most_columns);
}

// Walks a text once, remembering the last heading.
class TextReader {
public:
    explicit TextReader(std::string_view text) : lines_(split_lines(text)) {
        for (std::size_t i = 0; i < lines_.size(); ++i)
            if (heading_at(i) && lower(heading_text(i)).starts_with("annex")) last_annex_[lower(heading_text(i))] = i;
    }

    std::vector<Table> tables() {
        while (at_ < lines_.size()) {
            if (has_tab(lines_[at_]) && !blank(lines_[at_])) tab_table();
            else if (at_ + 1 < lines_.size() && lines_[at_].find('|') != std::string_view::npos && bar_rule(lines_[at_ + 1])) bar_table();
            else note_heading(at_++);
        }
        return std::move(tables_);
    }

    std::vector<std::string> plain_lines() const {
        std::vector<std::string> out;
        for (std::string_view line : lines_) out.emplace_back(has_tab(line) ? "" : plain(line));
        return out;
    }

private:
    int number(std::size_t i) const { return static_cast<int>(i) + 1; }

    std::string heading_text(std::size_t i) const {
        std::string_view line = trimmed(lines_[i]);
        while (line.starts_with('#')) line.remove_prefix(1);
        return plain(line);
    }

    // A short line of its own without a full stop; in Markdown, whatever begins with '#'.
    bool heading_at(std::size_t i) const {
        std::string_view const line = trimmed(lines_[i]);
        if (line.starts_with('#')) return true;
        if (line.empty() || line.size() > 120 || has_tab(lines_[i])) return false;
        if (std::string_view(".:;,").find(line.back()) != std::string_view::npos) return false;
        if (std::string_view("-•<|").find(line.front()) != std::string_view::npos || line.starts_with("* ") || footnote(line)) return false;
        return i == 0 || blank(lines_[i - 1]);
    }

    void note_heading(std::size_t i) {
        if (!heading_at(i)) return;
        heading_ = heading_text(i);
        heading_line_ = number(i);
        std::string const low = lower(heading_);
        // A table of contents names the annexes too: only the last mention opens one.
        if (low.starts_with("annex") && last_annex_.at(low) == i) part_ = heading_;
    }

    Table start() const {
        Table table;
        table.heading = heading_;
        table.heading_line = heading_line_;
        table.part = part_;
        return table;
    }

    void finish(Table table) {
        std::size_t next = at_;
        while (next < lines_.size() && blank(lines_[next])) ++next;
        if (next < lines_.size() && !has_tab(lines_[next]) && (next == at_ || footnote(lines_[next])))
            table.below = plain(lines_[next]);
        tables_.push_back(std::move(table));
    }

    // How many lines without a tab, and not blank, stand from `from` until the next line with one; 0 when a blank comes first.
    std::size_t interruption(std::size_t from) const {
        std::size_t i = from;
        while (i < lines_.size() && i < from + 4 && !blank(lines_[i]) && !has_tab(lines_[i])) ++i;
        return i < lines_.size() && i < from + 4 && has_tab(lines_[i]) && !blank(lines_[i]) ? i - from : 0;
    }

    void tab_table() {
        Table table = start();
        for (; at_ < lines_.size() && has_tab(lines_[at_]) && !blank(lines_[at_]); ++at_) {
            auto const cells = tab_cells(lines_[at_]);
            if (filled(cells) > 1) break;
            table.heading = plain(lines_[at_]);
            table.heading_line = number(at_);
        }
        if (at_ == lines_.size() || !has_tab(lines_[at_]) || blank(lines_[at_])) return;
        set_header(table, number(at_), tab_cells(lines_[at_]));
        ++at_;
        for (;;) {
            for (; at_ < lines_.size() && has_tab(lines_[at_]) && !blank(lines_[at_]); ++at_)
                add_row(table, number(at_), tab_cells(lines_[at_]));
            std::size_t const stray = interruption(at_);
            if (stray == 0) break;
            if (names_columns(tab_cells(lines_[at_ + stray]))) {
                heading_ = plain(lines_[at_ + stray - 1]);
                heading_line_ = number(at_ + stray - 1);
                tables_.push_back(std::move(table));
                at_ += stray;
                return;
            }
            for (std::size_t i = 0; i < stray; ++i) table.stray_lines.push_back(number(at_ + i));
            at_ += stray;
        }
        finish(std::move(table));
    }

    void bar_table() {
        Table table = start();
        set_header(table, number(at_), bar_cells(lines_[at_]));
        for (at_ += 2; at_ < lines_.size() && lines_[at_].find('|') != std::string_view::npos; ++at_)
            add_row(table, number(at_), bar_cells(lines_[at_]));
        finish(std::move(table));
    }

    std::vector<std::string_view> lines_;
    std::map<std::string, std::size_t> last_annex_;
    std::size_t at_ = 0;
    std::string heading_, part_;
    int heading_line_ = 0;
    std::vector<Table> tables_;
};

// A sheet may hold several tables under headings of one cell each, set apart by empty rows.
std::vector<Table> sheet_tables(CsvDocument const& sheet) {
    std::vector<Table> tables;
    std::string heading;
    int heading_line = 0, last_row = 0;
    bool open = false;
    for (CsvRow const& row : sheet.rows) {
        bool const apart = row.row != last_row + 1 || last_row == 0;
        last_row = row.row;
        bool const single = filled(row.cells) == 1 && !blank(row.cells.front());
        if (single && (!open || apart)) {
            heading = plain(row.cells.front());
            heading_line = row.line;
            open = false;
        } else if (!open) {
            Table table;
            table.heading = heading;
            table.heading_line = heading_line;
            if (lower(heading).starts_with("annex")) table.part = heading;
            set_header(table, row.line, row.cells);
            tables.push_back(std::move(table));
            open = true;
        } else {
            std::vector<std::string> cells;
            for (std::string const& cell : row.cells) cells.push_back(revealed_cell(cell));
            add_row(tables.back(), row.line, std::move(cells));
        }
    }
    return tables;
}

result<TextDocument> read_sheet(std::string_view text, std::optional<char> delimiter) {
    CONVOKE_TRY(sheet, read_csv(text, delimiter));
    TextDocument document;
    document.tables = sheet_tables(sheet);
    document.delimiter = sheet.delimiter;
    return document;
}

}  // namespace

result<TextDocument> read_text_document(std::string_view text, std::string_view file_name) {
    std::string const name = lower(file_name);
    if (name.ends_with(".csv")) return read_sheet(text, std::nullopt);
    if (name.ends_with(".tsv") || name.ends_with(".tab")) return read_sheet(text, '\t');
    CONVOKE_CHECK(check_text(text, "line"));
    std::string_view body = text;
    if (body.starts_with("\xef\xbb\xbf")) body.remove_prefix(3);
    TextReader reader(body);
    TextDocument document;
    document.tables = reader.tables();
    document.lines = reader.plain_lines();
    std::string_view const first = body.substr(0, body.find('\n'));
    if (document.tables.empty() && first.find_first_of(",;") != std::string_view::npos) return read_sheet(text, std::nullopt);
    return document;
}

}  // namespace convoke::domain::documents
