// To whom a mail says it was sent: for mails that come without an envelope, out of a mailbox. Any thread; pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace convoke::notifications {

// The plain addresses of Delivered-To, X-Original-To and Envelope-To (what the mail server noted), then of To and Cc, each
// once. `bytes` as in read_mail; of a mail without such fields nothing.
std::vector<std::string> addressees(std::string_view bytes);

}  // namespace convoke::notifications
