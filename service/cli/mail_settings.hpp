// How mail leaves, from the settings.
#pragma once

#include "config/settings.hpp"
#include "notifications/transport.hpp"

namespace convoke::cli {

inline notifications::TransportOptions transport_options(config::Settings const& settings) {
    notifications::TransportOptions options;
    options.url = settings.mail.transport;
    options.password_file = settings.mail.password_file;
    options.ca_file = settings.mail.ca_file;
    options.connections = static_cast<std::size_t>(settings.mail.connections);
    return options;
}

}  // namespace convoke::cli
