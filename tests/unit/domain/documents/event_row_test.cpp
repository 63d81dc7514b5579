#include "service/domain/documents/event_row.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain::documents;

namespace {
struct Row {
    std::string format, title, kind, how, place;
    bool joint, note;
};
}  // namespace

TEST_CASE("format cells become kind, format and place") {
    Row const row = GENERATE(values<Row>({
        {"Online event", "A", "event", "online", "", false, false},
        {"Online meeting", "A", "event", "online", "", false, false},
        {"Online event 1", "A", "event", "online", "", false, false},
        {"Webinar", "A", "event", "online", "", false, false},
        {"On-site event", "A", "event", "on-site", "", false, false},
        {"On‑site event", "A", "event", "on-site", "", false, false},
        {"In-person workshop", "A", "event", "on-site", "", false, false},
        {"Hybrid event, Riga, Latvia", "A", "event", "hybrid", "Riga, Latvia", false, false},
        {"Online and on-site", "A", "event", "hybrid", "", false, false},
        {"Study visit, Koper, Slovenia", "A", "study-visit", "on-site", "Koper, Slovenia", false, false},
        {"Study visit, Koper", "A", "study-visit", "on-site", "Koper", false, false},
        {"Study visit to Slovenia", "A", "study-visit", "on-site", "Slovenia", false, false},
        {"Study visit (Koper, Slovenia)", "A", "study-visit", "on-site", "Koper, Slovenia", false, false},
        {"Study visit in Den Haag, The Netherlands", "A", "study-visit", "on-site", "Den Haag, The Netherlands", false, false},
        {"On-site event, Vila Real, Norte, Portugal", "A", "event", "on-site", "Vila Real, Norte, Portugal", false, false},
        {"On-site event 1: circle study visit", "A", "study-visit", "on-site", "", false, false},
        {"On-site, joint circle event", "A", "event", "on-site", "", true, false},
        {"On-site event 3: Joint on-site event", "A", "event", "on-site", "", true, false},
        {"Online joint event of circles on Boats, Trains; and Trams", "A", "event", "online", "", true, false},
        {"Study Visit, Turku, Finland Joint Event with Boats, Trains and Trams", "A", "study-visit", "on-site", "Turku, Finland", true, false},
        {"Online event, Brussels", "A", "event", "online", "", false, false},
        {"Online meeting", "Working Group Meeting: pilots & teachers", "working-group-meeting", "online", "", false, false},
        {"Working group meeting", "A", "working-group-meeting", "on-site", "", false, true},
        {"Online event", "1st Plenary Session 2031: hello", "plenary", "online", "", false, false},
        {"Online event", "First Plenary: hello", "plenary", "online", "", false, false},
        {"Plenary, online", "A", "plenary", "online", "", false, false},
        {"Online event", "What the last plenary left open", "event", "online", "", false, false},
        {"Online event", "Preparing the study visit", "event", "online", "", false, false},
        {"On-site event", "Study visit to a quay", "study-visit", "on-site", "", false, false},
        {"Lantern Festival 2031 workshop", "A", "event", "on-site", "", false, true},
        {"Social Forum 2031", "A", "event", "on-site", "", false, true},
        {"Event", "The first joint online event", "event", "online", "", true, true},
    }));
    INFO(row.format << " | " << row.title);
    auto const form = read_event_form(row.format, row.title, "");
    REQUIRE(form.has_value());
    CHECK(form->kind == row.kind);
    CHECK(form->format == row.how);
    CHECK(form->place == row.place);
    CHECK(form->joint == row.joint);
    CHECK(form->note.has_value() == row.note);
}

TEST_CASE("what says nothing is refused, unless a place column says where") {
    CHECK(read_event_form("", "A", "").error().code == errc::required);
    auto const strange = read_event_form("Surprise", "A", "");
    REQUIRE(strange.has_error());
    CHECK(strange.error().detail.find("'Surprise'") != std::string::npos);
    auto const placed = read_event_form("Surprise", "A", "Koper, Slovenia");
    REQUIRE(placed.has_value());
    CHECK(placed->format == "on-site");
    CHECK(placed->place == "Koper, Slovenia");
    CHECK(read_event_form("Study visit, Koper, Slovenia", "A", "Piran")->place == "Piran");
}

TEST_CASE("outputs are told apart") {
    CHECK(names_output("Output"));
    CHECK(names_output(" output 2"));
    CHECK_FALSE(names_output("Outputs workshop"));
    CHECK_FALSE(names_output("Online event"));
}
