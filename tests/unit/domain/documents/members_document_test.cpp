#include "service/domain/documents/members_document.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain::documents;

namespace {

std::string const header = "email,name,organisation,category,country,language,timeZone,role\n";

// "row 2, column email: email_invalid" for each fault.
std::vector<std::string> faults(std::string const& text) {
    auto const read = read_members(text);
    REQUIRE(read.has_error());
    std::vector<std::string> out;
    for (Fault const& fault : read.error().faults) {
        CHECK(fault.detail.find(fault.pointer) == 0);
        out.push_back(fault.pointer + ": " + std::string(slug(fault.code)));
    }
    return out;
}
using Faults = std::vector<std::string>;

}  // namespace

TEST_CASE("members: a good list") {
    auto const read = read_members("\xef\xbb\xbf" "E-Mail;Name;Time Zone;ROLE;country;language;organisation;category\r\n"
                                   "Anna@Example.IE;Anna Ní Bhriain;Europe/Dublin;Chair;ie;EN;\"Office; North\";NGO\r\n"
                                   "\r\n"
                                   "b@example.gr;Β. Παπά;;;EL;el;;\r\n"
                                   ";;;;;;;\r\n");
    REQUIRE(read.has_value());
    CHECK(read->delimiter == ';');
    CHECK(read->columns[2] == "timeZone");
    REQUIRE(read->members.size() == 2);
    auto const& anna = read->members[0];
    CHECK(anna.row == 2);
    CHECK(anna.email == "Anna@example.ie");
    CHECK(anna.time_zone == "Europe/Dublin");
    CHECK(anna.role == "chair");
    CHECK(anna.country == "IE");
    CHECK(anna.language == "en");
    CHECK(anna.organisation == "Office; North");
    CHECK(read->members[1].row == 4);
    CHECK(read->members[1].country == "GR");
    CHECK(read->members[1].role == "member");
    CHECK(read->members[1].time_zone.empty());
}

TEST_CASE("members: what our own export guarded against formulas comes back as it was") {
    auto const read = read_members("email,name\na@b.example,'=Anna\n");
    REQUIRE(read.has_value());
    CHECK(read->members[0].name == "=Anna");
}

TEST_CASE("members: every bad row is listed with row and column, each kind of fault") {
    auto const long_address = std::string(250, 'a') + "@b.example";
    CHECK(faults(header +
                 "good@b.example,Good,O,NGO,IE,en,Europe/Dublin,member\n"          // 2
                 "two@at@b.example,A,O,NGO,IE,en,Europe/Dublin,member\n"            // 3
                 "\"a@b.example\r\nBcc: x@b.example\",A,O,NGO,IE,en,,\n"            // 4
                 "" + long_address + ",A,O,NGO,IE,en,,\n"                           // 5
                 ",A,O,NGO,IE,en,,\n"                                                // 6
                 "c@b.example,A,O,NGO,XX,en,,\n"                                     // 7
                 "d@b.example,A,O,NGO,IE,klingon,,\n"                                // 8
                 "e@b.example,A,O,NGO,IE,en,Europe/Brusels,\n"                       // 9
                 "f@b.example,A,O,NGO,IE,en,,boss\n"                                 // 10
                 "GOOD@b.example,A,O,NGO,IE,en,,\n"                                  // 11
                 "g@b.example,A,O\n"                                                 // 12
                 "h@b.example,A,O,NGO,IE,en,,member,extra\n"                         // 13
                 "ü@b.example,A,O,NGO,IE,en,,\n"                                     // 14
                 "i@b.example,\"A\nB\",O,NGO,IE,en,,\n"                              // 15
                 "j@b.example,A,O,NGO,YY,en,CET+1,boss\n"                            // 16
                 "k@b.example," + std::string(201, 'n') + ",O,NGO,IE,en,,\n") ==      // 17
          Faults{"row 3, column email: email_invalid", "row 4, column email: control_character", "row 5, column email: email_invalid",
                 "row 6, column email: required", "row 7, column country: invalid_value", "row 8, column language: invalid_value",
                 "row 9, column timeZone: unknown_time_zone", "row 10, column role: invalid_value", "row 11, column email: already_exists",
                 "row 12: unreadable_row", "row 13: unreadable_row", "row 14, column email: smtputf8_not_supported",
                 "row 15, column name: control_character", "row 16, column country: invalid_value", "row 16, column timeZone: unknown_time_zone",
                 "row 16, column role: invalid_value", "row 17, column name: too_long"});
}

TEST_CASE("members: the header") {
    CHECK(faults("email,shoe size,name\na@b.example,42,A\n") == Faults{"row 1, column shoe size: unknown_field"});
    CHECK(read_members("email,shoe size\n").error().detail.find("organisation, category, country") != std::string::npos);
    CHECK(faults("name,country\nA,IE\n") == Faults{"row 1, column email: required"});
    CHECK(faults("email,E-mail\na@b.example,b@b.example\n") == Faults{"row 1, column email: unknown_field"});
    CHECK(faults("email,,name\n") == Faults{"row 1, column (empty): unknown_field"});
    CHECK(read_members("").error().code == errc::required);
    CHECK(read_members("email,name\n")->members.empty());
    CHECK(read_members("email,name,,\na@b.example,A,,\n")->members.size() == 1);
}

TEST_CASE("members: one bad row of five hundred refuses all; Latin-1 is refused by its row") {
    std::string text = "email,name\n";
    for (int i = 0; i < 500; ++i) text += (i == 299 ? "bad" : "m" + std::to_string(i) + "@b.example") + ",M\n";
    CHECK(faults(text) == Faults{"row 301, column email: email_invalid"});
    auto const latin = read_members("email,name\na@b.example,Jos\xe9\n");
    REQUIRE(latin.has_error());
    CHECK(latin.error().code == errc::bad_encoding);
    CHECK(latin.error().faults.at(0).pointer == "row 2");
}
