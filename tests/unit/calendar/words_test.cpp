#include "calendar/words.hpp"

#include "support.hpp"

using namespace convoke;
using namespace convoke::calendar;

namespace {

sys_seconds const shortly_before = utc("2026-06-01T08:00:00");
Schedule const meeting{Fixed{at("2026-06-17T10:00:00"), "Europe/Brussels", {0, seconds{9000}}}, {}};

Schedule window(std::string_view first, std::string_view last) { return {Provisional{on(first), on(last)}, {}}; }
std::string window_text(std::string_view first, std::string_view last, std::string_view language = "en") {
    return say_window({on(first), on(last)}, language);
}

}  // namespace

TEST_CASE("the reader's clock comes first, the event's beside it") {
    auto const dublin = say_when(meeting, "Europe/Dublin", "en", shortly_before);
    CHECK(dublin.reader_clock == "Wednesday 17 June 2026, 09:00–11:30 (Dublin, UTC+1)");
    CHECK(dublin.event_clock == "10:00–12:30 (Brussels, UTC+2)");
    CHECK(dublin.notes.empty());
    CHECK(dublin.brief == "17 June 2026, 09:00 (Dublin)");
    CHECK(dublin.machine == "2026-06-17T08:00:00Z");
    CHECK(say_when(meeting, "Europe/Athens", "en", shortly_before).reader_clock ==
          "Wednesday 17 June 2026, 11:00–13:30 (Athens, UTC+3)");
    CHECK(say_when(meeting, "Atlantic/Azores", "en", shortly_before).reader_clock ==
          "Wednesday 17 June 2026, 08:00–10:30 (Azores, UTC+0)");
    CHECK(say_when(meeting, "Asia/Kathmandu", "en", shortly_before).reader_clock ==
          "Wednesday 17 June 2026, 13:45–16:15 (Kathmandu, UTC+5:45)");
}

TEST_CASE("the other languages have their own order of words") {
    CHECK(say_when(meeting, "Europe/Dublin", "fr", shortly_before).reader_clock ==
          "mercredi 17 juin 2026, 09:00–11:30 (Dublin, UTC+1)");
    CHECK(say_when(meeting, "Europe/Dublin", "de-AT", shortly_before).reader_clock ==
          "Mittwoch, 17. Juni 2026, 09:00–11:30 (Dublin, UTC+1)");
    CHECK(say_when(meeting, "Europe/Dublin", "xx", shortly_before).reader_clock ==
          "Wednesday 17 June 2026, 09:00–11:30 (Dublin, UTC+1)");
    CHECK(say_date(on("2026-06-01"), "fr") == "1er juin 2026");
    CHECK(say_date(on("2026-06-01"), "de") == "1. Juni 2026");
}

TEST_CASE("a reader's own zone is named also where its clock is the event's") {
    auto const paris = say_when(meeting, "Europe/Paris", "en", shortly_before);
    CHECK(paris.reader_clock == "Wednesday 17 June 2026, 10:00–12:30 (Paris, UTC+2)");
    CHECK(paris.event_clock == "10:00–12:30 (Brussels, UTC+2)");
    CHECK(say_when(meeting, "Nowhere/Land", "en", shortly_before).reader_clock == "Wednesday 17 June 2026, 10:00–12:30 (Brussels, UTC+2)");
}

TEST_CASE("another date is said in words") {
    Schedule const early{Fixed{at("2026-06-18T01:00:00"), "Europe/Brussels", {0, seconds{3600}}}, {}};
    auto const azores = say_when(early, "Atlantic/Azores", "en", shortly_before);
    CHECK(azores.reader_clock == "Wednesday 17 June 2026, 23:00 – Thursday 18 June 2026, 00:00 (Azores, UTC+0)");
    CHECK(azores.event_clock == "Thursday 18 June 2026, 01:00–02:00 (Brussels, UTC+2)");
    CHECK(azores.notes == std::vector<std::string>{"In Brussels this is already Thursday 18 June."});
    Schedule const late{Fixed{at("2026-06-17T23:30:00"), "Europe/Brussels", {0, seconds{1200}}}, {}};
    CHECK(say_when(late, "Europe/Athens", "en", shortly_before).notes ==
          std::vector<std::string>{"In Brussels this is still Wednesday 17 June."});
    CHECK(say_when(late, "Europe/Athens", "fr", shortly_before).notes ==
          std::vector<std::string>{"À Brussels, ce sera encore le mercredi 17 juin."});
    CHECK(say_when(late, "Europe/Athens", "de", shortly_before).notes ==
          std::vector<std::string>{"In Brussels ist dann noch Mittwoch, 17. Juni."});
}

TEST_CASE("a clock change between now and the event is said, once where both zones change together") {
    Schedule const november{Fixed{at("2026-11-17T10:00:00"), "Europe/Brussels", {0, seconds{3600}}}, {}};
    auto const said = [&](std::string_view zone, std::string_view language) {
        return say_when(november, zone, language, utc("2026-10-20T08:00:00")).notes;
    };
    CHECK(said("Europe/Dublin", "en") ==
          std::vector<std::string>{"The clocks change between now and then: on 25 October they go back one hour."});
    CHECK(said("Europe/Dublin", "fr") ==
          std::vector<std::string>{"L’heure change d’ici là : le 25 octobre, on recule les horloges d’une heure."});
    CHECK(said("Europe/Dublin", "de") ==
          std::vector<std::string>{"Bis dahin werden die Uhren umgestellt: am 25. Oktober um eine Stunde zurück."});
    CHECK(said("America/New_York", "en") ==
          std::vector<std::string>{"The clocks in New York change between now and then: on 1 November they go back one hour.",
                                   "The clocks in Brussels change between now and then: on 25 October they go back one hour."});
    CHECK(said("Asia/Tokyo", "en").size() == 1);
    // No change in between, none said; nor for what is over.
    CHECK(say_when(november, "Europe/Dublin", "en", utc("2026-10-25T02:00:00")).notes.empty());
    CHECK(say_when(november, "Europe/Dublin", "en", utc("2027-06-20T08:00:00")).notes.empty());
    CHECK(say_when(november, "Europe/Dublin", "en", utc("2026-03-01T08:00:00")).notes.size() == 1);
}

TEST_CASE("the year is said where a clock change lies in another one") {
    Schedule const january{Fixed{at("2027-01-20T10:00:00"), "Europe/Brussels", {0, seconds{3600}}}, {}};
    CHECK(say_when(january, "Europe/Brussels", "en", utc("2026-10-20T08:00:00")).notes ==
          std::vector<std::string>{"The clocks change between now and then: on 25 October 2026 they go back one hour."});
}

TEST_CASE("an event over several days names both") {
    Schedule const visit{Fixed{at("2027-05-20T09:00:00"), "Europe/Rome", {1, seconds{28800}}}, {}};
    auto const words = say_when(visit, "Europe/Dublin", "en", utc("2027-05-01T08:00:00"));
    CHECK(words.reader_clock == "Thursday 20 May 2027, 08:00 – Friday 21 May 2027, 16:00 (Dublin, UTC+1)");
    CHECK(words.event_clock == "Thursday 20 May 2027, 09:00 – Friday 21 May 2027, 17:00 (Rome, UTC+2)");
    Schedule const night{Fixed{at("2026-10-24T20:00:00"), "Europe/Brussels", {0, seconds{12 * 3600}}}, {}};
    CHECK(say_when(night, "Europe/Brussels", "en", utc("2026-10-20T08:00:00")).reader_clock ==
          "Saturday 24 October 2026, 20:00 – Sunday 25 October 2026, 07:00 (Brussels, UTC+2, later UTC+1)");
}

TEST_CASE("whole days have no hour") {
    Schedule const visit{AllDay{on("2026-05-21"), 2, "Europe/Rome"}, {}};
    auto const words = say_when(visit, "Europe/Dublin", "en", shortly_before);
    CHECK(words.reader_clock == "Thursday 21 May – Friday 22 May 2026");
    CHECK(words.event_clock.empty());
    CHECK(words.brief == "21–22 May 2026");
    CHECK(words.machine == "2026-05-21");
    Schedule const day{AllDay{on("2026-05-21"), 1, "Pacific/Kiritimati"}, {}};
    CHECK(say_when(day, "Pacific/Pago_Pago", "de", shortly_before).reader_clock == "Donnerstag, 21. Mai 2026");
}

TEST_CASE("windows are said as people say them") {
    CHECK(window_text("2026-10-01", "2026-10-31") == "October 2026");
    CHECK(window_text("2026-12-01", "2026-12-12") == "1–12 December 2026");
    CHECK(window_text("2026-04-01", "2026-06-30") == "Q2 2026");
    CHECK(window_text("2026-11-01", "2026-12-31") == "November–December 2026");
    CHECK(window_text("2026-11-01", "2027-01-31") == "November 2026 – January 2027");
    CHECK(window_text("2026-01-01", "2026-12-31") == "2026");
    CHECK(window_text("2026-05-30", "2026-06-02") == "30 May – 2 June 2026");
    CHECK(window_text("2026-12-30", "2027-01-02") == "30 December 2026 – 2 January 2027");
    CHECK(window_text("2026-03-04", "2026-03-04") == "4 March 2026");
    CHECK(window_text("2026-02-01", "2026-02-28") == "February 2026");
    CHECK(window_text("2028-02-01", "2028-02-28") == "1–28 February 2028");
    CHECK(window_text("2026-04-01", "2026-06-30", "fr") == "T2 2026");
    CHECK(window_text("2026-12-01", "2026-12-12", "fr") == "1er–12 décembre 2026");
    CHECK(window_text("2026-12-01", "2026-12-12", "de") == "1.–12. Dezember 2026");
    CHECK(window_text("2026-04-01", "2026-06-30", "de") == "2. Quartal 2026");
}

TEST_CASE("a window says that the date is open") {
    auto const october = say_when(window("2026-10-01", "2026-10-31"), "Europe/Dublin", "en", shortly_before);
    CHECK(october.reader_clock == "in October 2026, date to be confirmed");
    CHECK(october.brief == "October 2026 (TBC)");
    CHECK(october.event_clock.empty());
    CHECK(october.machine.empty());
    CHECK(say_when(window("2026-12-01", "2026-12-12"), "", "en", shortly_before).reader_clock ==
          "between 1 and 12 December 2026, date to be confirmed");
    CHECK(say_when(window("2026-10-01", "2026-10-31"), "", "fr", shortly_before).reader_clock ==
          "en octobre 2026, date à confirmer");
    CHECK(say_when(window("2026-10-01", "2026-10-31"), "", "de", shortly_before).reader_clock ==
          "im Oktober 2026, Termin noch offen");
}

TEST_CASE("how certain a window is stands in words, in every language") {
    using Certainty = Provisional::Certainty;
    auto const said = [](std::string_view first, std::string_view last, Certainty certainty, std::string_view language) {
        Schedule const one{Provisional{on(first), on(last), certainty}, {}};
        auto const words = say_when(one, "Europe/Dublin", language, shortly_before);
        return words.reader_clock + " | " + words.brief;
    };
    auto const october = [&](Certainty certainty, std::string_view language) {
        return said("2026-10-01", "2026-10-31", certainty, language);
    };
    CHECK(october(Certainty::idea, "en") == "in October 2026, only an idea so far | October 2026 (idea)");
    CHECK(october(Certainty::to_be_confirmed, "en") == "in October 2026, date to be confirmed | October 2026 (TBC)");
    CHECK(october(Certainty::confirmed, "en") ==
          "in October 2026, confirmed; the exact date will follow | October 2026 (confirmed, date to follow)");
    CHECK(october(Certainty::idea, "fr") == "en octobre 2026, simple idée pour l’instant | octobre 2026 (idée)");
    CHECK(october(Certainty::to_be_confirmed, "fr") == "en octobre 2026, date à confirmer | octobre 2026 (à confirmer)");
    CHECK(october(Certainty::confirmed, "fr") ==
          "en octobre 2026, confirmé ; la date exacte suivra | octobre 2026 (confirmé, date à venir)");
    CHECK(october(Certainty::idea, "de") == "im Oktober 2026, bisher nur eine Idee | Oktober 2026 (Idee)");
    CHECK(october(Certainty::to_be_confirmed, "de") == "im Oktober 2026, Termin noch offen | Oktober 2026 (noch offen)");
    CHECK(october(Certainty::confirmed, "de") ==
          "im Oktober 2026, zugesagt; der genaue Termin folgt | Oktober 2026 (zugesagt, Termin folgt)");
    CHECK(said("2026-12-01", "2026-12-12", Certainty::idea, "en") ==
          "between 1 and 12 December 2026, only an idea so far | 1–12 December 2026 (idea)");
    // One day: its hour is open.
    CHECK(said("2026-03-04", "2026-03-04", Certainty::confirmed, "en") ==
          "4 March 2026, confirmed; the hour will follow | 4 March 2026 (confirmed, date to follow)");
    CHECK(said("2026-03-04", "2026-03-04", Certainty::to_be_confirmed, "de") ==
          "4. März 2026, noch nicht bestätigt | 4. März 2026 (noch offen)");
    // A calendar's title and first line.
    CHECK(say_window_title({on("2026-04-01"), on("2026-06-30"), Certainty::idea}, "en") == "Idea (Q2 2026): ");
    CHECK(say_window_title({on("2026-04-01"), on("2026-06-30")}, "en") == "TBC (Q2 2026): ");
    CHECK(say_window_line({on("2026-04-01"), on("2026-06-30"), Certainty::confirmed}, "fr") ==
          "Confirmé : T2 2026 ; la date exacte suivra.");
    CHECK(say_window_line({on("2026-04-01"), on("2026-06-30")}, "en") == "Planned for Q2 2026; the date is to be confirmed.");
}

TEST_CASE("an end on another date is said, where the beginnings are on one") {
    Schedule const evening{Fixed{at("2026-06-17T22:00:00"), "Europe/Brussels", {0, seconds{5400}}}, {}};
    // After midnight on the reader's clock alone …
    auto const athens = say_when(evening, "Europe/Athens", "en", shortly_before);
    CHECK(athens.reader_clock == "Wednesday 17 June 2026, 23:00 – Thursday 18 June 2026, 00:30 (Athens, UTC+3)");
    CHECK(athens.event_clock == "Wednesday 17 June 2026, 22:00–23:30 (Brussels, UTC+2)");
    CHECK(athens.notes == std::vector<std::string>{"In Brussels it ends on Wednesday 17 June."});
    // … and on the event's alone.
    Schedule const night{Fixed{at("2026-06-17T23:00:00"), "Europe/Brussels", {0, seconds{5400}}}, {}};
    auto const dublin = [&](std::string_view language) { return say_when(night, "Europe/Dublin", language, shortly_before); };
    CHECK(dublin("en").reader_clock == "Wednesday 17 June 2026, 22:00–23:30 (Dublin, UTC+1)");
    CHECK(dublin("en").event_clock == "Wednesday 17 June 2026, 23:00 – Thursday 18 June 2026, 00:30 (Brussels, UTC+2)");
    CHECK(dublin("en").notes == std::vector<std::string>{"In Brussels it ends on Thursday 18 June."});
    CHECK(dublin("fr").notes == std::vector<std::string>{"À Brussels, la fin sera le jeudi 18 juin."});
    CHECK(dublin("de").notes == std::vector<std::string>{"In Brussels endet es am Donnerstag, 18. Juni."});
    // Over midnight on both clocks there is nothing to say.
    CHECK(say_when(night, "Europe/Paris", "en", shortly_before).notes.empty());
}

TEST_CASE("clock changes between the dates of a series are said where the clocks do not change together") {
    auto const weekly = [](std::string zone, int count) {
        Schedule series{Fixed{at("2026-10-06T10:00:00"), std::move(zone), {0, seconds{3600}}}, {}};
        RecurrenceRule rule;
        rule.count = count;
        series.recurrence = Recurrence{{rule}, {}};
        return series;
    };
    auto const notes = [](Schedule const& series, std::string_view reader, std::string_view language, std::string_view now) {
        auto all = say_when(series, reader, language, utc(now)).notes;
        std::erase_if(all, [](std::string const& note) { return note.find(" 2026 ") != std::string::npos && note.find("6 dates") != std::string::npos; });
        return all;
    };
    auto const begin = "2026-10-01T08:00:00";
    // Both clocks go back on the same night: every date keeps its hour.
    CHECK(notes(weekly("Europe/Brussels", 6), "Europe/Dublin", "en", begin).empty());
    // The event's clock alone.
    CHECK(notes(weekly("Europe/Brussels", 6), "Africa/Tunis", "en", begin) ==
          std::vector<std::string>{"In Brussels the clocks go back one hour on 25 October 2026: the dates after it are at the same hour "
                                   "there, but not everywhere."});
    // The reader's clock alone: the event's stays what it is all year.
    CHECK(notes(weekly("Africa/Tunis", 6), "Europe/Brussels", "en", begin) ==
          std::vector<std::string>{"The clocks in Brussels go back one hour on 25 October 2026: the dates after it are at another hour there."});
    CHECK(notes(weekly("Africa/Tunis", 6), "Europe/Brussels", "fr", begin).back() ==
          "À Brussels, les horloges reculent d’une heure le 25 octobre 2026 : les dates suivantes y seront à une autre heure.");
    CHECK(notes(weekly("Africa/Tunis", 6), "Europe/Brussels", "de", begin).back() ==
          "In Brussels werden die Uhren am 25. Oktober 2026 um eine Stunde zurückgestellt: Die Termine danach liegen dort zu einer "
          "anderen Uhrzeit.");
    // A week apart: New York follows on 1 November.
    CHECK(notes(weekly("Europe/Brussels", 6), "America/New_York", "en", begin).size() == 2);
    // What has passed is not said again; what lies before the next date is said of it.
    CHECK(notes(weekly("Africa/Tunis", 6), "Europe/Brussels", "en", "2026-10-29T08:00:00").empty());
    CHECK(notes(weekly("Africa/Tunis", 6), "Europe/Brussels", "en", "2026-10-21T08:00:00") ==
          std::vector<std::string>{"The clocks in Brussels change between now and then: on 25 October they go back one hour."});
}

TEST_CASE("a series speaks of its next date") {
    Schedule series = meeting;
    RecurrenceRule rule;
    rule.count = 3;
    series.recurrence = Recurrence{{rule}, {}};
    auto const words = say_when(series, "Europe/Dublin", "en", utc("2026-06-18T08:00:00"));
    CHECK(words.brief == "24 June 2026, 09:00 (Dublin)");
    CHECK(words.notes == std::vector<std::string>{"One of 3 dates from 17 June 2026 to 1 July 2026."});
}

TEST_CASE("an instant is said with its zone") {
    CHECK(say_instant(utc("2026-06-17T08:00:00"), "Europe/Dublin", "en") == "17 June 2026, 09:00 (Dublin, UTC+1)");
    CHECK(say_instant(utc("2026-06-17T08:00:00"), "UTC", "en") == "17 June 2026, 08:00 (UTC)");
    CHECK(say_zone("America/Argentina/Buenos_Aires") == "Buenos Aires");
}
