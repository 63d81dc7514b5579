// The transport of deliveries: each is one signed POST over HTTPS. The dispatcher uses it as it uses the mail server.
//
//     Convoke-Signature: t=UNIX,v1=HEX     HEX is HMAC-SHA256(secret, "UNIX.BODY"), made anew at each try
//     Convoke-Event: registration.confirmed
//     Convoke-Delivery: 0d8…               the same at each try: who has seen it ignores the second
//
// 2xx is taken; 410 Gone ends the receiver; everything else is tried again. See transport.hpp for threads.
#pragma once

#include "notifications/https_exchange.hpp"
#include "notifications/transport.hpp"

#include <functional>
#include <map>

namespace convoke::notifications {

// What a delivery needs besides its bytes.
struct WebhookCall {
    std::string host, port, target;
    std::string secret;  // never to a log
    std::string event;
};

struct WebhookTransportOptions {
    std::string ca_file;              // "" = the system's
    AddressRule allowed;
    HttpsTimes times;
    std::size_t connections = 16;
    std::string user_agent = "Convoke";
    std::function<std::int64_t()> unix_now;
    // By Envelope::message_id; nullopt for what cannot be called any more.
    std::function<std::optional<WebhookCall>(std::string const& delivery)> call;
};

// "t=UNIX,v1=HEX".
std::string webhook_signature(std::string_view secret, std::int64_t unix_now, std::string_view body);

// errc::invalid_value for a ca_file that cannot be used.
result<std::unique_ptr<Transport>> make_webhook_transport(WebhookTransportOptions options, boost::asio::any_io_executor executor);

}  // namespace convoke::notifications
