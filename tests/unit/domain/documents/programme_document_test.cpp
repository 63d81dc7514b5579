#include "service/domain/documents/programme_document.hpp"
#include "tests/unit/domain/documents/documents.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain::documents;
using Kind = calendar::WrittenDate::Kind;

namespace {

result<ProposedProgramme> read(std::string const& name, std::optional<int> year = {}, std::optional<int> table = {}) {
    return read_programme(sample(name), name, year, table);
}

bool noted(ProposedProgramme const& programme, std::string_view words) {
    return std::any_of(programme.notes.begin(), programme.notes.end(), [&](std::string const& note) { return note.find(words) != std::string::npos; });
}

std::string notes_of(ProposedProgramme const& programme) {
    std::string out;
    for (std::string const& note : programme.notes) out += note + "\n";
    for (RowFault const& fault : programme.faults) out += "FAULT " + std::to_string(fault.line) + " " + fault.column + ": " + fault.detail + "\n";
    return out;
}

std::string line(std::initializer_list<std::string_view> cells) {
    std::string out;
    for (auto cell : cells) out += (out.empty() ? "" : "\t") + std::string(cell);
    return out + "\n";
}

}  // namespace

TEST_CASE("several tables of events: the message lists them") {
    auto const both = read("harbour-2031.txt");
    REQUIRE(both.has_error());
    CHECK(both.error().code == errc::table_ambiguous);
    CHECK(both.error().detail ==
          "the document holds 2 tables of events; say which one:"
          "\n  --table 1: 'What the circle did in 2029–2030', columns Format, Meeting topic, Date; 3 rows, line 17"
          "\n  --table 2: 'Calendar of Events 2031', columns Format, Focus topic, Date ¹; 4 rows, line 26");
    auto const none = read("harbour-2031.txt", {}, 3);
    REQUIRE(none.has_error());
    CHECK(none.error().code == errc::table_not_found);
    CHECK(none.error().detail.find("--table 2") != std::string::npos);
    CHECK(read("harbour-2031.txt", {}, 0).error().code == errc::table_not_found);
    CHECK(read("harbour-2031.txt", 20310, 1).error().code == errc::out_of_range);
}

TEST_CASE("a calendar with days, spans and windows") {
    auto const programme = read("harbour-2031.txt", {}, 2);
    REQUIRE(programme.has_value());
    INFO(notes_of(*programme));
    REQUIRE(programme->faults.empty());
    REQUIRE(programme->events.size() == 4);
    CHECK(programme->title == "Work Programme 2031");
    auto const& events = programme->events;
    CHECK(events[0].date.kind == Kind::day);
    CHECK(events[1].place == "Koper, Slovenia");
    CHECK(iso(events[1].date.last) == "2031-05-15");
    CHECK(events[2].date.kind == Kind::window);
    CHECK(iso(events[2].date.first) == "2031-10-01");
    CHECK(events[3].joint);
    CHECK(events[3].written_date == "November 2031 (TBC)");
    CHECK(noted(*programme, "Dates are only provisional"));
}

TEST_CASE("an older table of the same document has its own period and title") {
    auto const programme = read("harbour-2031.txt", {}, 1);
    REQUIRE(programme.has_value());
    CHECK(programme->period == "2029–2030");
    CHECK(programme->title == "What the circle did in 2029–2030");
    REQUIRE(programme->events.size() == 3);
    CHECK(programme->events[1].title == "Harbour Fair 2029 Workshop: Boats as classrooms");
    CHECK(programme->events[2].title == "Working Group Meeting: teachers & pilots");
    CHECK(programme->events[2].kind == "working-group-meeting");
}

TEST_CASE("a whole programme: objectives, topics, outputs, and a year that is said in a note") {
    auto const programme = read("lantern-2032.txt", {}, 1);
    REQUIRE(programme.has_value());
    INFO(notes_of(*programme));
    REQUIRE(programme->faults.empty());
    CHECK(programme->title == "Work Programme 2032");
    REQUIRE(programme->objectives.size() == 2);
    REQUIRE(programme->objectives[0].topics.size() == 2);
    CHECK(programme->objectives[0].title == "Keeping the lanterns lit in small towns");
    CHECK(programme->objectives[0].topics[1].code == "01 PT 02");
    CHECK(programme->objectives[0].topics[1].title == "Keepers and their training");
    REQUIRE(programme->outputs.size() == 2);
    CHECK(programme->outputs[0].type == "Background note");
    CHECK(programme->outputs[0].title == "What a wick costs");
    CHECK(iso(programme->outputs[0].due->last) == "2032-05-31");

    REQUIRE(programme->events.size() == 4);
    auto const& keepers = programme->events[0];
    CHECK(keepers.title == "Keepers Meet (TBC)");
    CHECK(keepers.title_tbc);
    CHECK(keepers.key == "2032/keepers meet");
    CHECK(keepers.topics == std::vector<std::string>{"01 PT 02", "02 PT 01"});
    CHECK(keepers.description == "The event helps keepers to compare their days, nights & wages.");
    CHECK(iso(keepers.date.first) == "2032-04-01");
    CHECK(programme->events[1].kind == "study-visit");
    CHECK(programme->events[1].description.empty());
    CHECK(programme->events[2].written_date == "September");
    CHECK(noted(*programme, "line 16: no date of its own: 'September' is taken from the row above"));
    CHECK(programme->events[2].topics == std::vector<std::string>{"02 PT 01", "01 PT 01"});
    CHECK(programme->events[3].kind == "plenary");
    CHECK(iso(programme->events[3].date.last) == "2032-12-31");
    CHECK(noted(*programme, "the year 2032 is taken from 'Work Programme 2032' in line 2 for the rows that name none (lines 14, 15, 16, 18, 23)"));
}

TEST_CASE("--year wins over the document, and then no note is needed") {
    auto const programme = read("lantern-2032.txt", 2033, 1);
    REQUIRE(programme.has_value());
    CHECK(iso(programme->events[0].date.first) == "2033-04-01");
    CHECK_FALSE(noted(*programme, "is taken from 'Work Programme"));
}

TEST_CASE("an annex: its heading gives the year, the survey is an output, the objectives stay away") {
    auto const programme = read("lantern-2032.txt", {}, 2);
    REQUIRE(programme.has_value());
    INFO(notes_of(*programme));
    REQUIRE(programme->faults.empty());
    CHECK(programme->table.part == "Annex I");
    REQUIRE(programme->events.size() == 3);
    CHECK(programme->events[0].kind == "plenary");
    CHECK(iso(programme->events[1].date.first) == "2031-10-03");
    CHECK(noted(*programme, "the year 2031 is taken from the heading 'What the Society did in 2031' in line 28 for the rows that name none (line 32)"));
    CHECK(noted(*programme, "line 32: 'Lantern Festival 2031 workshop' says neither online nor on-site: on-site is assumed"));
    CHECK(programme->events[2].place == "Turku, Finland");
    CHECK(programme->events[2].joint);
    REQUIRE(programme->outputs.size() == 1);
    CHECK(programme->outputs[0].type == "Survey");
    CHECK_FALSE(programme->outputs[0].due);
    CHECK(programme->objectives.empty());
    CHECK(noted(*programme, "objectives (2) and planned outputs (2) belong to 'Work Programme 2032'"));
}

TEST_CASE("the same calendar as CSV, TSV and Markdown") {
    for (std::string const name : {"lantern.csv", "lantern.tsv", "lantern.md"}) {
        INFO(name);
        auto const programme = read(name);
        REQUIRE(programme.has_value());
        INFO(notes_of(*programme));
        REQUIRE(programme->faults.empty());
        REQUIRE(programme->events.size() == 3);
        CHECK(programme->period == "2032");
        CHECK(programme->events[0].topics == std::vector<std::string>{"01 PT 02", "02 PT 01"});
        CHECK(programme->events[1].title == "A town without lamps");
        CHECK(programme->events[1].place == "Visby, Sweden");
        CHECK(programme->events[2].format == "hybrid");
        CHECK(programme->events[2].key == "/2nd plenary session");
    }
}

TEST_CASE("a sheet: its heading gives the year, planned outputs are no events") {
    auto const programme = read("sheet.csv");
    REQUIRE(programme.has_value());
    INFO(notes_of(*programme));
    REQUIRE(programme->faults.empty());
    REQUIRE(programme->events.size() == 2);
    CHECK(programme->events[0].title == "One, with a comma");
    CHECK(iso(programme->events[1].date.first) == "2033-03-05");
    REQUIRE(programme->outputs.size() == 1);
    CHECK(programme->outputs[0].title == "Leaflet");
    CHECK(programme->outputs[0].type == "Paper");
}

TEST_CASE("every row that cannot be read is listed with its line, column and reason") {
    auto const programme = read("broken.txt");
    REQUIRE(programme.has_value());
    INFO(notes_of(*programme));
    REQUIRE(programme->events.size() == 1);
    CHECK(programme->events[0].title == "The one good row");
    std::map<int, std::vector<std::string>> faults;
    for (RowFault const& fault : programme->faults) faults[fault.line].push_back(fault.column);
    CHECK(faults[6] == std::vector<std::string>{"Date"});
    CHECK(faults[7] == std::vector<std::string>{"Date"});
    CHECK(faults[8] == std::vector<std::string>{"Title"});
    CHECK(faults[9] == std::vector<std::string>{"Format"});
    CHECK(faults[10] == std::vector<std::string>{"Format"});
    CHECK(faults[11] == std::vector<std::string>{""});
    CHECK(faults[12] == std::vector<std::string>{"Date"});
    CHECK_FALSE(faults[13].empty());
    CHECK(faults.size() >= 8);

    Failure const failure = as_failure(programme->faults);
    CHECK(failure.code == errc::unreadable_row);
    CHECK(failure.faults.size() == programme->faults.size());
    bool found = false;
    for (Fault const& fault : failure.faults) found = found || fault.pointer == "line 6, column Date";
    CHECK(found);
    // With the year from outside the first of them reads.
    auto const with_year = read("broken.txt", 2032);
    CHECK(with_year->events.size() == 2);
    CHECK(with_year->faults.size() == programme->faults.size() - 1);
}

TEST_CASE("a text without a table of events says what is needed and what was seen") {
    auto const none = read_programme("Acronym\tName\nESF\tFund\n", "x.txt", {}, {});
    REQUIRE(none.has_error());
    CHECK(none.error().code == errc::table_not_found);
    CHECK(none.error().detail.find("Focus topic") != std::string::npos);
    CHECK(none.error().detail.find("line 1: Acronym, Name") != std::string::npos);
    CHECK(read_programme("", "x.csv", {}, {}).error().code == errc::table_not_found);
    // The outputs alone are no events.
    CHECK(read_programme("Planned Outputs\n\nDate\tFormat\tTopics\nMay 2032\tNote\tX\n", "x.txt", {}, {}).error().code == errc::table_not_found);
}

TEST_CASE("the key does not move with date, aim, format or the TBC mark") {
    auto const key = [](std::string const& row) {
        auto const programme = read_programme("Calendar 2032\n\nDate\tTitle\tFormat\tAim\n" + row, "x.txt", {}, {});
        REQUIRE(programme.has_value());
        REQUIRE(programme->events.size() == 1);
        return programme->events[0].key;
    };
    auto const first = key(line({"May", "Knots & Numbers (TBC)", "Online event", "TBC"}));
    CHECK(key(line({"3 January 2033", "Knots & Numbers", "Study visit, Koper, Slovenia", "To learn."})) == first);
    CHECK(key(line({"May", "Knots and Letters", "Online event", "TBC"})) != first);
    auto const twins = read_programme("Calendar 2032\n\nDate\tTitle\tFormat\nMay\tMeeting\tOnline event\nJune\tMeeting\tOnline event\n", "x.txt", {}, {});
    CHECK(twins->events[0].key == "2032/meeting");
    CHECK(twins->events[1].key == "2032/meeting#2");
}

TEST_CASE("topics that nobody knows are left out with a note, hostile cells are refused") {
    auto const base = std::string("Work Programme 2032\n\nObjectives\tPriority Topics\n01 One\t01 PT 01 First\n\nCalendar\n\n");
    auto const programme = read_programme(base + "Date\tTitle\tFormat\tPriority Topics\tColour\nMay\tA\tOnline event\t<p>1 PT 1</p><p>09 PT 09</p><p>Nonsense</p>\tred\n"
                                          "May\tB\x07\tOnline event\t\t\nMay\t" + std::string(600, 'x') + "\tOnline event\t\t\n", "x.txt", {}, {});
    REQUIRE(programme.has_value());
    INFO(notes_of(*programme));
    REQUIRE(programme->events.size() == 1);
    CHECK(programme->events[0].topics == std::vector<std::string>{"01 PT 01"});
    CHECK(noted(*programme, "the topic 09 PT 09 is under no objective"));
    CHECK(noted(*programme, "the topic 'Nonsense' has no code"));
    CHECK(noted(*programme, "the column 'Colour' is not read"));
    CHECK(programme->faults.size() == 2);
}
