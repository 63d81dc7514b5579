#include "notifications/https_exchange.hpp"
#include "notifications/webhook_transport.hpp"

#include <catch2/catch.hpp>

using namespace convoke::notifications;

TEST_CASE("an answer's head is read as far as it is needed", "[https]") {
    CHECK_FALSE(read_head("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n"));
    auto const head = read_head("HTTP/1.1 200 OK\r\nX: y\r\ncontent-length:  2\r\n\r\nhi");
    REQUIRE(head);
    CHECK(head->status == 200);
    CHECK(head->size == 45);
    CHECK(head->body_size == 2u);
    CHECK(read_head("HTTP/1.0 500\r\n\r\n")->status == 500);
    CHECK_FALSE(read_head("HTTP/1.1 200 OK\r\n\r\n")->body_size);
    CHECK(read_head("HTTP/1.1 204 No Content\r\n\r\n")->body_size == 0u);
    for (std::string_view const bad : {"HTTP/2 200 OK\r\n\r\n", "ICY 200 OK\r\n\r\n", "HTTP/1.1 2x0 OK\r\n\r\n", "HTTP/1.1 20\r\n\r\n", "HTTP/1.1 2000 OK\r\n\r\n",
                                       "\r\n\r\n", "220 smtp.example ESMTP\r\n\r\n", "HTTP/1.1 099 No\r\n\r\n"})
        CHECK(read_head(bad)->status == 0);
}

TEST_CASE("a delivery's signature is one that others can make", "[https]") {
    // printf '1700000000.{"id":"1"}' | openssl dgst -sha256 -hmac whsec_test
    CHECK(webhook_signature("whsec_test", 1'700'000'000, R"({"id":"1"})") == "t=1700000000,v1=11bf4466ea17c3df3fd743af0b435368e16b7a05eb8eced85e8c4670767bdec5");
}
