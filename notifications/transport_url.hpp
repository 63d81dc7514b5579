// The [mail] settings transport and imap taken apart. Pure; any thread.
#pragma once

#include "calendar/failure.hpp"

#include <string>
#include <string_view>

namespace convoke::notifications {

struct TransportUrl {
    enum class Scheme { file, smtp, smtps } scheme = Scheme::file;
    std::string directory;         // file
    std::string user, host, port;  // smtp, smtps; user "" = no AUTH; an IPv6 address without brackets
};

// "file:DIR", "smtp://[user@]host[:587]", "smtps://[user@]host[:465]"; the user may be percent-encoded.
// errc::invalid_value says what would be right.
result<TransportUrl> parse_transport_url(std::string_view text);

struct ImapUrl {
    std::string user, host, port, mailbox;
};

// "imaps://user@host[:993]/MAILBOX" (RFC 5092, its plain form); user and mailbox may be percent-encoded: a user that is an
// address is written "rsvp%40events.example" or as it is. errc::invalid_value says what would be right.
result<ImapUrl> parse_imap_url(std::string_view text);

}  // namespace convoke::notifications
