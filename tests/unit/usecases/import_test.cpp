#include "service/usecases/import_members.hpp"
#include "service/usecases/import_programme.hpp"
#include "service/usecases/programmes.hpp"
#include "tests/unit/usecases/events_fixture.hpp"

using namespace convoke;
using namespace convoke::test;
namespace documents = domain::documents;

namespace {

std::string const programme = "Work Programme 2027\n\nEvents Calendar 2027\n\nFormat\tFocus topic\tDate\n"
                              "Online event\tLaunch\t4 March 2027\n"
                              "Study visit, Ghent, Belgium\tHousing first\t21–22 May 2027\n"
                              "Online event\tPanel\t1–12 December 2027 (TBC)\n"
                              "Online event\tLast year's lessons\t3 March 2026\n";

result<usecases::ImportReport> import(House& house, std::string const& text, bool publish = false) {
    auto const proposed = documents::read_programme(text, "programme.txt", std::nullopt, std::nullopt).value();
    return house.write([&](Transaction& tx) { return usecases::import_programme(tx, house.admin(), {"cop-mi", publish}, proposed); });
}

std::string replaced(std::string text, std::string const& from, std::string const& to) {
    text.replace(text.find(from), from.size(), to);
    return text;
}

using Outcome = usecases::ImportedLine::Outcome;

}  // namespace

TEST_CASE("a programme is imported once, and its edits change the same events") {
    House house(GENERATE(from_range(engines())));
    house.add_community("cop-mi");
    auto const first = import(house, programme).value();
    CHECK(first.count(Outcome::added) == 4);
    CHECK(first.events[1].event.definition.kind == "study-visit");
    CHECK(first.events[2].event.definition.schedule.provisional());
    CHECK(first.events[3].past);
    CHECK(first.events[3].event.state == domain::EventState::completed);
    CHECK(first.events[0].event.state == domain::EventState::draft);

    auto const second = import(house, programme).value();
    CHECK(second.count(Outcome::unchanged) == 4);

    auto const edited = import(house, replaced(programme, "4 March 2027", "11 March 2027")).value();
    CHECK(edited.count(Outcome::changed) == 1);
    CHECK(edited.events[0].event.id == first.events[0].event.id);
    CHECK(edited.events[0].event.uid == first.events[0].event.uid);
    CHECK(house.count("SELECT count(*) FROM event") == 4);
}

TEST_CASE("what organisers changed by hand stays when the document is imported again") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const first = import(house, programme).value();
    auto const fixed = patch(house, first.events[2].event, R"({"start":"2027-12-09T10:00:00","timeZone":"Europe/Brussels","duration":"PT2H"})").value();
    auto const edited = import(house, replaced(programme, "Panel\t", "Panel debate\t")).value();
    CHECK(edited.events[2].event.definition.title == "Panel debate");
    CHECK(edited.events[2].event.definition.schedule == fixed.definition.schedule);
    // The document catches up with the day: the hour stays.
    auto const caught_up = import(house, replaced(replaced(programme, "Panel\t", "Panel debate\t"), "1–12 December 2027 (TBC)", "9 December 2027")).value();
    CHECK(caught_up.events[2].event.definition.schedule == fixed.definition.schedule);
}

TEST_CASE("publishing an import invites to fixed days and mails nobody about the past") {
    House house("sqlite");
    house.add_community("cop-mi");
    house.add_member("cop-mi", "a@x.example");
    auto const report = import(house, programme, true).value();
    CHECK(mails(house, report.events[0].event.id).size() == 1);
    CHECK(mails(house, report.events[2].event.id).empty());
    CHECK(mails(house, report.events[3].event.id).empty());
    CHECK(import(house, programme, true)->count(Outcome::unchanged) == 4);
}

TEST_CASE("an unreadable cell keeps the whole document out") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const refused = import(house, replaced(programme, "4 March 2027", "one day in spring"));
    REQUIRE(refused.has_error());
    CHECK(refused.error().faults.front().pointer.find("line 6") != std::string::npos);
    CHECK(house.count("SELECT count(*) FROM event") == 0);
}

TEST_CASE("members come in all or not at all") {
    House house("sqlite");
    house.add_community("cop-mi");
    auto const import_csv = [&](std::string const& csv) -> result<usecases::MembersReport> {
        CONVOKE_TRY(document, documents::read_members(csv));
        return house.write([&](Transaction& tx) { return usecases::import_members(tx, house.admin(), "cop-mi", document); });
    };
    CHECK(import_csv("email,country\na@x.example,IE\nbroken,IE\n").has_error());
    CHECK(house.count("SELECT count(*) FROM member") == 0);
    auto const taken = import_csv("email,country\na@x.example,IE\nb@x.example,PT\n").value();
    CHECK(taken.added == 2);
    CHECK(house.count("SELECT count(*) FROM member WHERE time_zone = 'Europe/Dublin'") == 1);
    CHECK(import_csv("email,country\na@x.example,IE\nb@x.example,PT\n")->unchanged == 2);
    CHECK(house.count("SELECT count(*) FROM outbox") == 0);
}
