#include "service/domain/documents/table_reader.hpp"
#include "tests/unit/domain/documents/documents.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain::documents;

TEST_CASE("tables inside a text, with the heading above them") {
    auto const read = read_text_document(sample("harbour-2031.txt"), "harbour-2031.txt");
    REQUIRE(read.has_value());
    REQUIRE(read->tables.size() == 3);
    CHECK(read->tables[0].heading == "What the circle did in 2029–2030");
    CHECK(read->tables[0].line == 17);
    CHECK(read->tables[0].rows.size() == 3);
    CHECK(read->tables[0].rows[0].line == 18);
    CHECK(read->tables[1].heading == "Calendar of Events 2031");
    CHECK(read->tables[1].header == std::vector<std::string>{"Format", "Focus topic", "Date ¹"});
    CHECK(read->tables[1].below == "¹ Dates are only provisional and may move.");
    CHECK(read->tables[1].part.empty());
    CHECK(read->tables[2].part == "Annex 1: what members wrote");
}

TEST_CASE("rows keep their cells, the missing ones empty") {
    auto const read = read_text_document("A\tB\tC\n1\n1\t2\n1\t2\t3\t\t\n1\t2\t3\t4\n\t2\n\"quoted \"\"cell\"\"\"\t\"half\n", "x.txt");
    REQUIRE(read.has_value());
    REQUIRE(read->tables.size() == 1);
    auto const& rows = read->tables[0].rows;
    REQUIRE(rows.size() == 5);
    CHECK(read->tables[0].stray_lines == std::vector<int>{2});
    CHECK(rows[0].cells == std::vector<std::string>{"1", "2", ""});
    CHECK(rows[1].cells == std::vector<std::string>{"1", "2", "3"});
    CHECK(rows[2].cells.size() == 4);
    CHECK(rows[3].cells == std::vector<std::string>{"", "2", ""});
    CHECK(rows[4].cells == std::vector<std::string>{"quoted \"cell\"", "\"half", ""});
}

TEST_CASE("two tables without a blank line between them are two") {
    auto const read = read_text_document("Date\tTitle\tFormat\nMay 2031\tA\tOnline event\nPlanned Outputs\nDate\tFormat\tTopics\nMay\tNote\tB\n", "x.txt");
    REQUIRE(read->tables.size() == 2);
    CHECK(read->tables[0].stray_lines.empty());
    CHECK(read->tables[1].heading == "Planned Outputs");
}

TEST_CASE("Markdown tables") {
    auto const read = read_text_document("## Plan\n\n| a | b \\| c |\n| --- | :-: |\n| 1 | 2 |\n| 3 |\n\ntext | more\n\nx | y\n--- | ---\n1 | 2\n", "x.md");
    REQUIRE(read.has_value());
    REQUIRE(read->tables.size() == 2);
    CHECK(read->tables[0].heading == "Plan");
    CHECK(read->tables[0].header == std::vector<std::string>{"a", "b | c"});
    REQUIRE(read->tables[0].rows.size() == 2);
    CHECK(read->tables[0].rows[1].cells == std::vector<std::string>{"3", ""});
    CHECK(read->tables[0].rows[1].line == 6);
    CHECK(read->tables[1].rows[0].cells == std::vector<std::string>{"1", "2"});
}

TEST_CASE("a sheet with headings of one cell holds several tables") {
    auto const read = read_text_document(sample("sheet.csv"), "sheet.csv");
    REQUIRE(read.has_value());
    CHECK(read->delimiter == ',');
    REQUIRE(read->tables.size() == 2);
    CHECK(read->tables[0].heading == "Events Calendar 2033");
    CHECK(read->tables[0].rows.size() == 2);
    CHECK(read->tables[0].rows[1].line == 5);
    CHECK(read->tables[1].heading == "Planned Outputs");
    CHECK(read->tables[1].line == 9);
}

TEST_CASE("a table of contents does not open an annex") {
    auto const read = read_text_document("Contents\n\nAnnex I\n\nCalendar\n\nDate\tTitle\tFormat\n\nAnnex I\n\nDone\n\nDate\tTitle\tFormat\n", "x.txt");
    REQUIRE(read->tables.size() == 2);
    CHECK(read->tables[0].part.empty());
    CHECK(read->tables[1].part == "Annex I");
}

TEST_CASE("a text without a table is empty, one in Latin-1 is refused by its line") {
    CHECK(read_text_document("Nothing here.\n", "x.txt")->tables.empty());
    auto const latin = read_text_document("one\ntwo caf\xe9\n", "x.txt");
    REQUIRE(latin.has_error());
    CHECK(latin.error().code == errc::bad_encoding);
    CHECK(latin.error().faults.at(0).pointer == "line 2");
}
