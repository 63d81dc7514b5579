// Secrets at rest: bytes that the database keeps but a copy of its tables must not show, because they hold personal
// links or keys (frozen mails, stored replies, webhook secrets). AES-256-GCM (NIST SP 800-38D).
// Any thread; pure but for the nonce. A refusal of OpenSSL throws std::runtime_error.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace convoke::core {

// The first byte of all that is sealed; no text begins with it.
inline constexpr char sealed_mark = 1;

// `key` is the instance's secret; every purpose gets a key of its own from it (HMAC-SHA256), so that what was sealed
// for one purpose does not open for another. The same text gives other bytes each time. Raw bytes, 29 more than
// `plain`: put them in a BLOB, or through base64url_encode into text. Names of purposes are short and fixed ("mail",
// "reply", "webhook"); at most 2^32 seals a purpose (random nonces of 96 bits).
std::string seal(std::string_view key, std::string_view purpose, std::string_view plain);

// nullopt for what was not sealed with this key and purpose, or has been changed since.
std::optional<std::string> unseal(std::string_view key, std::string_view purpose, std::string_view sealed);

}  // namespace convoke::core
