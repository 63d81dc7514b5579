// Every kind of letter in every language against its golden files; CONVOKE_UPDATE_GOLDEN=1 writes them anew.
#include "letters.hpp"

#include "notifications/letter_words.hpp"

#include <catch2/catch.hpp>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

using namespace convoke;
using namespace convoke::notifications;
using namespace convoke::test;

namespace {

const std::vector<LetterKind> kinds{
    LetterKind::invitation, LetterKind::update,  LetterKind::cancellation, LetterKind::confirmation,
    LetterKind::pending,    LetterKind::refused, LetterKind::waitlisted,   LetterKind::offer,
    LetterKind::declined,   LetterKind::address_check, LetterKind::reminder, LetterKind::sign_in};

void check_golden(std::string const& name, std::string const& text) {
    const auto path = std::filesystem::path(CONVOKE_SOURCE_DIR) / "tests/unit/notifications/golden" / name;
    if (std::getenv("CONVOKE_UPDATE_GOLDEN")) std::ofstream(path, std::ios::binary) << text;
    std::ifstream in(path, std::ios::binary);
    std::ostringstream golden;
    golden << in.rdbuf();
    INFO(name);
    CHECK(text == golden.str());
}

std::string without_cr(std::string text) {
    std::erase(text, '\r');
    return text;
}

LetterText written(LetterFacts const& facts) {
    auto letter = write_letter(facts, letter_templates(), letter_now());
    if (!letter) FAIL(letter.error().detail);
    return *letter;
}

}  // namespace

TEST_CASE("letters look as their golden files do") {
    for (const auto kind : kinds) {
        for (std::string const language : {"en", "fr", "de"}) {
            const auto facts = letter(kind, language);
            const auto text = written(facts);
            const auto name = std::string(name_of(kind)) + '.' + language;
            check_golden(name + ".txt", "Subject: " + text.subject + "\n\n" + text.text);
            check_golden(name + ".html", text.html);
            if (language == "en" && !text.ics.empty()) check_golden(name + ".ics", without_cr(text.ics));
        }
    }
}

TEST_CASE("plain text and HTML say the same") {
    for (const auto kind : kinds) {
        const auto facts = letter(kind, "en");
        const auto text = written(facts);
        for (auto const& fact : {facts.event_url, facts.answer_url, facts.accept_url, facts.manage_url, facts.feed_url,
                                 facts.sign_in_url, facts.place, facts.join_link, facts.contact_email, facts.reason}) {
            CAPTURE(name_of(kind), fact);
            CHECK((text.text.find(fact) == std::string::npos) == (text.html.find(rendering::escape_html(fact)) == std::string::npos));
        }
        if (kind == LetterKind::sign_in) continue;
        const auto when = calendar::say_when(facts.schedule, "Europe/Dublin", "en", letter_now());
        CHECK(text.text.find(when.reader_clock) != std::string::npos);
        CHECK(text.html.find(rendering::escape_html(when.reader_clock)) != std::string::npos);
        CHECK(text.text.find(when.event_clock) != std::string::npos);
        CHECK(text.html.find(rendering::escape_html(when.event_clock)) != std::string::npos);
        CHECK(text.text.starts_with(text.subject));
    }
}

TEST_CASE("HTML loads nothing from elsewhere and holds no script") {
    for (const auto kind : kinds) {
        const auto html = written(letter(kind, "fr")).html;
        for (auto const* forbidden : {"<img", "<script", "src=", "url(", "<link", "@import", "background="}) {
            CAPTURE(name_of(kind), forbidden);
            CHECK(html.find(forbidden) == std::string::npos);
        }
        CHECK(html.find("<html lang=\"fr\" dir=\"ltr\">") != std::string::npos);
        CHECK(html.find("<works>") == std::string::npos);
    }
}

TEST_CASE("only what changes a calendar carries a calendar part") {
    const auto method = [](LetterKind kind) { return written(letter(kind, "en")).method; };
    CHECK(method(LetterKind::invitation) == "REQUEST");
    CHECK(method(LetterKind::update) == "REQUEST");
    CHECK(method(LetterKind::confirmation) == "REQUEST");
    CHECK(method(LetterKind::cancellation) == "CANCEL");
    CHECK(method(LetterKind::declined) == "CANCEL");
    for (const auto kind : {LetterKind::reminder, LetterKind::waitlisted, LetterKind::offer, LetterKind::pending,
                            LetterKind::refused, LetterKind::address_check, LetterKind::sign_in}) {
        auto facts = letter(kind, "en");
        facts.carries_calendar = true;
        CHECK(written(facts).ics.empty());
    }
    CHECK(written(letter(LetterKind::confirmation, "en")).ics.find("PARTSTAT=ACCEPTED") != std::string::npos);
    CHECK(written(letter(LetterKind::invitation, "en")).ics.find("PARTSTAT=NEEDS-ACTION") != std::string::npos);
    // Removing one person is not cancelling the event (RFC 5546 §3.2.5).
    auto one = letter(LetterKind::cancellation, "en");
    CHECK(written(one).ics.find("STATUS:CANCELLED") != std::string::npos);
    one.whole_event = false;
    CHECK(written(one).ics.find("STATUS:CANCELLED") == std::string::npos);
}

TEST_CASE("who is out of an event gets no join link") {
    for (const auto kind : {LetterKind::cancellation, LetterKind::declined}) {
        auto facts = letter(kind, "en");
        facts.entry.location = "https://meet.example/abc?x=1&y=2";
        facts.entry.conference_uri = "https://meet.example/abc?x=1&y=2";
        const auto text = written(facts);
        CHECK((text.text + text.html + text.ics).find("meet.example") == std::string::npos);
    }
    CHECK(written(letter(LetterKind::invitation, "en")).ics.find("meet.example") != std::string::npos);
}

TEST_CASE("a link that is not there yet is promised by a day") {
    auto facts = letter(LetterKind::invitation, "en");
    facts.join_link.clear();
    facts.link_due = calendar::local_days{std::chrono::year(2026) / 6 / 3};
    const auto text = written(facts);
    CHECK(text.text.find("Join online: the link will come by 3 June 2026.") != std::string::npos);
    CHECK(text.html.find("the link will come by 3 June 2026.") != std::string::npos);
}

TEST_CASE("a provisional event is told without an hour and cannot carry a calendar part") {
    auto facts = letter(LetterKind::reminder, "en");
    facts.schedule.when = calendar::Provisional{calendar::local_days{std::chrono::year(2026) / 10 / 1},
                                                calendar::local_days{std::chrono::year(2026) / 10 / 31}};
    CHECK(written(facts).text.find("October 2026") != std::string::npos);
    facts = letter(LetterKind::invitation, "en");
    facts.entry.schedule.when = calendar::Provisional{};
    const auto refused = write_letter(facts, letter_templates(), letter_now());
    REQUIRE(refused.has_error());
    CHECK(refused.error().code == errc::event_provisional);
}

TEST_CASE("a series names its dates") {
    auto facts = letter(LetterKind::invitation, "en");
    calendar::RecurrenceRule weekly;
    weekly.count = 15;
    facts.schedule.recurrence = calendar::Recurrence{{weekly}, {}};
    facts.entry.schedule = facts.schedule;
    const auto text = written(facts);
    CHECK(text.text.find("17 June 2026") != std::string::npos);
    CHECK(text.text.find("24 June 2026") != std::string::npos);
    CHECK(text.text.find("and more") != std::string::npos);
    CHECK(text.html.find("24 June 2026") != std::string::npos);
}

TEST_CASE("an unknown language or zone still gets a right letter") {
    auto facts = letter(LetterKind::reminder, "xx-XX");
    facts.recipient_zone = "Europe/Nowhere";
    const auto text = written(facts);
    CHECK(text.subject.starts_with("Reminder: "));
    CHECK(text.text.find("10:00") != std::string::npos);
    CHECK(text.text.find("Rome") != std::string::npos);
}

TEST_CASE("lines are one line and have an end") {
    CHECK(one_line("a\r\nBcc: x@y\tb\x7f", 100) == "a Bcc: x@y b");
    CHECK(one_line("\n\n", 100).empty());
    CHECK(one_line("äöüß", 3) == "äöü…");
    CHECK(one_line("äöü", 3) == "äöü");
}

TEST_CASE("kinds have names, and names kinds") {
    for (const auto kind : kinds) CHECK(letter_kind(name_of(kind)) == kind);
    CHECK_FALSE(letter_kind("nothing").has_value());
}
