// Whom a TLS client expects to meet, for mail servers and webhooks alike. Any thread, before the handshake.
#pragma once

#include <openssl/ssl.h>

#include <string>

namespace convoke::notifications {

// The certificate must be for this host (RFC 9525): a name for a name, which SNI then tells, an iPAddress for an address.
void expect_host(SSL* ssl, std::string const& host);

}  // namespace convoke::notifications
