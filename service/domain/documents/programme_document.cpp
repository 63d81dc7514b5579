#include "service/domain/documents/programme_document.hpp"

#include "service/domain/documents/event_row.hpp"
#include "service/domain/documents/markup.hpp"
#include "service/domain/documents/objectives.hpp"
#include "service/domain/documents/programme_columns.hpp"
#include "service/domain/documents/table_reader.hpp"
#include "service/domain/documents/years.hpp"

namespace convoke::domain::documents {
namespace {

constexpr std::size_t most_rows = 2'000;
constexpr std::size_t longest_title = 500;
constexpr std::size_t longest_text = 10'000;

std::string in_line(int line) { return "line " + std::to_string(line) + ": "; }

struct DocumentTitle {
    std::string text;
    int line = 0;
    std::optional<YearSpan> years;
};

// 'Work Programme 2026' on a line of its own; prose that mentions one is longer.
DocumentTitle title_of(TextDocument const& document) {
    for (std::size_t i = 0; i < document.lines.size(); ++i) {
        std::string const& line = document.lines[i];
        if (line.size() > 100 || lower(line).find("work programme") == std::string::npos) continue;
        if (auto const years = years_in(line)) return {line, static_cast<int>(i) + 1, years};
    }
    return {};
}

EventsTable summary(Table const& table, int number) {
    return {number, table.line, table.heading, table.part, table.header, table.rows.size()};
}

std::string list_of(std::vector<EventsTable> const& tables) {
    std::string out;
    for (EventsTable const& table : tables) out += "\n  " + describe(table);
    return out;
}

Failure no_events_table(TextDocument const& document) {
    std::string detail =
        "no table of events was found: its header needs a column for the date (Date), one for the title (Title, Topic, Focus topic, "
        "Meeting topic) and one for the format (Format, Type of event)";
    std::size_t shown = 0;
    for (Table const& table : document.tables) {
        if (++shown > 8) break;
        detail += shown == 1 ? ". Tables seen: line " : "; line ";
        detail += std::to_string(table.line) + ":";
        for (std::size_t i = 0; i < std::min<std::size_t>(table.header.size(), 8); ++i)
            detail += (i == 0 ? " " : ", ") + shortened(table.header[i], 40);
    }
    return Failure(errc::table_not_found, detail);
}

// Where a year comes from when a row names none.
struct YearSource {
    std::optional<int> year;
    std::string words;  // "the heading 'Events Calendar 2026' in line 12"; "" for --year
    std::vector<int> used_in;
};

class ProgrammeReader {
public:
    ProgrammeReader(TextDocument const& document, Table const& table, std::vector<EventsTable> tables, std::size_t index,
                    std::optional<int> year)
        : document_(document), table_(table), title_(title_of(document)) {
        out_.table = tables[index];
        out_.tables = std::move(tables);
        find_year(year);
        heading_years_ = years_in(table.heading);
    }

    ProposedProgramme read() {
        declare_period();
        read_objectives_and_outputs();
        read_rows();
        name_programme();
        say_remarks();
        return std::move(out_);
    }

private:
    void note(std::string text) { out_.notes.push_back(std::move(text)); }
    void fault(int line, std::string column, std::string detail) { out_.faults.push_back({line, std::move(column), std::move(detail)}); }

    void find_year(std::optional<int> year) {
        auto const heading = years_in(table_.heading);
        if (year) {
            years_.year = year;
        } else if (heading && heading->single()) {
            years_ = {heading->first, "the heading '" + table_.heading + "' in line " + std::to_string(table_.heading_line), {}};
        } else if (!heading && table_.part.empty() && title_.years && title_.years->single()) {
            years_ = {title_.years->first, "'" + title_.text + "' in line " + std::to_string(title_.line), {}};
        }
        given_year_ = year;
    }

    // The period that the document declares, so that keys do not depend on the dates.
    void declare_period() {
        if (heading_years_) period_ = heading_years_;
        else if (given_year_) period_ = YearSpan{*given_year_, *given_year_};
        else if (table_.part.empty()) period_ = title_.years;
    }

    result<calendar::WrittenDate> date_of(std::string const& text, int line) {
        auto date = calendar::read_written_date(text, std::nullopt);
        if (date || !years_.year) return date;
        auto with_year = calendar::read_written_date(text, years_.year);
        if (!with_year) return date;
        years_.used_in.push_back(line);
        return with_year;
    }

    bool belongs_to_document() const {
        return out_.tables.size() == 1 || (title_.years ? period_ == title_.years : out_.table.number == 1);
    }

    void read_objectives_and_outputs() {
        std::vector<std::string> notes;
        for (Table const& table : document_.tables)
            if (holds_objectives(table) && out_.objectives.empty()) out_.objectives = read_objectives(table, notes);
        bool const belongs = belongs_to_document();
        std::size_t outputs = 0;
        for (Table const& table : document_.tables) {
            if (!holds_outputs(table)) continue;
            outputs += table.rows.size();
            if (belongs) read_outputs(table);
        }
        if (belongs) {
            for (std::string& each : notes) note(std::move(each));
            return;
        }
        if (!out_.objectives.empty() || outputs > 0)
            note("the document's objectives (" + std::to_string(out_.objectives.size()) + ") and planned outputs (" + std::to_string(outputs) +
                 ") belong to " + (title_.text.empty() ? "its first table" : "'" + title_.text + "'") + " and are left out");
        out_.objectives.clear();
    }

    void read_outputs(Table const& table) {
        Columns const columns = columns_of(table);
        int const title_column = columns.title >= 0 ? columns.title : columns.topics;
        for (TableRow const& row : table.rows) {
            ProposedOutput output;
            output.line = row.line;
            output.type = plain(row.cells[static_cast<std::size_t>(columns.format)]);
            output.title = plain(row.cells[static_cast<std::size_t>(title_column)]);
            output.written_due = without_footnote_mark(plain(row.cells[static_cast<std::size_t>(columns.date)]));
            if (output.title.empty() && output.type.empty()) {
                fault(row.line, table.header[static_cast<std::size_t>(title_column)], "is empty");
                continue;
            }
            std::string const due = lower(output.written_due);
            if (!due.empty() && due != "tbc" && due != "(tbc)") {
                auto date = date_of(output.written_due, row.line);
                if (!date) {
                    fault(row.line, table.header[static_cast<std::size_t>(columns.date)], date.error().detail);
                    continue;
                }
                output.due = *date;
            } else {
                note(in_line(row.line) + "the output '" + output.title + "' has no date");
            }
            out_.outputs.push_back(std::move(output));
        }
    }

    void read_rows() {
        Columns const columns = columns_of(table_);
        for (int line : table_.stray_lines)
            fault(line, "", "stands in the middle of the table but has no columns: a row broken in two, perhaps");
        std::string date_above;
        for (TableRow const& row : joined_rows(table_, columns)) {
            if (row.cells.size() > table_.header.size()) {
                fault(row.line, "", "has " + std::to_string(row.cells.size()) + " cells where the header has " + std::to_string(table_.header.size()));
                continue;
            }
            read_row(row, columns, date_above);
        }
    }

    std::string const& column(int index) const { return table_.header[static_cast<std::size_t>(index)]; }

    void read_row(TableRow const& row, Columns const& columns, std::string& date_above) {
        auto const cell = [&](int index) { return index < 0 ? std::string_view() : std::string_view(row.cells[static_cast<std::size_t>(index)]); };
        if (std::all_of(row.cells.begin(), row.cells.end(), [](std::string const& text) { return plain(text).empty(); })) return;
        for (std::size_t i = 0; i < row.cells.size(); ++i)
            if (std::any_of(row.cells[i].begin(), row.cells[i].end(), [](char c) {
                    auto const byte = static_cast<unsigned char>(c);
                    return (byte < 0x20 && c != '\n' && c != '\r' && c != '\t') || byte == 0x7f;
                }))
                return fault(row.line, table_.header[i], "holds a control character");

        ProposedEvent event;
        event.line = row.line;
        event.title = without_footnote_mark(plain(cell(columns.title)));
        event.written_format = without_footnote_mark(plain(cell(columns.format)));
        event.written_date = without_footnote_mark(plain(cell(columns.date)));
        std::size_t const faults_before = out_.faults.size();
        if (event.title.empty()) fault(row.line, column(columns.title), "is empty");
        if (event.title.size() > longest_title) fault(row.line, column(columns.title), "has more than 500 bytes");
        if (cell(columns.aim).size() > longest_text) fault(row.line, column(columns.aim), "has more than 10,000 bytes");
        if (names_output(event.written_format)) {
            if (out_.faults.size() == faults_before) add_output(row, columns, event);
            return;
        }
        auto form = read_event_form(event.written_format, event.title, plain(cell(columns.place)));
        if (!form) fault(row.line, column(columns.format), form.error().detail);

        if (event.written_date.empty() && !date_above.empty()) {
            event.written_date = date_above;
            note(in_line(row.line) + "no date of its own: '" + date_above + "' is taken from the row above");
        }
        if (event.written_date.empty()) {
            fault(row.line, column(columns.date), "is empty");
        } else {
            date_above = event.written_date;
            auto date = date_of(event.written_date, row.line);
            if (date) event.date = *date;
            else fault(row.line, column(columns.date), date.error().detail);
        }
        if (out_.faults.size() > faults_before) return;

        event.kind = form->kind;
        event.format = form->format;
        event.place = form->place;
        event.joint = form->joint;
        if (form->note) note(in_line(row.line) + *form->note);
        event.title_tbc = has_words(lower(event.title), "tbc");
        event.description = description_of(cell(columns.aim));
        event.topics = read_topic_codes(cell(columns.topics), out_.objectives, row.line, out_.notes);
        event.key = key_for(event.title);
        out_.events.push_back(std::move(event));
    }

    // 'Output | Survey | …' among the events: an output. What its date cell holds is a date, or says what it is.
    void add_output(TableRow const& row, Columns const& columns, ProposedEvent const& event) {
        ProposedOutput output;
        output.line = row.line;
        output.title = event.title;
        output.type = event.written_format;
        if (!event.written_date.empty()) {
            if (auto date = date_of(event.written_date, row.line)) {
                output.due = *date;
                output.written_due = event.written_date;
            } else {
                output.type = event.written_date;
            }
        }
        if (columns.topics >= 0)
            output.topics = read_topic_codes(row.cells[static_cast<std::size_t>(columns.topics)], out_.objectives, row.line, out_.notes);
        note(in_line(row.line) + "'" + event.written_format + "' is not an event: taken as the output '" + output.title + "' (" + output.type + ")" +
             (output.due ? "" : " without a date"));
        out_.outputs.push_back(std::move(output));
    }

    static std::string description_of(std::string_view cell) {
        std::string text;
        for (std::string const& paragraph : paragraphs(cell)) text += (text.empty() ? "" : "\n\n") + paragraph;
        std::string const low = lower(text);
        return low == "tbc" || low == "(tbc)" || low == "-" || low == "–" ? std::string() : text;
    }

    std::string key_for(std::string const& title) {
        std::string const base = (period_ ? period_->text() : std::string()) + "/" + folded_title(title);
        int const count = ++keys_[base];
        return count == 1 ? base : base + "#" + std::to_string(count);
    }

    void name_programme() {
        if (!period_) {
            for (ProposedEvent const& event : out_.events) {
                int const first = year_of(event.date.first), last = year_of(event.date.last);
                period_ = period_ ? YearSpan{std::min(period_->first, first), std::max(period_->last, last)} : YearSpan{first, last};
            }
        }
        out_.period = period_ ? period_->text() : std::string();
        if (!title_.text.empty() && (belongs_to_document() || !table_.part.empty()) && period_ == title_.years) out_.title = title_.text;
        else if (!table_.heading.empty()) out_.title = table_.heading;
        else out_.title = "Programme" + (out_.period.empty() ? "" : " " + out_.period);
    }

    static int year_of(calendar::local_days day) {
        return static_cast<int>(std::chrono::year_month_day(day).year());
    }

    void say_remarks() {
        if (!years_.used_in.empty() && !years_.words.empty()) {
            std::sort(years_.used_in.begin(), years_.used_in.end());
            std::string lines;
            for (int line : years_.used_in) lines += (lines.empty() ? "" : ", ") + std::to_string(line);
            note("the year " + std::to_string(*years_.year) + " is taken from " + years_.words + " for the rows that name none (" + (years_.used_in.size() == 1 ? "line " : "lines ") + lines + ")");
        }
        if (!table_.below.empty() && lower(table_.below).find("provisional") != std::string::npos)
            note("under the table stands '" + table_.below + "': only windows and what is marked (TBC) are taken as provisional");
        Columns const columns = columns_of(table_);
        for (int index : columns.unused) note("the column '" + column(index) + "' is not read");
        if (document_.delimiter == 0) return;
        for (Table const& table : document_.tables)
            if (!holds_events(table) && !holds_outputs(table) && !holds_objectives(table))
                note("the table in line " + std::to_string(table.line) + " ('" + (table.header.empty() ? "" : table.header[0]) + "' …) is not read");
    }

    TextDocument const& document_;
    Table const& table_;
    DocumentTitle title_;
    YearSource years_;
    std::optional<int> given_year_;
    std::optional<YearSpan> heading_years_, period_;
    std::map<std::string, int> keys_;
    ProposedProgramme out_;
};

}  // namespace

std::string describe(EventsTable const& table) {
    std::string out = "--table " + std::to_string(table.number) + ": ";
    if (!table.heading.empty()) out += "'" + table.heading + "', ";
    if (!table.part.empty() && table.part != table.heading) out += "in " + table.part + ", ";
    out += "columns ";
    for (std::size_t i = 0; i < table.header.size(); ++i) out += (i > 0 ? ", " : "") + table.header[i];
    return out + "; " + std::to_string(table.rows) + (table.rows == 1 ? " row" : " rows") + ", line " + std::to_string(table.line);
}

result<ProposedProgramme> read_programme(std::string_view text, std::string_view file_name, std::optional<int> year, std::optional<int> table) {
    if (year && (*year < 1970 || *year > 2037)) return fault_at("--year", errc::out_of_range, "a year from 1970 to 2037 is needed");
    CONVOKE_TRY(document, read_text_document(text, file_name));
    std::vector<EventsTable> found;
    std::vector<std::size_t> where;
    for (std::size_t i = 0; i < document.tables.size(); ++i) {
        if (!holds_events(document.tables[i])) continue;
        found.push_back(summary(document.tables[i], static_cast<int>(found.size()) + 1));
        where.push_back(i);
    }
    if (found.empty()) return no_events_table(document);
    if (!table && found.size() > 1)
        return Failure(errc::table_ambiguous, "the document holds " + std::to_string(found.size()) + " tables of events; say which one:" + list_of(found));
    if (table && (*table < 1 || *table > static_cast<int>(found.size())))
        return Failure(errc::table_not_found, "there is no table " + std::to_string(*table) + "; there are:" + list_of(found));
    std::size_t const index = table ? static_cast<std::size_t>(*table) - 1 : 0;
    if (found[index].rows > most_rows) return Failure(errc::payload_too_large, "a programme has at most 2,000 events");
    return ProgrammeReader(document, document.tables[where[index]], std::move(found), index, year).read();
}

Failure as_failure(std::vector<RowFault> const& faults) {
    std::vector<Fault> all;
    for (RowFault const& each : faults) {
        std::string const place = "line " + std::to_string(each.line) + (each.column.empty() ? "" : ", column " + each.column);
        all.push_back({place, errc::unreadable_row, place + ": " + each.detail});
    }
    return Failure(std::move(all));
}

}  // namespace convoke::domain::documents
