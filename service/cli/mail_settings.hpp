// How mail leaves and is fetched, from the settings.
#pragma once

#include "config/settings.hpp"
#include "notifications/imap_mailbox.hpp"
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

// Without `take`, `now` and `log`.
inline notifications::ImapMailboxOptions mailbox_options(config::Settings const& settings) {
    notifications::ImapMailboxOptions options;
    options.url = settings.mail.imap;
    bool const own = !settings.mail.imap_password_file.empty();
    options.password_file = own ? settings.mail.imap_password_file : settings.mail.password_file;
    options.password_setting = own ? "mail.imap_password_file" : "mail.password_file";
    options.ca_file = settings.mail.ca_file;
    return options;
}

}  // namespace convoke::cli
