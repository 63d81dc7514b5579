// The TLS that this service speaks as a client, to mail servers and webhooks alike: 1.2 and 1.3 with forward secrecy,
// certificates verified (RFC 9325 §4.2). Whom it expects to meet is server_identity.hpp's. Any thread.
#pragma once

#include "calendar/failure.hpp"

#include <boost/asio/ssl/context.hpp>

#include <memory>
#include <string>
#include <string_view>

namespace convoke::notifications {

// `ca_file`: PEM, instead of the system's authorities; "" for those. `setting` names it in the error, errc::invalid_value.
result<std::shared_ptr<boost::asio::ssl::context>> make_client_tls(std::string const& ca_file, std::string_view setting,
                                                                   bool verify_certificates = true);

}  // namespace convoke::notifications
