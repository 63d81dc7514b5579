// Reading mails that come in: in whatever form the answer is in it, within the limits, and never worse than "unread".
#include "notifications/received_mail.hpp"

#include <catch2/catch.hpp>

#include <ctime>

using namespace convoke;
using notifications::read_mail;
using notifications::ReceivedMail;
using notifications::Unread;

namespace {

std::string entry(std::string const& method = "REPLY", std::string const& more = "") {
    return "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nMETHOD:" + method +
           "\r\nBEGIN:VEVENT\r\nUID:abc@events.example\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@ngo.example\r\n"
           "DTSTAMP:20270101T080000Z\r\nSEQUENCE:1\r\nDTSTART:20270303T090000Z\r\n" +
           more + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}
std::string mail(std::string const& more, std::string const& body) {
    return "From: \"Anna, of the NGO\" <anna@ngo.example>\r\nTo: rsvp+x@events.example\r\nMessage-ID: <1@ngo.example>\r\n"
           "MIME-Version: 1.0\r\n" + more + "\r\n" + body;
}
std::string part(std::string const& head, std::string const& body) { return "--b\r\n" + head + "\r\n" + body + "\r\n"; }
std::string mixed(std::string const& parts) { return mail("Content-Type: multipart/mixed; boundary=b\r\n", parts + "--b--\r\n"); }
std::string const calendar_head = "Content-Type: text/calendar; method=REPLY; charset=utf-8\r\n";

bool accepts(ReceivedMail const& read) {
    return read.unread == Unread::nothing && read.answer && read.answer->method == calendar::AnswerMethod::reply &&
           read.answer->parts.at(0).attendees.at(0).participation == calendar::Participation::accepted;
}

}  // namespace

TEST_CASE("when a mail was written is what its Date says", "[received]") {
    auto const written = [](std::string const& date) { return read_mail(mail(date + calendar_head, entry())).date; };
    CHECK(written("Date: Wed, 17 Jun 2026 10:00:00 +0200\r\n") == calendar::sys_seconds(std::chrono::seconds(1781683200)));
    CHECK_FALSE(written(""));
    CHECK_FALSE(written("Date: tomorrow\r\n"));
}

TEST_CASE("an answer is found wherever programs put it", "[received]") {
    CHECK(accepts(read_mail(mail(calendar_head, entry()))));
    CHECK(accepts(read_mail(mixed(part("Content-Type: text/plain\r\n", "yes") + part(calendar_head, entry())))));
    CHECK(accepts(read_mail(mixed(part("Content-Type: application/ics\r\n", entry())))));
    CHECK(accepts(read_mail(mixed(part("Content-Type: application/octet-stream; name=\"Answer.ICS\"\r\n", entry())))));
    // The one that names a method first; an invitation that is quoted beside it has no say.
    CHECK(accepts(read_mail(mixed(part("Content-Type: application/ics\r\n", "not a calendar") + part(calendar_head, entry())))));
    CHECK(accepts(read_mail(mixed(part("Content-Type: text/calendar; method=REQUEST\r\n", entry("REQUEST")) +
                                  part("Content-Type: text/calendar\r\n", entry())))));
    std::string lf = mail(calendar_head, entry());
    std::erase(lf, '\r');
    CHECK(accepts(read_mail(lf)));
}

TEST_CASE("the author and the marks of machines", "[received]") {
    auto const one = read_mail(mail(calendar_head, entry()));
    CHECK(one.from == std::vector<std::string>{"anna@ngo.example"});
    CHECK(one.message_id == "1@ngo.example");
    CHECK_FALSE(one.automatic);
    CHECK(read_mail("From: a@b.example, c@d.example\r\n\r\n").from.size() == 2);
    CHECK(read_mail("From: a@b.example\r\nFrom: c@d.example\r\n\r\n").from.size() == 2);
    CHECK(read_mail("Sender: a@b.example\r\n\r\n").from.empty());
    auto const automatic = read_mail(mail("Auto-Submitted: auto-generated\r\n" + calendar_head, entry()));
    CHECK(automatic.automatic);
    CHECK(accepts(automatic));  // calendars' servers say so of answers that people pressed
    CHECK_FALSE(read_mail(mail("Auto-Submitted: no\r\n", "x")).automatic);
}

TEST_CASE("what is no answer says why", "[received]") {
    auto const why = [](std::string const& text) { return read_mail(text).unread; };
    CHECK(why(mail("", "hello")) == Unread::no_calendar);
    CHECK(why(mail("Auto-Submitted: auto-replied\r\n", "away")) == Unread::automatic);
    CHECK(why(mail("Content-Type: application/ms-tnef\r\n", "x")) == Unread::tnef);
    CHECK(why(mail(calendar_head, "no calendar")) == Unread::calendar_unreadable);
    CHECK(why(mail(calendar_head, entry("REPLY", [] {
        std::string filler;
        for (int i = 0; i < 300; ++i) filler += "X-FILLER:" + std::string(1000, 'x') + "\r\n";
        return filler;
    }()))) == Unread::calendar_too_large);
    auto const report = [](std::string const& kind) {
        return mail("Content-Type: multipart/report; report-type=" + kind + "; boundary=b\r\n", part(calendar_head, entry()) + "--b--\r\n");
    };
    CHECK(why(report("delivery-status")) == Unread::bounce);
    CHECK(why(report("feedback-report")) == Unread::complaint);
    CHECK(why(report("disposition-notification")) == Unread::receipt);
    // A mail within a mail is somebody else's word.
    CHECK(why(mixed(part("Content-Type: message/rfc822\r\n", mail(calendar_head, entry())))) == Unread::no_calendar);
    for (Unread const reason : {Unread::damaged, Unread::too_deep, Unread::bounce, Unread::complaint, Unread::receipt, Unread::tnef,
                                Unread::calendar_too_large, Unread::calendar_unreadable, Unread::automatic, Unread::no_calendar}) {
        CHECK_FALSE(slug(reason).empty());
        CHECK_FALSE(words(reason).empty());
    }
}

TEST_CASE("depth, parts and the header are bounded", "[received]") {
    auto const nested = [](int depth) {
        std::string text = "From: anna@ngo.example\r\nMIME-Version: 1.0\r\n";
        for (int i = 0; i < depth; ++i)
            text += "Content-Type: multipart/mixed; boundary=b" + std::to_string(i) + "\r\n\r\n--b" + std::to_string(i) + "\r\n";
        return text + calendar_head + "\r\n" + entry();
    };
    CHECK(accepts(read_mail(nested(19))));
    CHECK(read_mail(nested(20)).unread == Unread::too_deep);
    for (int const depth : {70, 100, 100'000}) {
        CAPTURE(depth);
        std::clock_t const begin = std::clock();  // of this process: the machine may be busy
        auto const deep = read_mail(nested(depth));
        CHECK(deep.unread == Unread::too_deep);
        CHECK_FALSE(deep.answer);
        CHECK(deep.from == std::vector<std::string>{"anna@ngo.example"});
        CHECK(std::clock() - begin < 2 * CLOCKS_PER_SEC);
    }
    auto const many = [](int parts) {
        std::string text;
        for (int i = 0; i < parts; ++i) text += part("Content-Type: text/plain\r\n", "x");
        return mixed(text + part(calendar_head, entry()));
    };
    CHECK(accepts(read_mail(many(198))));
    CHECK(read_mail(many(199)).unread == Unread::too_deep);
    CHECK(read_mail(mail("X-Long: " + std::string(300'000, 'x') + "\r\n" + calendar_head, entry())).unread == Unread::damaged);
    // Names in From that would cost much to read.
    CHECK(read_mail("From: " + std::string(200'000, '(') + "\r\n\r\n").from.size() <= 10);
    CHECK(read_mail("From: " + std::string(200'000, ',') + "\r\n\r\n").from.size() <= 10);
    CHECK(read_mail("From: " + std::string(200'000, '<') + "\r\n\r\n").from.size() <= 10);
}

TEST_CASE("whatever is cut off or flipped is read without harm", "[received]") {
    std::vector<std::string> const samples{
        mixed(part("Content-Type: text/plain\r\n", "yes") + part(calendar_head + "Content-Transfer-Encoding: quoted-printable\r\n", entry())),
        mail(calendar_head + "Content-Transfer-Encoding: base64\r\n", "QkVHSU46VkNBTEVOREFSDQpNRVRIT0Q6UkVQTFkNCkVORDpWQ0FMRU5EQVI="),
        mail("Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n",
             part("Content-Type: message/delivery-status\r\n", "Action: failed\r\n") + part("Content-Type: message/rfc822\r\n", mail("", "x"))),
        "From: =?utf-8?B?w7bDtsO2?= <anna@ngo.example>\r\nContent-Type: text/calendar; charset*0=iso-; charset*1=8859-1\r\n\r\n" + entry()};
    std::uint32_t random = 20261122;
    for (std::string const& sample : samples) {
        for (std::size_t length = 0; length <= sample.size(); ++length) (void)read_mail(std::string_view(sample).substr(0, length));
        for (int round = 0; round < 500; ++round) {
            std::string bytes = sample;
            for (int i = 0; i < 4; ++i) {
                random = random * 1664525u + 1013904223u;
                bytes[random % bytes.size()] = static_cast<char>(random >> 24);
            }
            auto const read = read_mail(bytes);
            CHECK(read.answer.has_value() == (read.unread == Unread::nothing));
        }
    }
}
