#include "notifications/client_tls.hpp"

namespace convoke::notifications {

namespace asio = boost::asio;

namespace {

constexpr char ciphers[] =
    "ECDHE-ECDSA-AES128-GCM-SHA256:ECDHE-RSA-AES128-GCM-SHA256:ECDHE-ECDSA-AES256-GCM-SHA384:"
    "ECDHE-RSA-AES256-GCM-SHA384:ECDHE-ECDSA-CHACHA20-POLY1305:ECDHE-RSA-CHACHA20-POLY1305";

}  // namespace

result<std::shared_ptr<asio::ssl::context>> make_client_tls(std::string const& ca_file, std::string_view setting, bool verify_certificates) {
    auto tls = std::make_shared<asio::ssl::context>(asio::ssl::context::tls_client);
    SSL_CTX_set_min_proto_version(tls->native_handle(), TLS1_2_VERSION);
    SSL_CTX_set_cipher_list(tls->native_handle(), ciphers);
    boost::system::error_code error;
    if (ca_file.empty())
        tls->set_default_verify_paths(error);
    else
        tls->load_verify_file(ca_file, error);
    if (error) return Failure(errc::invalid_value, std::string(setting) + " " + ca_file + " cannot be used: " + error.message());
    tls->set_verify_mode(verify_certificates ? asio::ssl::verify_peer : asio::ssl::verify_none, error);
    return tls;
}

}  // namespace convoke::notifications
