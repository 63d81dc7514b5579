#include "notifications/server_identity.hpp"

#include <boost/asio/ip/address.hpp>

#include <openssl/x509v3.h>

namespace convoke::notifications {
namespace {

bool is_address(std::string const& host) {
    boost::system::error_code error;
    boost::asio::ip::make_address(host, error);
    return !error;
}

}  // namespace

void expect_host(SSL* ssl, std::string const& host) {
    X509_VERIFY_PARAM* parameters = SSL_get0_param(ssl);
    if (is_address(host)) {
        X509_VERIFY_PARAM_set1_ip_asc(parameters, host.c_str());
        return;
    }
    X509_VERIFY_PARAM_set_hostflags(parameters, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
    X509_VERIFY_PARAM_set1_host(parameters, host.c_str(), host.size());
    SSL_set_tlsext_host_name(ssl, host.c_str());
}

}  // namespace convoke::notifications
