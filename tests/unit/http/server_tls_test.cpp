#include "tests/unit/http/test_server.hpp"

#include <catch2/catch.hpp>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstdio>
#include <filesystem>
#include <fstream>

#include <unistd.h>

using namespace convoke::http;
using namespace convoke::http::test;
using namespace std::chrono_literals;

namespace {

// A directory of its own, gone at the end.
class Certificates {
public:
    Certificates() {
        char name[] = "/tmp/convoke-http-test-XXXXXX";
        directory_ = ::mkdtemp(name);
        renew();
    }
    ~Certificates() { std::filesystem::remove_all(directory_); }

    std::string certificate() const { return directory_ / "cert.pem"; }
    std::string key() const { return directory_ / "key.pem"; }

    // A new key and a self-signed certificate for it, valid for ten days.
    void renew() {
        EVP_PKEY* const pair = EVP_EC_gen("P-256");
        X509* const made = X509_new();
        ASN1_INTEGER_set(X509_get_serialNumber(made), ++serial_);
        X509_gmtime_adj(X509_getm_notBefore(made), 0);
        X509_gmtime_adj(X509_getm_notAfter(made), 10 * 24 * 3600);
        X509_set_pubkey(made, pair);
        auto* const name = X509_get_subject_name(made);
        X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, reinterpret_cast<unsigned char const*>("convoke.test"), -1, -1, 0);
        X509_set_issuer_name(made, name);
        X509_sign(made, pair, EVP_sha256());
        auto* const certificate_file = std::fopen(certificate().c_str(), "w");
        PEM_write_X509(certificate_file, made);
        std::fclose(certificate_file);
        auto* const key_file = std::fopen(key().c_str(), "w");
        PEM_write_PrivateKey(key_file, pair, nullptr, nullptr, 0, nullptr, nullptr);
        std::fclose(key_file);
        X509_free(made);
        EVP_PKEY_free(pair);
    }

    ServerOptions options() const {
        ServerOptions options;
        options.tls_certificate = certificate();
        options.tls_key = key();
        return options;
    }

private:
    std::filesystem::path directory_;
    long serial_ = 0;
};

}  // namespace

TEST_CASE("HTTPS serves what HTTP serves, and says so", "[http][tls]") {
    Certificates files;
    TestServer server(files.options());
    RawClient client(server.port(), TlsWanted{});
    CHECK(client.tls_version() == "TLSv1.3");
    auto const reply = client.ask("GET", "/who");
    CHECK(reply.body == "127.0.0.1 secure");
    CHECK(reply.headers.at("strict-transport-security") == "max-age=63072000");
    CHECK(client.ask("POST", "/echo", "", std::string(60000, 'x')).body == std::string(60000, 'x'));
    CHECK(client.ask("GET", "/large").body.size() == 16 * 1024 * 1024);
    CHECK(client.ask("GET", "/", "Connection: close\r\n").status == 200);
    CHECK(client.ends());
}

TEST_CASE("only TLS 1.2 and 1.3 with modern suites are spoken", "[http][tls]") {
    Certificates files;
    TestServer server(files.options());
    auto const works = [&](int version, char const* suites) {
        try {
            RawClient client(server.port(), TlsWanted{version, version, suites});
            return client.ask("GET", "/").status == 200;
        } catch (std::runtime_error const&) {
            return false;
        }
    };
    CHECK(works(TLS1_3_VERSION, ""));
    CHECK(works(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-GCM-SHA256"));
    CHECK_FALSE(works(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA"));     // CBC
    CHECK_FALSE(works(TLS1_2_VERSION, "ECDHE-ECDSA-AES128-SHA256"));  // CBC
    CHECK_FALSE(works(TLS1_1_VERSION, "ALL:@SECLEVEL=0"));
    CHECK_FALSE(works(TLS1_VERSION, "ALL:@SECLEVEL=0"));
}

TEST_CASE("a new certificate is for new connections; old ones live on", "[http][tls]") {
    Certificates files;
    TestServer server(files.options());
    RawClient old(server.port(), TlsWanted{});
    REQUIRE(old.ask("GET", "/").status == 200);
    files.renew();
    server.server().reload_certificates();
    RawClient fresh(server.port(), TlsWanted{});
    CHECK(fresh.ask("GET", "/").status == 200);
    CHECK(old.ask("GET", "/").status == 200);
    CHECK(fresh.certificate() != old.certificate());
}

TEST_CASE("unusable certificates are refused by name and the old ones stay", "[http][tls]") {
    Certificates files;
    TestServer server(files.options());
    RawClient before(server.port(), TlsWanted{});
    std::ofstream(files.certificate()) << "no certificate";
    CHECK_THROWS_WITH(server.server().reload_certificates(), Catch::Contains("http.tls_certificate"));
    RawClient after(server.port(), TlsWanted{});
    CHECK(after.ask("GET", "/").status == 200);
    CHECK(after.certificate() == before.certificate());

    Certificates other;
    auto mixed = files.options();
    mixed.tls_certificate = other.certificate();
    CHECK_THROWS_WITH(TestServer(mixed), Catch::Contains("http.tls_key"));
    mixed.tls_key = "";
    CHECK_THROWS_WITH(TestServer(mixed), Catch::Contains("go together"));
}

TEST_CASE("the end of the certificate is known", "[http][tls]") {
    Certificates files;
    TestServer server(files.options());
    auto const left = *server.server().certificate_expires() - std::chrono::system_clock::now();
    CHECK(left > 9 * 24h);
    CHECK(left < 11 * 24h);
    CHECK_FALSE(TestServer().server().certificate_expires().has_value());
}

TEST_CASE("a handshake that does not happen is given up", "[http][tls]") {
    Certificates files;
    auto options = files.options();
    options.limits.handshake = 200ms;
    TestServer server(options);
    RawClient silent(server.port());
    silent.send(std::string("\x16\x03\x01", 3));  // the beginning of a ClientHello
    CHECK(silent.ends());
    RawClient plain(server.port());
    plain.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    CHECK(plain.ends());
    CHECK(eventually([&] { return server.server().connections() == 0; }));
    RawClient client(server.port(), TlsWanted{});
    CHECK(client.ask("GET", "/").status == 200);
}

TEST_CASE("draining works over TLS", "[http][tls]") {
    Certificates files;
    TestServer server(files.options());
    RawClient busy(server.port(), TlsWanted{});
    RawClient idle(server.port(), TlsWanted{});
    RawClient before_handshake(server.port());
    REQUIRE(idle.ask("GET", "/").status == 200);
    busy.send("GET /wait HTTP/1.1\r\nHost: x\r\n\r\n");
    REQUIRE(eventually([&] { return server.waiting == 1; }));
    server.begin_drain(20s);
    CHECK(idle.ends());
    CHECK(before_handshake.ends());
    server.release = true;
    CHECK(busy.reply().body == "released");
    CHECK(busy.ends());
    CHECK(eventually([&] { return server.drained(); }));
}
