#include "notifications/imap_dialogue.hpp"

#include "notifications/addressees.hpp"
#include "notifications/transport_url.hpp"

#include <catch2/catch.hpp>

using namespace convoke::notifications;
using namespace std::chrono_literals;
using Step = ImapDialogue::Step;

namespace {

constexpr auto day = std::chrono::year_month_day(2026y / 11 / 3);

// A dialogue in which the server has its lines said one byte at a time, or all at once.
struct Conversation {
    ImapDialogue dialogue{{"rsvp", R"(pass "word\)", "INBOX", 1000, 500}};
    bool bytewise = false;

    Step says(std::string_view bytes) {
        if (!bytewise) return dialogue.received(bytes);
        Step step;
        for (char const& c : bytes) step = dialogue.received({&c, 1});
        return step;
    }

    // Logged in over LOGIN, the mailbox open.
    Step open(std::string const& flags = "(\\Seen \\*)") {
        CHECK(says("* OK ready\r\n").bytes == "a1 CAPABILITY\r\n");
        CHECK(says("* CAPABILITY IMAP4rev1\r\na1 OK done\r\n").bytes == "a2 LOGIN \"rsvp\" \"pass \\\"word\\\\\"\r\n");
        CHECK(says("a2 OK in\r\n").bytes == "a3 SELECT \"INBOX\"\r\n");
        return says("* 3 EXISTS\r\n* OK [PERMANENTFLAGS " + flags + "] fine\r\na3 OK [READ-WRITE] selected\r\n");
    }
};

}  // namespace

TEST_CASE("new mails are handed over one by one and marked", "[imap]") {
    Conversation talk;
    talk.bytewise = GENERATE(false, true);
    REQUIRE(talk.open().kind == Step::Kind::ready);
    CHECK(talk.dialogue.has_keyword());
    CHECK(talk.dialogue.look(day).bytes == "a4 UID SEARCH UNKEYWORD $ConvokeTaken SINCE 3-Nov-2026\r\n");
    CHECK(talk.says("* SEARCH 9 7\r\na4 OK done\r\n").bytes == "a5 UID FETCH 7 (BODY.PEEK[]<0.1000>)\r\n");
    auto step = talk.says("* 1 FETCH (UID 7 BODY[]<0> {12}\r\na: b\r\n\r\na5 O FLAGS ())\r\na5 OK done\r\n");
    REQUIRE(step.kind == Step::Kind::mail);
    CHECK(step.bytes == "a: b\r\n\r\na5 O");
    CHECK(talk.dialogue.taken(true).bytes == "a6 UID STORE 7 +FLAGS.SILENT ($ConvokeTaken)\r\n");
    CHECK(talk.says("a6 OK done\r\n").bytes == "a7 UID FETCH 9 (BODY.PEEK[]<0.1000>)\r\n");
    SECTION("one that was deleted meanwhile is passed over") {
        CHECK(talk.says("a7 OK nothing\r\n").kind == Step::Kind::ready);
    }
    SECTION("one that could not be kept stays unmarked") {
        REQUIRE(talk.says("* 2 FETCH (UID 9 BODY[]<0> {1}\r\nx)\r\na7 OK done\r\n").kind == Step::Kind::mail);
        CHECK(talk.dialogue.taken(false).kind == Step::Kind::ready);
        CHECK(talk.dialogue.look(day).bytes.starts_with("a8 UID SEARCH"));
    }
}

TEST_CASE("where the server keeps no keywords, what was taken is marked as read", "[imap]") {
    Conversation talk;
    REQUIRE(talk.open("(\\Seen \\Deleted)").kind == Step::Kind::ready);
    CHECK_FALSE(talk.dialogue.has_keyword());
    CHECK(talk.dialogue.look(day).bytes == "a4 UID SEARCH UNSEEN SINCE 3-Nov-2026\r\n");
    talk.says("* SEARCH 1\r\na4 OK\r\n");
    talk.says("* 1 FETCH (BODY[]<0> {1}\r\nx)\r\na5 OK\r\n");
    CHECK(talk.dialogue.taken(true).bytes == "a6 UID STORE 1 +FLAGS.SILENT (\\Seen)\r\n");
}

TEST_CASE("a password goes by AUTHENTICATE PLAIN where that is offered", "[imap]") {
    Conversation talk;
    talk.says("* OK ready\r\n");
    CHECK(talk.says("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\na1 OK\r\n").bytes == "a2 AUTHENTICATE PLAIN\r\n");
    CHECK(talk.says("+ \r\n").bytes == "AHJzdnAAcGFzcyAid29yZFw=\r\n");
    auto const step = talk.says("a2 NO [AUTHENTICATIONFAILED] no\r\n");
    CHECK(step.kind == Step::Kind::broken);
    CHECK(step.why == "not let in as rsvp: NO [AUTHENTICATIONFAILED] no");
}

TEST_CASE("a server that misbehaves ends the conversation with a reason", "[imap]") {
    Conversation talk;
    SECTION("no greeting") { CHECK(talk.says("* BYE too busy\r\n").why == "the server ends: too busy"); }
    SECTION("no way in") {
        talk.says("* OK ready\r\n");
        CHECK(talk.says("* CAPABILITY IMAP4rev1 LOGINDISABLED\r\na1 OK\r\n").kind == Step::Kind::broken);
    }
    SECTION("an endless line") {
        CHECK(talk.says(std::string(ImapResponseParser::line_bytes + 1, 'x')).why == "an answer of the server is too long");
    }
    SECTION("a mail longer than asked for") {
        talk.open();
        talk.dialogue.look(day);
        talk.says("* SEARCH 1\r\na4 OK\r\n");
        CHECK(talk.says("* 1 FETCH (BODY[]<0> {99999999}\r\n").kind == Step::Kind::broken);
    }
    SECTION("literals that add up") {
        talk.open();
        CHECK(talk.says("* X {65000}\r\n" + std::string(65000, 'x') + " {18446744073709551615}\r\n").kind == Step::Kind::broken);
    }
    SECTION("a mailbox in which nothing can be marked") {
        talk.says("* OK ready\r\n");
        talk.says("a1 OK\r\n");
        talk.says("a2 OK\r\n");
        CHECK(talk.says("a3 OK [READ-ONLY] selected\r\n").kind == Step::Kind::broken);
    }
    SECTION("half a response") { CHECK(talk.says("*\r\n").kind == Step::Kind::broken); }
    SECTION("the answer to another command") {
        talk.says("* OK ready\r\n");
        CHECK(talk.says("a9 OK\r\n").why == "unexpected: a9 OK");
    }
}

TEST_CASE("the mailbox's address says what would be right", "[imap]") {
    auto const url = parse_imap_url("imaps://rsvp%40events.example@mail.example:1993/Answers%20in");
    REQUIRE(url.has_value());
    CHECK(url->user == "rsvp@events.example");
    CHECK(url->host == "mail.example");
    CHECK(url->port == "1993");
    CHECK(url->mailbox == "Answers in");
    CHECK(parse_imap_url("imaps://rsvp@events.example@[::1]/INBOX")->host == "::1");
    for (char const* wrong : {"imap://u@h/INBOX", "imaps://h/INBOX", "imaps://u@h", "imaps://u@h/", "imaps://u:secret@h/INBOX", "imaps://u@h:0/INBOX",
                              "imaps://u@h/%0d%0a", "imaps://u@h/B%C3%BCro"})
        CHECK_FALSE(parse_imap_url(wrong).has_value());
}

TEST_CASE("to whom a mail was sent: what the mail server noted comes first", "[imap]") {
    CHECK(addressees("Delivered-To: rsvp+t@x.example\r\nTo: \"R, S\" <rsvp@x.example>, list: a@y.example, b@y.example;\r\n"
                     "Cc: rsvp@x.example\r\n\r\nTo: body@z.example\r\n") ==
          std::vector<std::string>{"rsvp+t@x.example", "rsvp@x.example", "a@y.example", "b@y.example"});
    CHECK(addressees("").empty());
    CHECK(addressees("no head at all").empty());
}
