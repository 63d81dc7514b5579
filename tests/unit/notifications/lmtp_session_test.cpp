// The LMTP dialogue (RFC 2033): what a mail server says, in one piece, in single bytes and out of order.
#include "notifications/lmtp_session.hpp"

#include <catch2/catch.hpp>

using namespace convoke::notifications;

namespace {

LmtpRules rules() {
    LmtpRules rules;
    rules.host_name = "events.example";
    rules.accepts = [](std::string_view address) { return address.starts_with("rsvp"); };
    rules.message_bytes = 10'000;
    return rules;
}

constexpr std::string_view opening =
    "LHLO mail.example\r\nMAIL FROM:<anna@ngo.example> SIZE=200 BODY=8BITMIME\r\nRCPT TO:<rsvp+abc@events.example>\r\n"
    "RCPT TO:<other@events.example>\r\nRCPT TO:<rsvp+def@events.example>\r\nDATA\r\n";

// Everything the session says to these bytes, brought in pieces of this size; mails are answered 250 and kept.
struct Talk {
    std::string said;
    std::vector<LmtpMail> mails;
    bool closed = false;

    void add(LmtpSession& session, LmtpSession::Step step) {
        for (;;) {
            said += step.output;
            closed = closed || step.close;
            if (!step.mail) return;
            mails.push_back(*step.mail);
            step = session.finish(std::vector<LmtpReply>(mails.back().recipients.size(), {250, "2.0.0 kept"}));
        }
    }
};
Talk talk(std::string_view bytes, std::size_t piece, LmtpRules const& with = rules()) {
    LmtpSession session(with);
    Talk talk;
    for (std::size_t at = 0; at < bytes.size() && !talk.closed; at += piece) talk.add(session, session.feed(bytes.substr(at, piece)));
    return talk;
}

std::size_t lines_with(std::string const& text, std::string_view start) {
    std::size_t count = 0;
    for (std::size_t at = 0; at < text.size(); at = text.find("\r\n", at) + 2) count += text.substr(at).starts_with(start);
    return count;
}

}  // namespace

TEST_CASE("a mail for two of ours and one stranger: a reply for each after the data", "[lmtp]") {
    std::string const bytes = std::string(opening) + "Subject: x\r\n\r\n..dot\r\n.\r\nQUIT\r\n";
    for (std::size_t const piece : {std::size_t(1), std::size_t(2), std::size_t(7), bytes.size()}) {
        CAPTURE(piece);
        Talk const heard = talk(bytes, piece);
        REQUIRE(heard.mails.size() == 1);
        CHECK(heard.mails[0].sender == "anna@ngo.example");
        CHECK(heard.mails[0].recipients == std::vector<std::string>{"rsvp+abc@events.example", "rsvp+def@events.example"});
        CHECK(heard.mails[0].bytes == "Subject: x\r\n\r\n.dot\r\n");
        CHECK(lines_with(heard.said, "250 2.0.0 kept") == 2);
        CHECK(lines_with(heard.said, "550 5.1.1") == 1);
        CHECK(heard.said.ends_with("221 2.0.0 good bye\r\n"));
        CHECK(heard.closed);
    }
}

TEST_CASE("the reply of each recipient is its own", "[lmtp]") {
    LmtpSession session(rules());
    auto step = session.feed(std::string(opening) + "x\r\n.\r\n");
    REQUIRE(step.mail);
    CHECK(session.finish({{250, "2.0.0 kept"}, {451, "4.3.0 later"}}).output == "250 2.0.0 kept\r\n451 4.3.0 later\r\n");
    CHECK(session.feed("DATA\r\n").output.starts_with("503"));  // all is forgotten
}

TEST_CASE("only CRLF.CRLF ends a mail", "[lmtp]") {
    for (std::string_view const inside : {"a\n.\nb\r\n", "a\r\n.\nb\r\n", "a\n.\r\nb\r\n", "a\r.\rb\r\n"}) {
        CAPTURE(inside);
        Talk const heard = talk(std::string(opening) + std::string(inside) + ".\r\n", 3);
        REQUIRE(heard.mails.size() == 1);
        CHECK(heard.mails[0].bytes.size() + (inside.find("\r\n.\n") != std::string_view::npos ? 1 : 0) == inside.size());
    }
}

TEST_CASE("long lines go through, and what is too large is read to its end and refused", "[lmtp]") {
    std::string const line(9'000, 'x');
    for (std::size_t const piece : {1u, 1000u, 100'000u}) {
        Talk const good = talk(std::string(opening) + line + "\r\n.\r\n", piece);
        REQUIRE(good.mails.size() == 1);
        CHECK(good.mails[0].bytes == line + "\r\n");
        Talk const large = talk(std::string(opening) + line + "\r\n" + line + "\r\n.\r\nNOOP\r\n", piece);
        CHECK(large.mails.empty());
        CHECK(lines_with(large.said, "552 5.3.4") == 2);
        CHECK(large.said.ends_with("250 2.0.0 here\r\n"));
    }
    CHECK(talk("LHLO x\r\nMAIL FROM:<a@b.example> SIZE=10001\r\n", 100).said.find("552 5.3.4") != std::string::npos);
    CHECK(talk("LHLO x\r\nMAIL FROM:<a@b.example> SIZE=99999999999999999999999\r\n", 100).said.find("552 5.3.4") != std::string::npos);
}

TEST_CASE("what is no LMTP is told so, and not for ever", "[lmtp]") {
    CHECK(talk("EHLO x\r\n", 99).said.starts_with("500"));
    CHECK(talk("MAIL FROM:<a@b.example>\r\n", 99).said.starts_with("503"));
    CHECK(talk("LHLO x\r\nRCPT TO:<rsvp@events.example>\r\n", 99).said.find("503 5.5.1") != std::string::npos);
    CHECK(talk("LHLO x\r\nMAIL FROM:<>\r\nRCPT TO:rsvp@events.example\r\nDATA\r\n", 99).said.find("501 5.1.3") != std::string::npos);
    CHECK(talk("LHLO x\r\nMAIL FROM:<a@b.example>\r\nMAIL FROM:<a@b.example>\r\n", 99).said.find("503") != std::string::npos);
    Talk const chatter = talk([] {
        std::string bytes;
        for (int i = 0; i < 50; ++i) bytes += "GET / HTTP/1.1\r\n";
        return bytes;
    }(), 16);
    CHECK(chatter.closed);
    CHECK(lines_with(chatter.said, "500") == 20);
    Talk const endless = talk(std::string(5'000, 'x'), 100);
    CHECK(endless.closed);
    CHECK(endless.said.starts_with("500 5.5.2"));
}

TEST_CASE("recipients are bounded", "[lmtp]") {
    std::string bytes = "LHLO x\r\nMAIL FROM:<>\r\n";
    for (int i = 0; i < 120; ++i) bytes += "RCPT TO:<rsvp@events.example>\r\n";
    Talk const heard = talk(bytes + "DATA\r\nx\r\n.\r\n", 4096);
    REQUIRE(heard.mails.size() == 1);
    CHECK(heard.mails[0].recipients.size() == 100);
    CHECK(heard.mails[0].sender.empty());
    CHECK(lines_with(heard.said, "452 4.5.3") == 20);
}
