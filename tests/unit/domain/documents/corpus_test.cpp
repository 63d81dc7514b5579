// The real programmes, where they stand beside the project. Absent, the tests say so and pass.
#include "service/domain/documents/programme_document.hpp"
#include "tests/unit/domain/documents/documents.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain::documents;

namespace {

std::optional<std::string> programme(int year) {
    auto text = file_text(CONVOKE_SOURCE_DIR "/../shared/programmes/cop-mi-" + std::to_string(year) + "-work-programme.txt");
    if (!text) WARN("absent: the work programme of " << year << " does not stand beside the project");
    return text;
}

std::size_t windows(ProposedProgramme const& programme) {
    return static_cast<std::size_t>(std::count_if(programme.events.begin(), programme.events.end(), [](ProposedEvent const& event) {
        return event.date.kind == calendar::WrittenDate::Kind::window;
    }));
}

std::string notes_of(ProposedProgramme const& programme) {
    std::string out;
    for (std::string const& note : programme.notes) out += note + "\n";
    for (RowFault const& fault : programme.faults) out += "FAULT line " + std::to_string(fault.line) + " " + fault.column + ": " + fault.detail + "\n";
    return out;
}

bool noted(ProposedProgramme const& programme, std::string_view words) { return notes_of(programme).find(words) != std::string::npos; }

}  // namespace

TEST_CASE("the programme of 2025 holds two tables of events and asks which") {
    auto const text = programme(2025);
    if (!text) return;
    auto const both = read_programme(*text, "cop-mi-2025-work-programme.txt", {}, {});
    REQUIRE(both.has_error());
    CHECK(both.error().code == errc::table_ambiguous);
    CHECK(both.error().detail.find("--table 1: 'CoP Achievements During the WP 2023–2024', columns Format, Meeting topic, Date; 8 rows, line ") != std::string::npos);
    CHECK(both.error().detail.find("--table 2: 'Events Calendar 2025', columns Format, Focus topic, Date ¹; 6 rows, line ") != std::string::npos);
}

TEST_CASE("the programme of 2025: the 8 events of 2023–24") {
    auto const text = programme(2025);
    if (!text) return;
    auto const read = read_programme(*text, "cop-mi-2025-work-programme.txt", {}, 1);
    REQUIRE(read.has_value());
    INFO(notes_of(*read));
    REQUIRE(read->faults.empty());
    REQUIRE(read->events.size() == 8);
    CHECK(read->period == "2023–2024");
    CHECK(windows(*read) == 8);
    CHECK(iso(read->events[0].date.first) == "2023-04-01");
    CHECK(iso(read->events[0].date.last) == "2023-06-30");
    CHECK(read->events[1].kind == "plenary");
    CHECK(read->events[2].title == "Social Innovation Forum 2023 Workshop: Stages of Integration");
    CHECK(read->events[2].format == "on-site");
    CHECK(read->events[3].kind == "working-group-meeting");
    CHECK(read->events[3].format == "online");
    CHECK(read->events[5].joint);
    CHECK(read->events[5].kind == "event");
    CHECK(std::count_if(read->events.begin(), read->events.end(), [](auto const& event) { return event.joint; }) == 1);
}

TEST_CASE("the programme of 2025: 6 planned events, 3 of them windows") {
    auto const text = programme(2025);
    if (!text) return;
    auto const read = read_programme(*text, "cop-mi-2025-work-programme.txt", {}, 2);
    REQUIRE(read.has_value());
    INFO(notes_of(*read));
    REQUIRE(read->faults.empty());
    REQUIRE(read->events.size() == 6);
    CHECK(windows(*read) == 3);
    CHECK(read->title == "Work Programme 2025");
    CHECK(read->period == "2025");
    ProposedEvent const& visit = read->events[1];
    CHECK(visit.kind == "study-visit");
    CHECK(visit.format == "on-site");
    CHECK(visit.place == "Salerno, Italy");
    CHECK(iso(visit.date.first) == "2025-05-21");
    CHECK(iso(visit.date.last) == "2025-05-22");
    CHECK(visit.date.kind == calendar::WrittenDate::Kind::day);
    CHECK(iso(read->events[3].date.first) == "2025-12-01");
    CHECK(iso(read->events[3].date.last) == "2025-12-12");
    CHECK(read->events[3].date.tbc);
    CHECK(read->events[5].joint);
    CHECK(read->events[5].place.empty());
    CHECK(noted(*read, "Dates are only provisional"));
}

TEST_CASE("the programme of 2026: 5 events, 3 objectives, 6 priority topics, 2 outputs") {
    auto const text = programme(2026);
    if (!text) return;
    auto const ambiguous = read_programme(*text, "cop-mi-2026-work-programme.txt", {}, {});
    REQUIRE(ambiguous.has_error());
    CHECK(ambiguous.error().detail.find("--table 1: 'Event Calendar', columns Date, Title, Format, Priority Topics, Aim of the event; 5 rows") != std::string::npos);
    CHECK(ambiguous.error().detail.find("--table 2: 'Achievements and Outputs of the COP MI in 2025', in Annex I, columns Type of event / output, Date, Topic; 7 rows") != std::string::npos);

    auto const read = read_programme(*text, "cop-mi-2026-work-programme.txt", {}, 1);
    REQUIRE(read.has_value());
    INFO(notes_of(*read));
    REQUIRE(read->faults.empty());
    CHECK(read->title == "Work Programme 2026");
    CHECK(read->period == "2026");
    REQUIRE(read->events.size() == 5);
    CHECK(windows(*read) == 5);
    REQUIRE(read->objectives.size() == 3);
    std::size_t topics = 0;
    for (auto const& objective : read->objectives) topics += objective.topics.size();
    CHECK(topics == 6);
    CHECK(read->objectives[2].code == "03");
    CHECK(read->objectives[2].topics[1].code == "03 PT 02");
    REQUIRE(read->outputs.size() == 2);
    CHECK(read->outputs[1].type == "Guidance document");
    CHECK(read->outputs[1].written_due == "November/December");
    CHECK(iso(read->outputs[1].due->last) == "2026-12-31");
    CHECK(noted(*read, "the year 2026 is taken from 'Work Programme 2026' in line 8"));
    CHECK(read->events[0].topics == std::vector<std::string>{"03 PT 01", "03 PT 02", "02 PT 02"});
    CHECK(read->events[1].kind == "study-visit");
    CHECK(read->events[2].title == "SIF 2026 (TBC)");
    CHECK(read->events[2].title_tbc);
    CHECK(read->events[2].description.empty());
    CHECK(read->events[3].joint);
    CHECK(read->events[3].description.starts_with("The event aims to deepen"));
}

TEST_CASE("the programme of 2026 holds 7 rows of 2025: 6 events and the survey") {
    auto const text = programme(2026);
    if (!text) return;
    auto const read = read_programme(*text, "cop-mi-2026-work-programme.txt", {}, 2);
    REQUIRE(read.has_value());
    INFO(notes_of(*read));
    REQUIRE(read->faults.empty());
    CHECK(read->events.size() + read->outputs.size() == 7);
    REQUIRE(read->events.size() == 6);
    CHECK(read->period == "2025");
    CHECK(windows(*read) == 0);
    CHECK(read->events[0].kind == "plenary");
    CHECK(iso(read->events[1].date.first) == "2025-03-20");
    CHECK(read->events[1].joint);
    CHECK(read->events[1].format == "online");
    CHECK(noted(*read, "the year 2025 is taken from the heading 'Achievements and Outputs of the COP MI in 2025'"));
    CHECK(read->events[3].format == "on-site");
    CHECK(noted(*read, "'Social Innovation Forum 2025' says neither online nor on-site: on-site is assumed"));
    CHECK(read->events[4].kind == "study-visit");
    CHECK(read->events[4].place == "Helsinki, Finland");
    CHECK(read->events[4].joint);
    CHECK(read->objectives.empty());
    REQUIRE(read->outputs.size() == 1);
    CHECK(read->outputs[0].type == "Survey");
    CHECK_FALSE(read->outputs[0].due);
    CHECK(noted(*read, "without a date"));
}
