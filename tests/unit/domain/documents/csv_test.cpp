#include "service/domain/documents/csv.hpp"

#include <catch2/catch.hpp>
#include <rapidcheck.h>

using namespace convoke;
using namespace convoke::domain::documents;

namespace {
std::vector<std::string> cells(std::string_view text, std::size_t row = 0) {
    auto const read = read_csv(text);
    REQUIRE(read.has_value());
    REQUIRE(read->rows.size() > row);
    return read->rows[row].cells;
}
using Cells = std::vector<std::string>;
}  // namespace

TEST_CASE("csv: the delimiter is found and reported") {
    CHECK(read_csv("email,name\na@b.example,A\n")->delimiter == ',');
    CHECK(read_csv("email;name;note, long\na@b.example;A;x\n")->delimiter == ';');
    CHECK(read_csv("email\tname, or names\n")->delimiter == '\t');
    CHECK(read_csv("email\n")->delimiter == ',');
    CHECK(read_csv("\"a;b;c\",d\n")->delimiter == ',');
    CHECK(cells("sep=;\nemail;name\n") == Cells{"email", "name"});
    CHECK(read_csv("sep=;\nemail;name\n")->rows[0].row == 2);
    CHECK(cells("a;b,c\n", 0) == Cells{"a;b", "c"});
    CHECK(read_csv("a,b", ';')->rows[0].cells == Cells{"a,b"});
}

TEST_CASE("csv: quotes, line ends, byte order mark, empty rows") {
    CHECK(cells("\xef\xbb\xbf""email,name\r\n") == Cells{"email", "name"});
    CHECK(read_csv("\xef\xbb\xbf""email")->byte_order_mark);
    CHECK(cells("a,\"b\"\"c\",\"d,e\"\n") == Cells{"a", "b\"c", "d,e"});
    CHECK(cells("a,b,\n") == Cells{"a", "b", ""});
    CHECK(cells("a,b,") == Cells{"a", "b", ""});
    CHECK(cells("5\" pipe,x\n") == Cells{"5\" pipe", "x"});
    auto const read = read_csv("h,i\r\"x\ny\",1\r\n\r\n,,\nz,2");
    REQUIRE(read.has_value());
    REQUIRE(read->rows.size() == 3);
    CHECK(read->rows[1].cells == Cells{"x\ny", "1"});
    CHECK(read->rows[1].row == 2);
    CHECK(read->rows[1].line == 2);
    CHECK(read->rows[2].row == 5);
    CHECK(read->rows[2].line == 6);
    CHECK(read_csv("")->rows.empty());
}

TEST_CASE("csv: what is broken is refused with its row") {
    auto const never_ends = read_csv("a,b\nc,\"d\ne,f\n");
    REQUIRE(never_ends.has_error());
    CHECK(never_ends.error().code == errc::unreadable_row);
    CHECK(never_ends.error().faults.at(0).pointer == "row 2");
    auto const behind = read_csv("a,b\n\"c\"d,e\n");
    REQUIRE(behind.has_error());
    CHECK(behind.error().detail.find("row 2") != std::string::npos);
    CHECK(behind.error().detail.find("column 1") != std::string::npos);
}

TEST_CASE("csv: only UTF-8 is taken") {
    auto const latin = read_csv("email,name\na@b.example,Jos\xe9\n");
    REQUIRE(latin.has_error());
    CHECK(latin.error().code == errc::bad_encoding);
    CHECK(latin.error().faults.at(0).pointer == "row 2");
    CHECK(latin.error().detail.find("E9") != std::string::npos);
    CHECK(latin.error().detail.find("UTF-8") != std::string::npos);
    CHECK(read_csv("\xff\xfe""a\0,\0").error().code == errc::bad_encoding);
    CHECK(read_csv(std::string_view("a,b\0c", 5)).error().code == errc::bad_encoding);
    CHECK_FALSE(first_invalid_utf8("Łódź – Ελλάδα – 🏠"));
    CHECK(first_invalid_utf8("\xc0\xaf") == 0u);          // overlong
    CHECK(first_invalid_utf8("a\xed\xa0\x80") == 1u);      // surrogate
    CHECK(first_invalid_utf8("\xf4\x90\x80\x80") == 0u);  // beyond U+10FFFF
    CHECK(first_invalid_utf8("\xe2\x82") == 0u);           // cut off
}

TEST_CASE("csv: limits") {
    CHECK(read_csv(std::string(17 * 1024 * 1024, 'a')).error().code == errc::payload_too_large);
    CHECK(read_csv(std::string(300, ',') + "x").error().code == errc::payload_too_large);
    std::string rows;
    for (int i = 0; i < 100'001; ++i) rows += "a\n";
    CHECK(read_csv(rows).error().code == errc::payload_too_large);
}

TEST_CASE("csv: formulas are neutralised when written") {
    for (std::string const cell : {"=1+1", "+32 2", "-5", "@SUM(A1)", "\tx", "\rx", "\nx"}) CHECK(guarded_cell(cell) == "'" + cell);
    CHECK(guarded_cell(std::string_view("\0x", 2)) == std::string("'\0x", 3));
    CHECK(guarded_cell("Anna") == "Anna");
    CHECK(guarded_cell("'Anna'") == "'Anna'");
    CHECK(guarded_cell("'=1") == "''=1");
    CHECK(revealed_cell("'=1") == "=1");
    Cells const row = {"=cmd|' /C calc'!A0", "a \"b\"", "x;y", " z"};
    CHECK(csv_record(row) == "\"'=cmd|' /C calc'!A0\",\"a \"\"b\"\"\",\"x;y\",\" z\"\r\n");
}

TEST_CASE("csv: what was written is read back") {
    CHECK(rc::check("any cells survive writing and reading", [] {
        auto const alphabet = std::string("ab,;\t\"'=+-@\r\n ");
        auto const cell = rc::gen::container<std::string>(rc::gen::elementOf(alphabet));
        auto const columns = *rc::gen::inRange<std::size_t>(2, 6);
        auto written = *rc::gen::container<Cells>(columns, cell);
        auto const delimiter = *rc::gen::element(',', ';', '\t');
        written[0] = "x" + written[0];
        auto const read = read_csv(csv_record(written, delimiter), delimiter);
        RC_ASSERT(read.has_value());
        RC_ASSERT(read->rows.size() == 1u);
        Cells revealed;
        for (auto const& each : read->rows[0].cells) revealed.push_back(revealed_cell(each));
        RC_ASSERT(revealed == written);
    }));
}
