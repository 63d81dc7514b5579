#include "service/domain/email_address.hpp"

#include <catch2/catch.hpp>

using namespace convoke;
using namespace convoke::domain;

namespace {
std::string normal(std::string_view text) {
    auto const address = parse_email_address(text);
    return address ? address->text() : std::string(slug(address.error().code));
}
}  // namespace

TEST_CASE("an address is kept with its domain in lower case and A-labels") {
    CHECK(normal("Anna.Kovacs@Example.ORG") == "Anna.Kovacs@example.org");
    CHECK(normal("  a+tag@b-c.example  ") == "a+tag@b-c.example");
    CHECK(normal("o'brien@example.ie") == "o'brien@example.ie");
    CHECK(normal("info@münchen.example") == "info@xn--mnchen-3ya.example");
    CHECK(normal("info@MÜNCHEN.example") == "info@xn--mnchen-3ya.example");
    CHECK(normal("a@ελλάδα.example") == "a@xn--hxakic4aa.example");
    CHECK(normal("a@xn--mnchen-3ya.example") == "a@xn--mnchen-3ya.example");
    CHECK(parse_email_address("Anna@Example.org")->key() == "anna@example.org");
    CHECK(*normalise_email_address("A@B.example") == "A@b.example");
}

TEST_CASE("what is no address is refused with a reason") {
    CHECK(normal("") == "required");
    CHECK(normal("   ") == "required");
    CHECK(normal("anna") == "email_invalid");
    CHECK(normal("@example.org") == "email_invalid");
    CHECK(normal("anna@") == "email_invalid");
    CHECK(normal("a@b@example.org") == "email_invalid");
    CHECK(normal("Anna <anna@example.org>") == "email_invalid");
    CHECK(normal("anna@example") == "email_invalid");
    CHECK(normal("anna@[192.0.2.1]") == "email_invalid");
    CHECK(normal("anna@192.0.2.1") == "email_invalid");
    CHECK(normal("anna@exa mple.org") == "email_invalid");
    CHECK(normal("an na@example.org") == "email_invalid");
    CHECK(normal("anna,@example.org") == "email_invalid");
    CHECK(normal(".anna@example.org") == "email_invalid");
    CHECK(normal("anna..k@example.org") == "email_invalid");
    CHECK(normal("\"anna k\"@example.org") == "email_invalid");
    CHECK(normal("anna@-example.org") == "email_invalid");
    CHECK(normal("anna@example..org") == "email_invalid");
    CHECK(normal("anna@example.org.") == "email_invalid");
    CHECK(normal("anna@xn--zzzzzzzzz99.example") == "email_invalid");
    CHECK(normal("anna@exam\xff.org") == "email_invalid");
    CHECK(normal("änna@example.org") == "smtputf8_not_supported");
}

TEST_CASE("line ends and control characters never pass, not even at the ends") {
    for (char const* text : {"a@example.org\r\nBcc: x@example.org", "a@example.org\n", "\ta@example.org", "a\x01@example.org", "a@exam\x7fple.org"})
        CHECK(normal(text) == "email_invalid");
    CHECK(normal(std::string_view("a@example.org\0", 14)) == "email_invalid");
}

TEST_CASE("64 octets before the @, 254 in all") {
    std::string const local(64, 'a');
    CHECK(normal(local + "@example.org") == local + "@example.org");
    CHECK(normal("a" + local + "@example.org") == "email_invalid");
    std::string const label(60, 'b');
    std::string const domain = label + "." + label + "." + label + ".ee";  // 185
    CHECK(normal(std::string(64, 'a') + "@" + domain).size() == 250);
    CHECK(normal(std::string(64, 'a') + "@" + domain + ".example") == "email_invalid");
    CHECK(normal("a@" + std::string(64, 'b') + ".org") == "email_invalid");
    CHECK(normal(std::string(5000, 'a')) == "email_invalid");
}
