#include "service/core/seal.hpp"

#include "service/core/crypto.hpp"

#include <catch2/catch.hpp>

using namespace convoke::core;

TEST_CASE("what is sealed opens with its key and purpose alone", "[core]") {
    std::string const key = random_bytes(32);
    std::string const plain("a\0link https://events.example/me/xyz\xff", 37);
    std::string const sealed = seal(key, "mail", plain);
    CHECK(unseal(key, "mail", sealed) == plain);
    CHECK_FALSE(unseal(key, "reply", sealed).has_value());
    CHECK_FALSE(unseal(random_bytes(32), "mail", sealed).has_value());
    CHECK(unseal(key, "mail", seal(key, "mail", "")) == "");
    CHECK_THROWS_AS(seal("short", "mail", plain), std::logic_error);
}

TEST_CASE("sealed bytes show nothing of the text and never repeat", "[core]") {
    std::string const key(32, 'k');
    std::string const plain(200, 'x');
    std::string const sealed = seal(key, "mail", plain);
    CHECK(sealed.size() == plain.size() + 29);
    CHECK(sealed.find("xx") == std::string::npos);
    CHECK(seal(key, "mail", plain) != sealed);
    CHECK(seal(key, "mail", plain).substr(13) != sealed.substr(13));
}

TEST_CASE("a changed, cut or foreign text does not open", "[core]") {
    std::string const key(32, 'k');
    std::string const sealed = seal(key, "mail", "some text");
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        std::string changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        CHECK_FALSE(unseal(key, "mail", changed).has_value());
        CHECK_FALSE(unseal(key, "mail", std::string_view(sealed).substr(0, at)).has_value());
    }
    CHECK_FALSE(unseal(key, "mail", sealed + "x").has_value());
    CHECK_FALSE(unseal(key, "mail", "From: somebody@example.org\r\n\r\nin the clear").has_value());
}
