#include "service/http/tls.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include <cstring>
#include <ctime>
#include <stdexcept>
#include <string_view>

namespace convoke::http {
namespace {

namespace ssl = boost::asio::ssl;

constexpr auto suites_of_tls12 =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";
constexpr auto curves = "X25519:P-256:P-384";

[[noreturn]] void refuse(std::string const& what, std::string const& reason) {
    ERR_clear_error();
    throw std::runtime_error(what + ": " + reason);
}

void require(bool done, char const* what) {
    if (!done) refuse(std::string("TLS setting ") + what, "not supported by this OpenSSL");
}

// We speak HTTP/1.1; a client that offers only other protocols gets none selected and may still try.
int select_protocol(SSL*, unsigned char const** out, unsigned char* out_length, unsigned char const* in,
                    unsigned in_length, void*) {
    constexpr std::string_view wanted = "http/1.1";
    for (unsigned at = 0; at < in_length; at += 1u + in[at]) {
        if (std::string_view(reinterpret_cast<char const*>(in + at + 1), in[at]) != wanted) continue;
        *out = in + at + 1;
        *out_length = in[at];
        return SSL_TLSEXT_ERR_OK;
    }
    return SSL_TLSEXT_ERR_NOACK;
}

}  // namespace

std::shared_ptr<ssl::context> make_tls_context(std::string const& certificate, std::string const& key) {
    auto context = std::make_shared<ssl::context>(ssl::context::tls_server);
    auto* native = context->native_handle();
    SSL_CTX_set_options(native, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
    SSL_CTX_set_mode(native, SSL_MODE_RELEASE_BUFFERS);
    require(SSL_CTX_set_min_proto_version(native, TLS1_2_VERSION) == 1, "minimum version");
    require(SSL_CTX_set_cipher_list(native, suites_of_tls12) == 1, "suites");
    require(SSL_CTX_set1_groups_list(native, curves) == 1, "curves");
    SSL_CTX_set_alpn_select_cb(native, select_protocol, nullptr);

    boost::system::error_code error;
    context->use_certificate_chain_file(certificate, error);
    if (error) refuse("http.tls_certificate: " + certificate, error.message());
    context->use_private_key_file(key, ssl::context::pem, error);
    if (error) refuse("http.tls_key: " + key, error.message());
    if (SSL_CTX_check_private_key(native) != 1) refuse("http.tls_key: " + key, "does not belong to the certificate");
    return context;
}

std::chrono::system_clock::time_point certificate_end(ssl::context& context) {
    std::tm end{};
    ASN1_TIME_to_tm(X509_get0_notAfter(SSL_CTX_get0_certificate(context.native_handle())), &end);
    return std::chrono::system_clock::from_time_t(timegm(&end));
}

}  // namespace convoke::http
