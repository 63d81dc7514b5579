#include "service/core/crypto.hpp"

#include "service/core/base32.hpp"

#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/rand.h>

#include <stdexcept>

namespace convoke::core {
namespace {

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

constexpr std::string_view base64url_alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
constexpr std::string_view hex_digits = "0123456789abcdef";

std::string encode(std::string_view bytes, unsigned bits, std::string_view alphabet) {
    std::string out;
    out.reserve((bytes.size() * 8 + bits - 1) / bits);
    unsigned buffer = 0;
    unsigned held = 0;
    for (unsigned char c : bytes) {
        buffer = (buffer << 8) | c;
        held += 8;
        while (held >= bits) {
            held -= bits;
            out += alphabet[(buffer >> held) & ((1u << bits) - 1)];
        }
    }
    if (held > 0) out += alphabet[(buffer << (bits - held)) & ((1u << bits) - 1)];
    return out;
}

template <class Value>
std::optional<std::string> decode(std::string_view text, unsigned bits, Value value) {
    std::string out;
    out.reserve(text.size() * bits / 8);
    unsigned buffer = 0;
    unsigned held = 0;
    for (char c : text) {
        int const digit = value(c);
        if (digit < 0) return std::nullopt;
        buffer = (buffer << bits) | static_cast<unsigned>(digit);
        held += bits;
        if (held >= 8) {
            held -= 8;
            out += static_cast<char>((buffer >> held) & 0xff);
        }
    }
    if (held >= bits || (buffer & ((1u << held) - 1)) != 0) return std::nullopt;
    return out;
}

int base64url_value(char c) {
    auto const at = base64url_alphabet.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

int hex_value(char c) {
    if (c >= '0' && c <= '9') return c - '0';
    if (c >= 'a' && c <= 'f') return c - 'a' + 10;
    if (c >= 'A' && c <= 'F') return c - 'A' + 10;
    return -1;
}

}  // namespace

std::string random_bytes(std::size_t count) {
    std::string out(count, '\0');
    if (RAND_bytes(bytes_of(out), static_cast<int>(count)) != 1) throw std::runtime_error("OpenSSL has no random bytes");
    return out;
}

std::string sha256(std::string_view message) {
    std::string out(32, '\0');
    if (EVP_Digest(message.data(), message.size(), bytes_of(out), nullptr, EVP_sha256(), nullptr) != 1)
        throw std::runtime_error("OpenSSL refuses SHA-256");
    return out;
}

std::string hmac_sha256(std::string_view key, std::string_view message) {
    std::string out(32, '\0');
    if (HMAC(EVP_sha256(), key.data(), static_cast<int>(key.size()), bytes_of(message), message.size(), bytes_of(out), nullptr) == nullptr)
        throw std::runtime_error("OpenSSL refuses HMAC-SHA-256");
    return out;
}

bool constant_time_equal(std::string_view a, std::string_view b) {
    return a.size() == b.size() && CRYPTO_memcmp(a.data(), b.data(), a.size()) == 0;
}

std::string base64url_encode(std::string_view bytes) { return encode(bytes, 6, base64url_alphabet); }
std::optional<std::string> base64url_decode(std::string_view text) { return decode(text, 6, base64url_value); }

std::string base32_encode(std::string_view bytes) { return encode(bytes, 5, base32_alphabet); }
std::optional<std::string> base32_decode(std::string_view text) { return decode(text, 5, base32_value); }

std::string hex_encode(std::string_view bytes) { return encode(bytes, 4, hex_digits); }
std::optional<std::string> hex_decode(std::string_view text) { return decode(text, 4, hex_value); }

}  // namespace convoke::core
