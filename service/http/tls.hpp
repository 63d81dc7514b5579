// The server's TLS: versions, suites, curves, certificates. For service/http only.
#pragma once

#include <boost/asio/ssl/context.hpp>

#include <chrono>
#include <memory>
#include <string>

namespace convoke::http {

// TLS 1.2 and 1.3 with forward secrecy and AEAD suites (Mozilla's intermediate 5.7 without DHE), curves X25519, P-256 and
// P-384, no renegotiation, no compression. Throws std::runtime_error naming the file at fault.
std::shared_ptr<boost::asio::ssl::context> make_tls_context(std::string const& certificate, std::string const& key);

// notAfter of the certificate it serves.
std::chrono::system_clock::time_point certificate_end(boost::asio::ssl::context& context);

}  // namespace convoke::http
