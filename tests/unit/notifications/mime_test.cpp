// Mails read back by GMime, and what must never get into one.
#include "letters.hpp"

#include "notifications/gmime.hpp"
#include "notifications/letter_words.hpp"
#include "notifications/mime.hpp"

#include <catch2/catch.hpp>

#include <random>
#include <set>

using namespace convoke;
using namespace convoke::notifications;
using namespace convoke::test;

namespace {

struct Leaf {
    std::string type, method, disposition, file, encoding, content;
};

struct Read {
    std::string from, to, reply_to, subject, message_id, structure;
    std::vector<Leaf> leaves;
    int recipients = 0;
    std::string to_name, to_address;
    std::vector<std::string> header_names;
    std::string raw(char const* name) const { return headers.count(name) ? headers.at(name) : ""; }
    std::map<std::string, std::string> headers;
};

std::string text_of(char const* text) { return text ? text : ""; }

std::string addresses(InternetAddressList* list) {
    const GString_ text(list ? internet_address_list_to_string(list, nullptr, FALSE) : nullptr);
    return text ? text.get() : "";
}

void walk(GMimeObject* object, Read& read) {
    GMimeContentType* type = g_mime_object_get_content_type(object);
    const GString_ name(g_mime_content_type_get_mime_type(type));
    read.structure += name.get();
    if (GMIME_IS_MULTIPART(object)) {
        read.structure += '(';
        for (int i = 0; i < g_mime_multipart_get_count(GMIME_MULTIPART(object)); ++i) {
            if (i) read.structure += ' ';
            walk(g_mime_multipart_get_part(GMIME_MULTIPART(object), i), read);
        }
        read.structure += ')';
        return;
    }
    auto* part = GMIME_PART(object);
    GObjectPtr<GMimeStream> out(g_mime_stream_mem_new());
    g_mime_data_wrapper_write_to_stream(g_mime_part_get_content(part), out.get());
    const GByteArray* bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out.get()));
    read.leaves.push_back({name.get(), text_of(g_mime_object_get_content_type_parameter(object, "method")),
                           text_of(g_mime_object_get_disposition(object)), text_of(g_mime_part_get_filename(part)),
                           text_of(g_mime_content_encoding_to_string(g_mime_part_get_content_encoding(part))),
                           std::string(reinterpret_cast<char const*>(bytes->data), bytes->len)});
}

Read read_back(std::string const& bytes) {
    start_gmime();
    GObjectPtr<GMimeStream> stream(g_mime_stream_mem_new_with_buffer(bytes.data(), bytes.size()));
    GObjectPtr<GMimeParser> parser(g_mime_parser_new_with_stream(stream.get()));
    GObjectPtr<GMimeMessage> message(g_mime_parser_construct_message(parser.get(), nullptr));
    REQUIRE(message);
    Read read;
    read.from = addresses(g_mime_message_get_from(message.get()));
    read.to = addresses(g_mime_message_get_to(message.get()));
    InternetAddressList* to = g_mime_message_get_to(message.get());
    read.recipients = internet_address_list_length(to);
    InternetAddress* first = internet_address_list_get_address(to, 0);
    REQUIRE(INTERNET_ADDRESS_IS_MAILBOX(first));
    read.to_name = text_of(internet_address_get_name(first));
    read.to_address = text_of(internet_address_mailbox_get_addr(INTERNET_ADDRESS_MAILBOX(first)));
    read.reply_to = addresses(g_mime_message_get_reply_to(message.get()));
    read.subject = text_of(g_mime_message_get_subject(message.get()));
    read.message_id = text_of(g_mime_message_get_message_id(message.get()));
    GMimeHeaderList* headers = g_mime_object_get_header_list(GMIME_OBJECT(message.get()));
    for (int i = 0; i < g_mime_header_list_get_count(headers); ++i) {
        GMimeHeader* header = g_mime_header_list_get_header_at(headers, i);
        read.header_names.emplace_back(g_mime_header_get_name(header));
        read.headers[g_mime_header_get_name(header)] = text_of(g_mime_header_get_value(header));
    }
    walk(g_mime_message_get_mime_part(message.get()), read);
    return read;
}

Mail composed(LetterFacts const& facts) {
    auto mail = compose(facts, letter_templates(), letter_now());
    if (!mail) FAIL(mail.error().detail);
    return *mail;
}

std::string without_cr(std::string text) {
    std::erase(text, '\r');
    return text;
}

// Any characters a person could type, and some nobody should.
std::string random_text(std::mt19937& random, std::size_t longest) {
    static const std::vector<std::string> alphabet{"a", "b", " ", " ", "  ", "é", "ß", "Ω", "漢", "🎉", "\"", "'", "<", ">", "&",
                                                   ",", ";", ":", "@", "(", ")", "\\", "=", "?", "=?utf-8?q?x?=", ".", "\r\n.\r\n", "\n",
                                                   "\r", "\t", "\x01", "\x7f", "{{x}}", "{when}", std::string(90, 'w')};
    std::string out;
    const auto count = random() % longest;
    for (std::size_t i = 0; i < count; ++i) out += alphabet[random() % alphabet.size()];
    return out;
}

}  // namespace

TEST_CASE("an invitation has the structure every client understands") {
    const auto mail = composed(letter(LetterKind::invitation, "en"));
    const auto read = read_back(mail.bytes);
    CHECK(read.structure == "multipart/mixed(multipart/alternative(text/plain text/html text/calendar) application/ics)");
    REQUIRE(read.leaves.size() == 4);
    CHECK(read.leaves[2].method == "REQUEST");
    CHECK(read.leaves[2].disposition.empty());
    CHECK(read.leaves[2].encoding == "base64");
    CHECK(read.leaves[3].disposition == "attachment");
    CHECK(read.leaves[3].file == "invite.ics");
    CHECK(read.leaves[2].content == read.leaves[3].content);
    CHECK(read.leaves[2].content.starts_with("BEGIN:VCALENDAR\r\n"));
    CHECK(read.leaves[2].content.find("METHOD:REQUEST\r\n") != std::string::npos);
    const auto text = write_letter(letter(LetterKind::invitation, "en"), letter_templates(), letter_now());
    CHECK(read.leaves[2].content == text->ics);
    CHECK(without_cr(read.leaves[0].content) == text->text);
    CHECK(without_cr(read.leaves[1].content) == text->html);
}

TEST_CASE("other letters are plain and HTML, with the right heads") {
    const auto mail = composed(letter(LetterKind::reminder, "fr"));
    const auto read = read_back(mail.bytes);
    CHECK(read.structure == "multipart/alternative(text/plain text/html)");
    CHECK(mail.from == "bounce+17@events.example");
    CHECK(mail.to == "aoife.byrne@example.ie");
    CHECK(read.from == "Migrant Integration & Work <rsvp+4f6c2d9a@events.example>");
    CHECK(read.to == "Aoife Ní Bhroin <aoife.byrne@example.ie>");
    CHECK(read.reply_to.find("rsvp+4f6c2d9a@events.example") != std::string::npos);
    CHECK(read.subject == mail.subject);
    CHECK(read.message_id == "17.reminder@events.example");
    CHECK(read.raw("In-Reply-To") == "<17.invitation@events.example>");
    CHECK(read.raw("References") == "<17.invitation@events.example>");
    CHECK(read.raw("Auto-Submitted") == "auto-generated");
    CHECK(read.raw("X-Auto-Response-Suppress") == "OOF, AutoReply");
    CHECK(mail.bytes.find("\r\nContent-Language: fr\r\n") != std::string::npos);
    CHECK(read.raw("List-Unsubscribe") == "<https://events.example/unsubscribe/VU5TVUI>");
    CHECK(read.raw("List-Unsubscribe-Post") == "List-Unsubscribe=One-Click");
    CHECK(read.raw("MIME-Version") == "1.0");
    CHECK(read.raw("Date") == "Mon, 04 May 2026 07:00:00 +0000");
    CHECK(std::set<std::string>(read.header_names.begin(), read.header_names.end()).size() == read.header_names.size());

    auto invitation = letter(LetterKind::invitation, "fr");
    invitation.list_unsubscribe_url = "https://events.example/unsubscribe/x";
    CHECK(composed(invitation).bytes.find("List-Unsubscribe") == std::string::npos);
}

TEST_CASE("the same facts give the same bytes") {
    for (const auto kind : {LetterKind::invitation, LetterKind::reminder}) {
        CHECK(composed(letter(kind, "de")).bytes == composed(letter(kind, "de")).bytes);
    }
    auto other = letter(LetterKind::invitation, "de");
    other.message_id = "18.invitation@events.example";
    CHECK(composed(other).bytes != composed(letter(LetterKind::invitation, "de")).bytes);
}

TEST_CASE("whatever people write, a mail keeps its form") {
    std::mt19937 random(20260504);
    for (int round = 0; round < 300; ++round) {
        auto facts = letter(round % 2 ? LetterKind::invitation : LetterKind::reminder, round % 3 ? "fr" : "en");
        facts.event_title = random_text(random, 60);
        facts.recipient_name = random_text(random, 20);
        facts.community_name = random_text(random, 20);
        facts.from_name = random_text(random, 20);
        facts.description = random_text(random, 400);
        facts.place = random_text(random, 60);
        facts.reason = random_text(random, 60);
        facts.carries_calendar = false;  // the calendar's writer has its own tests
        const auto mail = composed(facts);
        CAPTURE(round, facts.event_title, facts.recipient_name, facts.from_name);
        CHECK(faults_of_mail(mail.bytes).empty());
        const auto read = read_back(mail.bytes);
        CHECK(read.structure == "multipart/alternative(text/plain text/html)");
        CHECK(read.subject == mail.subject);
        CHECK(std::set<std::string>(read.header_names.begin(), read.header_names.end()).size() == read.header_names.size());
        CHECK(read.recipients == 1);
        CHECK(read.to_address == "aoife.byrne@example.ie");
        CHECK(read.to_name == one_line(facts.recipient_name, 120));
        for (auto const& name : read.header_names) {
            CHECK(std::set<std::string>{"Date", "From", "Reply-To", "To", "Subject", "Message-Id", "In-Reply-To", "References",
                                        "Auto-Submitted", "X-Auto-Response-Suppress", "Content-Language", "List-Unsubscribe",
                                        "List-Unsubscribe-Post", "Content-Type", "MIME-Version"}
                      .contains(name));
        }
    }
}

TEST_CASE("nothing becomes a second header, recipient or script link") {
    const auto refused = [](auto change) {
        auto facts = letter(LetterKind::invitation, "en");
        change(facts);
        const auto mail = compose(facts, letter_templates(), letter_now());
        return mail.has_error();
    };
    CHECK(refused([](auto& f) { f.recipient_address = "a@b.example\r\nBcc: x@y.example"; }));
    CHECK(refused([](auto& f) { f.recipient_address = "a@b.example, x@y.example"; }));
    CHECK(refused([](auto& f) { f.recipient_address = "a@b.example>"; }));
    CHECK(refused([](auto& f) { f.recipient_address = "jörg@b.example"; }));
    CHECK(refused([](auto& f) { f.recipient_address = "a@münchen.example"; }));
    CHECK(refused([](auto& f) { f.recipient_address = ""; }));
    CHECK(refused([](auto& f) { f.from_address = "a@b\nX: y"; }));
    CHECK(refused([](auto& f) { f.reply_to = std::string("a\0@b.example", 12); }));
    CHECK(refused([](auto& f) { f.envelope_from = "a@b> SIZE=1"; }));
    CHECK(refused([](auto& f) { f.message_id = "x@y>\r\nX: z"; }));
    CHECK(refused([](auto& f) { f.message_id = ""; }));
    CHECK(refused([](auto& f) { f.in_reply_to = "x y@z"; }));
    CHECK(refused([](auto& f) { f.join_link = "javascript:alert(1)"; }));
    CHECK(refused([](auto& f) { f.join_link = "https://x.example/\r\nATTENDEE:mailto:x@y"; }));
    CHECK(refused([](auto& f) { f.list_unsubscribe_url = "https://x.example/>\r\nBcc: x"; }));
    CHECK_FALSE(refused([](auto&) {}));
}

TEST_CASE("the gate sees every fault") {
    CHECK(faults_of_mail("a\r\n").empty());
    CHECK_FALSE(faults_of_mail("a\n").empty());
    CHECK_FALSE(faults_of_mail("a\rb\r\n").empty());
    CHECK_FALSE(faults_of_mail("a").empty());
    CHECK_FALSE(faults_of_mail("\xc3\xa9\r\n").empty());
    CHECK_FALSE(faults_of_mail(std::string("a\0\r\n", 4)).empty());
    CHECK(faults_of_mail(std::string(998, 'a') + "\r\n").empty());
    CHECK_FALSE(faults_of_mail(std::string(999, 'a') + "\r\n").empty());
}
