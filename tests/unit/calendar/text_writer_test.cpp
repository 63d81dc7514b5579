#include "calendar/text_writer.hpp"

#include "calendar/content_tree.hpp"
#include "calendar/address.hpp"
#include "support.hpp"

#include <rapidcheck.h>

using namespace convoke;
using namespace convoke::calendar;

namespace {

std::string escaped(std::string_view text) {
    std::string out;
    append_escaped(out, text);
    return out;
}

// Characters that break writers: borders of UTF-8 lengths, marks of the format.
std::string a_text() {
    static std::vector<std::string> const pieces = {"a", "B", " ", "é", "Ω", "€", "𝄞", "\\", ";", ",", ":", "\"", "^", "\n", "=", "n", "ü"};
    auto const chosen = *rc::gen::container<std::vector<std::string>>(rc::gen::elementOf(pieces));
    std::string out;
    for (auto const& piece : chosen) out += piece;
    return out;
}

std::string with_long_text() {
    std::string out;
    for (int i = 0; i < *rc::gen::inRange(1, 12); ++i) out += a_text();
    return out;
}

ContentNode read_back(std::string const& lines) {
    auto tree = read_tree("BEGIN:VCALENDAR\r\n" + lines + "END:VCALENDAR\r\n", {});
    RC_ASSERT(tree.has_value());
    return tree->children.at(0);
}

}  // namespace

TEST_CASE("TEXT is escaped") {
    CHECK(escaped("a;b,c\\d\ne\r\nf\rg") == "a\\;b\\,c\\\\d\\ne\\nf\\ng");
    CHECK(escaped("tab\tbell\x07null\x01") == "tab\tbell null ");
    CHECK(escaped("del\x7f c1\xC2\x85") == "del  c1 ");
    CHECK(escaped("broken \xC3 and \xED\xA0\x80") == "broken \xEF\xBF\xBD and \xEF\xBF\xBD\xEF\xBF\xBD\xEF\xBF\xBD");
    CHECK(escaped(std::string_view("nul\0x", 5)) == "nul x");
}

TEST_CASE("parameters are encoded by RFC 6868") {
    std::string out;
    append_quoted(out, "A \"B\" ^C\nD;E:F,G");
    CHECK(out == "\"A ^'B^' ^^C^nD;E:F,G\"");
}

TEST_CASE("long lines are folded at 75 octets, never inside a character") {
    for (std::size_t shift = 0; shift < 8; ++shift) {
        std::string value(60 + shift, 'x');
        for (int i = 0; i < 40; ++i) value += "€";
        std::string const text = TextWriter().text("SUMMARY", value).take();
        std::size_t from = 0, lines = 0;
        while (from < text.size()) {
            std::size_t const end = text.find("\r\n", from);
            REQUIRE(end != std::string::npos);
            CHECK(end - from <= 75);
            CHECK(valid_utf8(std::string_view(text).substr(from, end - from)));
            from = end + 2;
            ++lines;
        }
        CHECK(lines > 2);
    }
    CHECK(TextWriter().line("X", std::string(73, 'a')).take() == "X:" + std::string(73, 'a') + "\r\n");
    CHECK(TextWriter().line("X", std::string(74, 'a')).take() == "X:" + std::string(73, 'a') + "\r\n a\r\n");
}

TEST_CASE("what is written is read back as it was") {
    CHECK(rc::check("TEXT", [] {
        auto const text = with_long_text();
        auto const node = read_back(TextWriter().text("DESCRIPTION", text).take());
        RC_ASSERT(node.lines.size() == 1u);
        RC_ASSERT(node.lines[0].text() == text);
    }));
    CHECK(rc::check("parameters", [] {
        auto const text = with_long_text();
        std::string name = "ATTENDEE;CN=";
        append_quoted(name, text);
        auto const node = read_back(TextWriter().line(name, "mailto:a@b.example").take());
        RC_ASSERT(node.lines.size() == 1u);
        RC_ASSERT(node.lines[0].parameter("CN") == text);
        RC_ASSERT(node.lines[0].value == "mailto:a@b.example");
    }));
}

TEST_CASE("a URI with a line end is refused") {
    std::string const attack = "https://x.example/\r\nATTENDEE:mailto:evil@x.example";
    CHECK_THROWS_AS(TextWriter().uri("URL", attack), std::invalid_argument);
    // The control: written without the check, the line end does begin another property.
    auto const injected = TextWriter().line("URL", attack).take();
    auto const tree = read_tree("BEGIN:VCALENDAR\r\n" + injected + "END:VCALENDAR\r\n", {});
    REQUIRE(tree);
    CHECK(tree->children[0].lines.size() == 2);
    CHECK(tree->children[0].lines[1].name == "ATTENDEE");
}

TEST_CASE("URIs hold URI characters and schemes that run nothing") {
    CHECK(checked_uri("https://x.example/ä b?q=\"1\"#f") == "https://x.example/%C3%A4%20b?q=%221%22#f");
    CHECK(checked_uri("https://x.example/a%20b,c;d") == "https://x.example/a%20b,c;d");
    for (std::string_view bad : {"", "x.example", "javascript:alert(1)", "JavaScript:alert(1)", "data:text/html,x", "://x",
                                 "https://x\ty", "https://x\x7fy", "ht tp://x", "file:///etc/passwd"}) {
        INFO(bad);
        CHECK_THROWS_AS(checked_uri(bad), std::invalid_argument);
    }
}

TEST_CASE("addresses are written as mailto and compared as mailboxes") {
    CHECK(mailto("rsvp+7f3a@events.example") == "mailto:rsvp+7f3a@events.example");
    CHECK(mailto("jürgen@bücher.example") == "mailto:j%C3%BCrgen@xn--bcher-kva.example");
    CHECK(mailto("a/b?c@x.example") == "mailto:a%2Fb%3Fc@x.example");
    for (std::string_view bad : {"", "a", "a@", "@x", "a@x\r\nX:y", "a b@x.example", "a@x.example\nEND:VEVENT", "a@x y", "a@x;y"}) {
        INFO(bad);
        CHECK_THROWS_AS(mailto(bad), std::invalid_argument);
    }
    CHECK(same_address("MAILTO:Aoife@Org.Example", "aoife@org.example"));
    CHECK(same_address("mailto:j%C3%BCrgen@xn--bcher-kva.example", "jürgen@bücher.example"));
    CHECK(same_address(" <mailto:a@b.example> ", "a@b.example"));
    CHECK(!same_address("a@b.example", "a@c.example"));
    CHECK(normal_address("mailto:a%0D%0AX@b.example").empty());
}
