// The SMTP dialogue against scripted servers, without a socket: what is sent and what becomes of the mail.
#include "notifications/smtp_dialogue.hpp"

#include <catch2/catch.hpp>

using namespace convoke::notifications;
using Step = SmtpDialogue::Step;
using Kind = Step::Kind;

namespace {

Envelope mail() {
    return {"rsvp@events.example", "ann@example.ie", "1@events.example",
            std::make_shared<std::string const>("Subject: x\r\n\r\n.dot\r\nend\r\n")};
}

SmtpDialogue::Options options(bool starttls = false, bool login = false) {
    SmtpDialogue::Options made{"client.example", starttls, std::nullopt};
    if (login) made.login = SmtpLogin{"user", "secret"};
    return made;
}

// Feeds a reply in pieces of `size` bytes and returns the last step.
Step feed(SmtpDialogue& dialogue, std::string_view reply, std::size_t size = 4096) {
    Step step;
    while (!reply.empty() && step.kind != Kind::close) {
        step = dialogue.received(reply.substr(0, size));
        reply.remove_prefix(std::min(size, reply.size()));
    }
    return step;
}

// Up to `ready` over a connection that is TLS from the start.
SmtpDialogue ready_dialogue() {
    SmtpDialogue dialogue(options(), true);
    feed(dialogue, "220 hello\r\n");
    const auto step = feed(dialogue, "250-server\r\n250-SIZE 1000\r\n250 8BITMIME\r\n");
    REQUIRE(step.kind == Kind::ready);
    return dialogue;
}

Step refused_at(std::string_view stage, std::string_view reply) {
    auto dialogue = ready_dialogue();
    dialogue.begin(mail());
    if (stage == "MAIL") return feed(dialogue, reply);
    feed(dialogue, "250 ok\r\n");
    if (stage == "RCPT") return feed(dialogue, reply);
    feed(dialogue, "250 ok\r\n");
    if (stage == "DATA") return feed(dialogue, reply);
    feed(dialogue, "354 go\r\n");
    return feed(dialogue, reply);
}

}  // namespace

TEST_CASE("a mail goes through, however the replies are cut") {
    for (const std::size_t size : {1, 2, 7, 4096}) {
        SmtpDialogue dialogue(options(true, true), false);
        CHECK(feed(dialogue, "220-two\r\n220 lines\r\n", size).bytes == "EHLO client.example\r\n");
        CHECK(feed(dialogue, "250-server\r\n250-STARTTLS\r\n250 AUTH PLAIN\r\n", size).bytes == "STARTTLS\r\n");
        CHECK(feed(dialogue, "220 go ahead\r\n", size).kind == Kind::handshake);
        CHECK(dialogue.secured().bytes == "EHLO client.example\r\n");
        CHECK(feed(dialogue, "250-server\r\n250-AUTH LOGIN PLAIN\r\n250 SIZE 9999\r\n", size).bytes ==
              "AUTH PLAIN AHVzZXIAc2VjcmV0\r\n");
        CHECK(feed(dialogue, "235 welcome\r\n", size).kind == Kind::ready);
        for (int round = 0; round < 2; ++round) {  // the connection is used again
            CHECK(dialogue.begin(mail()).bytes == "MAIL FROM:<rsvp@events.example> SIZE=25\r\n");
            CHECK(feed(dialogue, "250 ok\r\n", size).bytes == "RCPT TO:<ann@example.ie>\r\n");
            CHECK(feed(dialogue, "250 ok\r\n", size).bytes == "DATA\r\n");
            CHECK(feed(dialogue, "354 go\r\n", size).bytes == "Subject: x\r\n\r\n..dot\r\nend\r\n.\r\n");
            const auto step = feed(dialogue, "250 2.0.0 queued as 7\r\n", size);
            CHECK(step.kind == Kind::delivered);
            CHECK(step.delivery.outcome == Outcome::sent);
            CHECK(step.delivery.reason == "250 2.0.0 queued as 7");
        }
        CHECK(dialogue.quit().bytes == "QUIT\r\n");
        CHECK(feed(dialogue, "221 bye\r\n", size).kind == Kind::close);
    }
}

TEST_CASE("without STARTTLS nothing is sent") {
    SmtpDialogue dialogue(options(true, true), false);
    feed(dialogue, "220 hi\r\n");
    const auto step = feed(dialogue, "250-server\r\n250 AUTH PLAIN\r\n");
    CHECK(step.kind == Kind::close);
    CHECK(step.delivery.outcome == Outcome::paused);
    CHECK(step.delivery.reason.find("STARTTLS") != std::string::npos);
}

TEST_CASE("a server that refuses STARTTLS or EHLO where TLS is required pauses the queue") {
    {
        SmtpDialogue dialogue(options(true), false);
        feed(dialogue, "220 hi\r\n");
        feed(dialogue, "250-server\r\n250 STARTTLS\r\n");
        CHECK(feed(dialogue, "454 not now\r\n").delivery.outcome == Outcome::paused);
    }
    {
        SmtpDialogue dialogue(options(true), false);
        feed(dialogue, "220 hi\r\n");
        const auto step = feed(dialogue, "502 what?\r\n");
        CHECK(step.kind == Kind::close);
        CHECK(step.delivery.outcome == Outcome::paused);
    }
}

TEST_CASE("plain text behind the 220 of STARTTLS is an injection") {
    SmtpDialogue dialogue(options(true), false);
    feed(dialogue, "220 hi\r\n");
    feed(dialogue, "250-server\r\n250 STARTTLS\r\n");
    const auto step = feed(dialogue, "220 go\r\n250-evil\r\n250 AUTH PLAIN\r\n");
    CHECK(step.kind == Kind::close);
    CHECK(step.delivery.outcome == Outcome::paused);
}

TEST_CASE("what the server offered before TLS is forgotten") {
    SmtpDialogue dialogue(options(true, true), false);
    feed(dialogue, "220 hi\r\n");
    feed(dialogue, "250-server\r\n250-AUTH PLAIN LOGIN\r\n250 STARTTLS\r\n");
    feed(dialogue, "220 go\r\n");
    dialogue.secured();
    const auto step = feed(dialogue, "250 server\r\n");
    CHECK(step.kind == Kind::close);
    CHECK(step.delivery.reason.find("AUTH") != std::string::npos);
}

TEST_CASE("EHLO refused over TLS: HELO, and then no extensions") {
    SmtpDialogue dialogue(options(), true);
    feed(dialogue, "220 hi\r\n");
    CHECK(feed(dialogue, "500 what?\r\n").bytes == "HELO client.example\r\n");
    CHECK(feed(dialogue, "250 hello\r\n").kind == Kind::ready);
    CHECK(dialogue.begin(mail()).bytes == "MAIL FROM:<rsvp@events.example>\r\n");
}

TEST_CASE("AUTH LOGIN asks twice, and a password never goes out in plain") {
    SmtpDialogue dialogue(options(false, true), true);
    feed(dialogue, "220 hi\r\n");
    CHECK(feed(dialogue, "250-server\r\n250 AUTH=LOGIN\r\n").bytes == "AUTH LOGIN\r\n");
    CHECK(feed(dialogue, "334 VXNlcm5hbWU6\r\n").bytes == "dXNlcg==\r\n");
    CHECK(feed(dialogue, "334 UGFzc3dvcmQ6\r\n").bytes == "c2VjcmV0\r\n");
    CHECK(feed(dialogue, "235 ok\r\n").kind == Kind::ready);

    SmtpDialogue bare(options(false, true), false);
    feed(bare, "220 hi\r\n");
    const auto step = feed(bare, "250-server\r\n250 AUTH PLAIN\r\n");
    CHECK(step.kind == Kind::close);
    CHECK(step.bytes.empty());
}

TEST_CASE("trouble with us pauses the queue and blames no mail") {
    for (std::string_view reply : {"421 too busy\r\n", "554 go away\r\n", "garbage\r\n", "\x16\x03\x01 hi\r\n"}) {
        SmtpDialogue dialogue(options(), true);
        const auto step = feed(dialogue, reply);
        CHECK(step.kind == Kind::close);
        CHECK(step.delivery.outcome == Outcome::paused);
    }
    for (std::string_view reply : {"535 bad password\r\n", "454 later\r\n", "334 again\r\n", "504 no\r\n"}) {
        SmtpDialogue dialogue(options(false, true), true);
        feed(dialogue, "220 hi\r\n");
        feed(dialogue, "250-server\r\n250 AUTH PLAIN\r\n");
        const auto step = feed(dialogue, reply);
        CHECK(step.kind == Kind::close);
        CHECK(step.delivery.outcome == Outcome::paused);
        CHECK(step.delivery.reason.find("secret") == std::string::npos);
    }
}

TEST_CASE("every refusal at every stage has its meaning") {
    struct Row {
        std::string_view stage, reply;
        Outcome outcome;
        bool reset;  // RSET first, then the outcome
        bool closes;
    };
    const std::vector<Row> rows{
        {"MAIL", "451 later\r\n", Outcome::deferred, false, false},
        {"MAIL", "452 full\r\n", Outcome::deferred, false, false},
        {"MAIL", "550 not you\r\n", Outcome::paused, false, true},
        {"MAIL", "553 bad sender\r\n", Outcome::paused, false, true},
        {"MAIL", "530 log in first\r\n", Outcome::paused, false, true},
        {"MAIL", "552 too big\r\n", Outcome::refused, false, false},
        {"MAIL", "421 closing\r\n", Outcome::paused, false, true},
        {"RCPT", "450 greylisted\r\n", Outcome::deferred, true, false},
        {"RCPT", "452 too many\r\n", Outcome::deferred, true, false},
        {"RCPT", "550 5.1.1 unknown\r\n", Outcome::refused, true, false},
        {"RCPT", "553 no such\r\n", Outcome::refused, true, false},
        {"RCPT", "554 5.7.1 <x>: Relay access denied\r\n", Outcome::paused, true, false},
        {"RCPT", "421 closing\r\n", Outcome::deferred, false, true},
        {"DATA", "451 later\r\n", Outcome::deferred, true, false},
        {"DATA", "554 no\r\n", Outcome::refused, true, false},
        {"DATA", "250 already?\r\n", Outcome::deferred, false, true},
        {"DOT", "451 later\r\n", Outcome::deferred, false, false},
        {"DOT", "552 too big\r\n", Outcome::refused, false, false},
        {"DOT", "554 5.7.1 spam\r\n", Outcome::refused, false, false},
        {"DOT", "421 closing\r\n", Outcome::deferred, false, true},
        {"DOT", "354 again?\r\n", Outcome::deferred, false, true},
    };
    for (auto const& row : rows) {
        CAPTURE(row.stage, row.reply);
        auto step = refused_at(row.stage, row.reply);
        if (row.reset) {
            REQUIRE(step.kind == Kind::write);
            CHECK(step.bytes == "RSET\r\n");
            continue;
        }
        CHECK(step.delivery.outcome == row.outcome);
        CHECK((step.kind == Kind::close || step.close) == row.closes);
    }
    for (auto const& row : rows) {
        if (!row.reset) continue;
        CAPTURE(row.stage, row.reply);
        auto dialogue = ready_dialogue();
        dialogue.begin(mail());
        feed(dialogue, "250 ok\r\n");
        if (row.stage == "DATA") feed(dialogue, "250 ok\r\n");
        feed(dialogue, row.reply);
        const auto step = feed(dialogue, "250 reset\r\n");
        CHECK(step.kind == Kind::delivered);
        CHECK(step.delivery.outcome == row.outcome);
        CHECK(dialogue.phase() == SmtpDialogue::Phase::ready);
    }
}

TEST_CASE("a break means something else in each phase") {
    auto dialogue = ready_dialogue();
    CHECK(dialogue.lost("eof").outcome == Outcome::paused);
    CHECK(dialogue.nothing_sent());
    dialogue.begin(mail());
    CHECK(dialogue.nothing_sent());
    feed(dialogue, "250 ok\r\n");
    CHECK_FALSE(dialogue.nothing_sent());
    CHECK(dialogue.lost("eof").outcome == Outcome::deferred);
    feed(dialogue, "250 ok\r\n");
    CHECK_FALSE(dialogue.lost("eof").in_doubt);
    feed(dialogue, "354 go\r\n");
    const auto doubt = dialogue.lost("eof");
    CHECK(doubt.outcome == Outcome::deferred);
    CHECK(doubt.in_doubt);

    SmtpDialogue handshake(options(true), false);
    feed(handshake, "220 hi\r\n");
    feed(handshake, "250-server\r\n250 STARTTLS\r\n");
    feed(handshake, "220 go\r\n");
    CHECK(handshake.lost("bad certificate").outcome == Outcome::paused);
}

TEST_CASE("two replies to one command never let a mail pass for sent") {
    auto dialogue = ready_dialogue();
    dialogue.begin(mail());
    const auto step = feed(dialogue, "250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n250 queued\r\n");
    CHECK(step.kind == Kind::close);
    CHECK(step.delivery.outcome == Outcome::deferred);

    // Behind the final reply it only costs the connection.
    auto other = ready_dialogue();
    other.begin(mail());
    feed(other, "250 ok\r\n");
    feed(other, "250 ok\r\n");
    feed(other, "354 go\r\n");
    const auto last = feed(other, "250 queued\r\n421 closing\r\n");
    CHECK(last.delivery.outcome == Outcome::sent);
    CHECK(last.close);
}

TEST_CASE("replies have bounds") {
    {
        SmtpDialogue dialogue(options(), true);
        CHECK(feed(dialogue, std::string(3000, 'x'), 500).kind == Kind::close);
    }
    {
        SmtpDialogue dialogue(options(), true);
        std::string endless;
        for (int i = 0; i < 101; ++i) endless += "220-more\r\n";
        CHECK(feed(dialogue, endless).kind == Kind::close);
    }
    {
        SmtpDialogue dialogue(options(), true);
        CHECK(feed(dialogue, "220-one\r\n250 other\r\n").kind == Kind::close);
    }
    {
        SmtpDialogue dialogue(options(), true);
        const auto step = feed(dialogue, "554 \x1b[31mred\x07 " + std::string(1900, 'y') + "\r\n");
        CHECK(step.delivery.reason.size() < 600);
        CHECK(step.delivery.reason.find('\x1b') == std::string::npos);
    }
}

TEST_CASE("what cannot be sent is refused before a byte leaves") {
    auto dialogue = ready_dialogue();
    auto big = mail();
    big.bytes = std::make_shared<std::string const>(2000, 'x');
    CHECK(dialogue.begin(big).delivery.outcome == Outcome::refused);

    for (std::string const& bad : std::vector<std::string>{"a@b\r\nRCPT TO:<x@y>", "a b@c", "a>@c", "", "<a@b>", std::string("a\0@b", 4)}) {
        auto envelope = mail();
        envelope.to = bad;
        const auto step = dialogue.begin(envelope);
        CHECK(step.kind == Kind::delivered);
        CHECK(step.delivery.outcome == Outcome::refused);
        CHECK(step.bytes.empty());
    }
    SmtpDialogue seven_bit(options(), true);
    feed(seven_bit, "220 hi\r\n");
    feed(seven_bit, "250 server\r\n");
    auto wide = mail();
    wide.bytes = std::make_shared<std::string const>("\xc3\xa9\r\n");
    CHECK(seven_bit.begin(wide).delivery.outcome == Outcome::refused);
}

TEST_CASE("dots are stuffed and the end is the end") {
    CHECK(stuff_dots("") == "\r\n.\r\n");
    CHECK(stuff_dots(".") == "..\r\n.\r\n");
    CHECK(stuff_dots("a\r\n.\r\nb\r\n") == "a\r\n..\r\nb\r\n.\r\n");
    CHECK(stuff_dots("a\r\n..b") == "a\r\n...b\r\n.\r\n");
}
