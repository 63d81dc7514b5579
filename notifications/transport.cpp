#include "notifications/transport.hpp"

#include "notifications/file_transport.hpp"
#include "notifications/smtp_transport.hpp"
#include "notifications/transport_url.hpp"

namespace convoke::notifications {

result<std::unique_ptr<Transport>> make_transport(TransportOptions options, boost::asio::any_io_executor executor) {
    CONVOKE_TRY(url, parse_transport_url(options.url));
    if (url.scheme == TransportUrl::Scheme::file) return FileTransport::make(url.directory);
    return SmtpTransport::make(std::move(options), std::move(url), executor);
}

}  // namespace convoke::notifications
