// Unstructured texts and mailboxes as header values (RFC 5322 §2.2.3, 3.4; RFC 2047). Ours and not GMime's, because
// GMime passes on what already looks like an encoded word, so that a title could decode to something else.
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>

namespace convoke::notifications {

// The raw value, folded with LF and a space, the first line beginning at `column`. Control characters must be gone.
std::string header_text(std::string_view utf8, std::size_t column);
// "Name <address>"; the name as it is, quoted or encoded, as it needs.
std::string header_mailbox(std::string_view name, std::string_view address, std::size_t column);

}  // namespace convoke::notifications
