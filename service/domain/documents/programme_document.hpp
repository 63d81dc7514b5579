// A year's work programme as its document holds it: the events table, the planned outputs, the objectives with their
// priority topics. Reads and proposes; what becomes of it is the caller's decision. Nothing is guessed silently: every
// reading that is not in the row itself stands in `notes`, every cell that cannot be read in `faults`.
// Any thread; pure.
#pragma once

#include "calendar/written_date.hpp"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace convoke::domain::documents {

struct ProposedEvent {
    int line = 0;
    std::string title;
    std::string kind = "event";     // "event" | "study-visit" | "working-group-meeting" | "plenary"
    std::string format = "online";  // "online" | "on-site" | "hybrid"
    std::string place;              // "Salerno, Italy"; "" when none is named
    std::string description;        // the aim; "" for 'TBC'
    std::vector<std::string> topics;  // codes: "03 PT 01"
    calendar::WrittenDate date;
    std::string written_date;    // 'October 2025 (TBC)'
    std::string written_format;  // 'On-site event 1: CoP MI study visit'
    bool joint = false;          // said to be an event of several communities; which ones is not read
    bool title_tbc = false;      // the title is marked '(TBC)'; the mark stays in it
    std::string key;             // identity for a second import: programme's period and folded title, never the date
};

struct ProposedOutput {
    int line = 0;
    std::string type, title;
    std::string written_due;
    std::optional<calendar::WrittenDate> due;  // empty when no date is given
    std::vector<std::string> topics;
};

struct ProposedTopic {
    std::string code, title;  // "01 PT 02"
};

struct ProposedObjective {
    std::string code, title;  // "01"
    std::vector<ProposedTopic> topics;
};

struct RowFault {
    int line = 0;
    std::string column;  // as the header names it; "" for the whole row
    std::string detail;
};

// A table that holds events, found by its header: a date, a format and a title column.
struct EventsTable {
    int number = 0;  // what --table takes, from 1
    int line = 0;
    std::string heading;
    std::string part;  // "Annex I"; "" in the main part
    std::vector<std::string> header;
    std::size_t rows = 0;
};

// "--table 1: 'Events Calendar 2025', columns Format, Focus topic, Date; 6 rows, line 116".
std::string describe(EventsTable const& table);

struct ProposedProgramme {
    EventsTable table;                // the one that was read
    std::vector<EventsTable> tables;  // all of the document
    std::string title;                // "Work Programme 2026", else the table's heading, else "Programme 2026"
    std::string period;               // "2026", "2023–2024"
    std::vector<ProposedObjective> objectives;
    std::vector<ProposedEvent> events;
    std::vector<ProposedOutput> outputs;
    std::vector<RowFault> faults;
    std::vector<std::string> notes;
};

// Reads table number `table` (needed only where there are several: errc::table_ambiguous lists them). `year` stands in
// for rows that name none; without it the year of the table's heading does, then, for tables of the main part, that of
// the document's title; a note says so. Rows with faults are left out of events and outputs. In particular
// - a row of the format 'Output' in an events table becomes an output, without a date where its date cell holds none;
// - a format that says neither online nor on-site, but names a gathering, is taken as on-site, with a note;
// - an empty date cell (a merged one) takes the date above, with a note;
// - objectives and planned outputs come along only with the table of the document's own year.
// errc::table_not_found when there is no such table, out_of_range for a year outside 1970–2037.
result<ProposedProgramme> read_programme(std::string_view text, std::string_view file_name, std::optional<int> year,
                                         std::optional<int> table);

// All row faults as one failure, for an import that takes everything or nothing: errc::unreadable_row, pointers "line 7,
// column Date". Needs at least one fault.
Failure as_failure(std::vector<RowFault> const& faults);

}  // namespace convoke::domain::documents
