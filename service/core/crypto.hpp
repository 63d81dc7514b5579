// Randomness, hashes and the text forms of bytes. Bytes travel in std::string.
// Any thread; pure but for random_bytes. A refusal of OpenSSL (no entropy) throws std::runtime_error.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace convoke::core {

// `count` bytes fit for tokens and keys (RAND_bytes).
std::string random_bytes(std::size_t count);

// 32 raw bytes.
std::string sha256(std::string_view message);
// 32 raw bytes (RFC 2104).
std::string hmac_sha256(std::string_view key, std::string_view message);

// Takes the same time wherever the two differ; different lengths are unequal at once.
bool constant_time_equal(std::string_view a, std::string_view b);

// RFC 4648 §5 without padding. Decoding is strict: nullopt for padding, foreign characters, an impossible
// length or stray bits at the end, so that bytes have one text only.
std::string base64url_encode(std::string_view bytes);
std::optional<std::string> base64url_decode(std::string_view text);

// Crockford's alphabet in lower case (no i, l, o, u), without padding; fit for mail addresses, whose case
// gets lost. Decoding ignores case, reads i and l as 1, o as 0, and is otherwise strict.
std::string base32_encode(std::string_view bytes);
std::optional<std::string> base32_decode(std::string_view text);

// Lower-case digits; decoding ignores case.
std::string hex_encode(std::string_view bytes);
std::optional<std::string> hex_decode(std::string_view text);

}  // namespace convoke::core
