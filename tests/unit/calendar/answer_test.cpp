// Answers as mail programs really send them: what they say, what keeps them from having an effect, and how they are matched.
#include "calendar/answer.hpp"

#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;

namespace {

std::string message(std::string const& method, std::string const& lines) {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:" + method + "\r\nBEGIN:VEVENT\r\nUID:k3m9x2@events.example\r\n" + lines +
           "END:VEVENT\r\nEND:VCALENDAR\r\n";
}
std::string const accepted = "ATTENDEE;PARTSTAT=ACCEPTED:mailto:aoife@org.example\r\n";
Answer read(std::string const& text, AnswerSource const& source = {}) {
    auto const answer = read_answer(text, source);
    REQUIRE(answer);
    return *answer;
}
AnswerPart part(std::string const& method, std::string const& lines) { return read(message(method, lines)).parts.at(0); }

Schedule weekly() {
    RecurrenceRule rule;
    rule.count = 30;
    Schedule schedule{Fixed{at("2026-09-30T09:00:00"), "Europe/Brussels", {0, seconds{3600}}}, Recurrence{{rule}, {}}};
    schedule.recurrence->overrides[at("2026-10-28T09:00:00")].excluded = true;
    return schedule;
}

}  // namespace

TEST_CASE("a yes is read with everything that orders and attributes it") {
    auto const answer = read(message("REPLY", "DTSTAMP:20260202T101112Z\r\nSEQUENCE:3\r\nORGANIZER:mailto:rsvp+7f3a@events.example\r\n"
                                              "COMMENT:\\n  Late\\, by ten minutes \\n\r\n" + accepted));
    CHECK((answer.method == AnswerMethod::reply));
    auto const& p = answer.parts.at(0);
    CHECK(p.effective());
    CHECK(p.uid == "k3m9x2@events.example");
    CHECK(p.sequence == 3);
    CHECK(p.dtstamp == utc("2026-02-02T10:11:12"));
    CHECK(p.organizer == "rsvp+7f3a@events.example");
    CHECK(p.comment == "Late, by ten minutes");
    CHECK(!p.instance);
    REQUIRE(p.attendees.size() == 1);
    CHECK((p.attendees[0].participation == Participation::accepted));
}

TEST_CASE("every word of participation, in any case, in quotes, and unknown ones") {
    auto const said = [](std::string const& word) { return part("REPLY", "ATTENDEE;PARTSTAT=" + word + ":mailto:a@b.example\r\n"); };
    CHECK((said("declined").attendees[0].participation == Participation::declined));
    CHECK((said("\"TENTATIVE\"").attendees[0].participation == Participation::tentative));
    CHECK((said("NEEDS-ACTION").attendees[0].participation == Participation::needs_action));
    CHECK((said("DELEGATED;DELEGATED-TO=\"mailto:c@b.example\",\"mailto:d@b.example\"").attendees[0].delegated_to == "c@b.example"));
    CHECK((said("CONFIRMED").obstacles == std::vector{Obstacle::unknown_participation}));
    CHECK((part("REPLY", "").obstacles == std::vector{Obstacle::unknown_participation}));
    CHECK(part("REPLY", "COMMENT:\\n\r\n" + accepted).comment.empty());
}

TEST_CASE("what is not an answer never has an effect") {
    for (std::string method : {"REQUEST", "CANCEL", "PUBLISH", "ADD", "DECLINECOUNTER", "X-REPLY"}) {
        auto const answer = read(message(method, accepted));
        INFO(method);
        CHECK((answer.parts[0].obstacles == std::vector{Obstacle::method_without_effect}));
    }
    auto const none = read(replaced(message("REPLY", accepted), "METHOD:REPLY\r\n", ""), {"", "REPLY"});
    CHECK((none.method == AnswerMethod::other));
    CHECK(none.method_differs);
    CHECK(!none.parts[0].effective());
    CHECK_FALSE(read(message("REPLY", accepted), {"", "reply"}).method_differs);
    CHECK((part("REPLY", accepted).effective()));
    CHECK((read(replaced(message("REPLY", accepted), "UID:k3m9x2@events.example\r\n", "")).parts[0].obstacles == std::vector{Obstacle::no_uid}));
    CHECK(part("REFRESH", "ATTENDEE:mailto:a@b.example\r\n").effective());
    for (auto obstacle : {Obstacle::method_without_effect, Obstacle::no_uid, Obstacle::unknown_participation, Obstacle::unreadable_instance,
                          Obstacle::this_and_future, Obstacle::unreadable_proposal})
        CHECK(!words(obstacle).empty());
}

TEST_CASE("a counter proposal is a time, wherever the program put it") {
    auto const exchange = part("COUNTER", "DTSTART;TZID=Romance Standard Time:20261014T100000\r\nDTEND;TZID=Romance Standard Time:20261014T133000\r\n"
                                          "X-MS-OLK-ORIGINALSTART:20261014T070000Z\r\nX-MS-OLK-ORIGINALEND:20261014T103000Z\r\nLOCATION:Room 5\r\n");
    CHECK(exchange.effective());
    CHECK(exchange.attendees.empty());
    CHECK(exchange.proposal->span->start == utc("2026-10-14T08:00:00"));
    CHECK(exchange.proposal->span->end == utc("2026-10-14T11:30:00"));
    CHECK(exchange.proposed_instead_of->span->start == utc("2026-10-14T07:00:00"));
    CHECK(exchange.proposed_location == "Room 5");
    auto const days = part("COUNTER", accepted + "DTSTART;VALUE=DATE:20261014\r\nDTEND;VALUE=DATE:20261016\r\n");
    CHECK(days.proposal->first_day == on("2026-10-14"));
    CHECK(days.proposal->last_day == on("2026-10-15"));
    CHECK(part("COUNTER", "DTSTART:20261014T080000Z\r\nDURATION:PT2H\r\n").proposal->span->end == utc("2026-10-14T10:00:00"));
    for (std::string lines : {"", "DTSTART:20261014T100000\r\n", "DTSTART;TZID=Mars:20261014T100000\r\n",
                              "DTSTART:20261014T100000Z\r\nDTEND:20261014T090000Z\r\n"})
        CHECK((part("COUNTER", lines).obstacles == std::vector{Obstacle::unreadable_proposal}));
    CHECK(!part("REPLY", accepted + "DTSTART:20261014T100000Z\r\n").proposal);
}

TEST_CASE("an occurrence is found by its instant in every form that occurs") {
    for (std::string id : {"RECURRENCE-ID:20261104T080000Z", "RECURRENCE-ID;TZID=Europe/Brussels:20261104T090000",
                           "RECURRENCE-ID;TZID=Romance Standard Time:20261104T090000", "RECURRENCE-ID;TZID=Europe/Dublin:20261104T080000",
                           "RECURRENCE-ID;VALUE=DATE:20261104"}) {
        INFO(id);
        auto const p = part("REPLY", id + "\r\n" + accepted);
        CHECK(p.effective());
        REQUIRE(p.instance);
        CHECK(occurrence_named(weekly(), *p.instance) == at("2026-11-04T09:00:00"));
    }
    // Excluded meanwhile: the answer is still about that date.
    CHECK(occurrence_named(weekly(), {utc("2026-10-28T08:00:00"), std::nullopt}) == at("2026-10-28T09:00:00"));
    CHECK(!occurrence_named(weekly(), {utc("2026-10-28T09:00:00"), std::nullopt}));
    CHECK(!occurrence_named({Provisional{on("2026-10-01"), on("2026-10-31")}, {}}, {utc("2026-10-28T08:00:00"), std::nullopt}));
    Schedule const days{AllDay{on("2026-10-28"), 1, "Europe/Brussels"}, {}};
    CHECK(occurrence_named(days, {utc("2026-10-27T23:00:00"), std::nullopt}) == at("2026-10-28T00:00:00"));
    for (std::string id : {"RECURRENCE-ID:20261104T090000", "RECURRENCE-ID;TZID=Mars:20261104T090000", "RECURRENCE-ID:soon"})
        CHECK((part("REPLY", id + "\r\n" + accepted).obstacles == std::vector{Obstacle::unreadable_instance}));
    CHECK((part("REPLY", "RECURRENCE-ID;RANGE=THISANDFUTURE:20261104T080000Z\r\n" + accepted).obstacles == std::vector{Obstacle::this_and_future}));
}

TEST_CASE("of several attendees the caller asks for the one it can vouch for") {
    auto const p = part("REPLY", "ATTENDEE;PARTSTAT=DECLINED:mailto:chair@org.example\r\n"
                                 "ATTENDEE;PARTSTAT=ACCEPTED;EMAIL=aoife@org.example:urn:uuid:7\r\n"
                                 "ATTENDEE;PARTSTAT=TENTATIVE;SENT-BY=\"mailto:office@org.example\":mailto:mira@org.example\r\n");
    CHECK((attendee_with(p, "Aoife@ORG.example")->participation == Participation::accepted));
    CHECK((attendee_with(p, "OFFICE@org.example")->participation == Participation::tentative));
    CHECK((attendee_with(p, "MAILTO:chair@org.example")->participation == Participation::declined));
    CHECK(attendee_with(p, "other@org.example") == nullptr);
    auto const greek = part("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:%CE%B5%CE%BB%CE%AD%CE%BD%CE%B7@xn--hxajbheg2az3al.example\r\n");
    CHECK(attendee_with(greek, "ελένη@παράδειγμα.example") != nullptr);
}

TEST_CASE("newer answers replace older ones, and the same one counts once") {
    auto const t = utc("2026-02-02T10:00:00");
    CHECK(supersedes({2, t}, {1, t + seconds{9}}));
    CHECK(supersedes({1, t + seconds{1}}, {1, t}));
    CHECK(supersedes({1, t}, {1, std::nullopt}));
    CHECK_FALSE(supersedes({1, t}, {1, t}));
    CHECK_FALSE(supersedes({1, t}, {2, std::nullopt}));
    CHECK_FALSE(supersedes({1, std::nullopt}, {1, t}));
    CHECK(part("REPLY", "SEQUENCE:99999999999\r\n" + accepted).sequence == 2147483647);

    auto const key = [](std::string const& lines) {
        auto const answer = read(message("REPLY", "DTSTAMP:20260202T101112Z\r\n" + lines));
        return repetition_key(answer, answer.parts[0], "aoife@org.example");
    };
    CHECK(key(accepted) == key("ATTENDEE;CN=Aoife;PARTSTAT=accepted:MAILTO:Aoife@ORG.example\r\n"));
    CHECK(key("RECURRENCE-ID:20261104T080000Z\r\n" + accepted) == key("RECURRENCE-ID;TZID=Europe/Brussels:20261104T090000\r\n" + accepted));
    CHECK(key(accepted) != key("SEQUENCE:1\r\n" + accepted));
    CHECK(key(accepted) != key(replaced(accepted, "ACCEPTED", "DECLINED")));
    CHECK(key(accepted) != key("RECURRENCE-ID:20261104T080000Z\r\n" + accepted));
    CHECK(key("UID:" + std::string(60000, '\x80') + "\r\n" + accepted).size() <= 700);
    auto const long_uid = read(replaced(message("REPLY", accepted), "k3m9x2", std::string(30000, '%')));
    CHECK(repetition_key(long_uid, long_uid.parts[0], std::string(30000, '|')).size() <= 700);
}

TEST_CASE("texts are decoded as they were declared, and never keep an answer from being read") {
    auto const named = [](std::string const& bytes, std::string_view charset) {
        return read(message("REPLY", "ATTENDEE;PARTSTAT=ACCEPTED;CN=" + bytes + ":mailto:a@b.example\r\n"), {charset, ""}).parts[0].attendees[0].name;
    };
    CHECK(named("J\xFCrgen", "iso-8859-1") == "Jürgen");
    CHECK(named("J\xFCrgen", "") == "Jürgen");
    CHECK(named("J\xFCrgen", "iso-4444-5") == "Jürgen");
    CHECK(named("\xE5\xEB\xDD\xED\xE7", "iso-8859-7") == "ελένη");
    CHECK(named("Jürgen", "iso-8859-1") == "Jürgen");
    CHECK(named("J\xC3\r\n \xBCrgen", "utf-8") == "Jürgen");
    std::string wide;
    for (char c : message("REPLY", accepted)) wide += std::string{'\0', c};
    CHECK(read(wide, {"UTF-16BE", ""}).parts[0].effective());
    // A name nobody knows, and one that is not true.
    CHECK(read(message("REPLY", accepted), {"UTF-16BE\r\n\"; x", ""}).parts[0].effective());
    CHECK(read(message("REPLY", accepted), {"UTF-16", ""}).parts[0].effective());
}

TEST_CASE("a body encoded twice is read once more") {
    std::string twice = message("REPLY", "ATTENDEE;PARTSTAT=3DACCEPTED;CN=3D\"J=C3=BCr=\r\ngen\":mailto:a@b.example\r\n");
    auto const answer = read(twice);
    CHECK(answer.repaired);
    CHECK(answer.parts[0].attendees[0].name == "Jürgen");
    // What can be read as it stands is not touched.
    CHECK_FALSE(read(message("REPLY", "COMMENT:1=3D2\r\n" + accepted)).repaired);
}

TEST_CASE("answers beyond the limits are refused, and so is what holds no event") {
    std::string people, events;
    for (int i = 0; i < 501; ++i) people += "ATTENDEE:mailto:a@b.example\r\n";
    for (int i = 0; i < 51; ++i) events += "BEGIN:VEVENT\r\nEND:VEVENT\r\n";
    CHECK(read_answer(message("REPLY", people)).error().code == errc::payload_too_large);
    CHECK(read_answer("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n" + events + "END:VCALENDAR\r\n").error().code == errc::payload_too_large);
    CHECK(read_answer(std::string(2 << 20, 'x')).error().code == errc::payload_too_large);
    CHECK(read_answer("BEGIN:VCALENDAR\r\nMETHOD:COUNTER\r\nEND:VCALENDAR\r\n").error().code == errc::invalid_value);
    CHECK(read_answer("=3D").error().code == errc::invalid_value);
}
