#include "service/core/seal.hpp"

#include "service/core/crypto.hpp"

#include <openssl/err.h>
#include <openssl/evp.h>

#include <climits>
#include <memory>
#include <stdexcept>

namespace convoke::core {
namespace {

// mark, nonce, ciphertext, tag
constexpr std::size_t nonce_size = 12;
constexpr std::size_t tag_size = 16;
constexpr std::size_t overhead = 1 + nonce_size + tag_size;

using Cipher = std::unique_ptr<EVP_CIPHER_CTX, decltype(&EVP_CIPHER_CTX_free)>;

unsigned char const* bytes_of(std::string_view text) { return reinterpret_cast<unsigned char const*>(text.data()); }
unsigned char* bytes_of(std::string& text) { return reinterpret_cast<unsigned char*>(text.data()); }

void require(bool done) {
    if (done) return;
    ERR_clear_error();
    throw std::runtime_error("OpenSSL refuses AES-256-GCM");
}

// Begun with the purpose's key, the nonce and the purpose as associated data.
Cipher begin(std::string_view key, std::string_view purpose, std::string_view nonce, bool encrypt) {
    if (key.size() < 32) throw std::logic_error("a sealing key has 32 bytes at least");
    Cipher cipher(EVP_CIPHER_CTX_new(), &EVP_CIPHER_CTX_free);
    require(cipher != nullptr);
    // No derived link begins with this word and a line end, so the keys are not those of any token.
    std::string const own_key = hmac_sha256(key, "seal\n" + std::string(purpose));
    int length = 0;
    require(EVP_CipherInit_ex(cipher.get(), EVP_aes_256_gcm(), nullptr, bytes_of(own_key), bytes_of(nonce), encrypt) == 1);
    require(EVP_CipherUpdate(cipher.get(), nullptr, &length, bytes_of(purpose), static_cast<int>(purpose.size())) == 1);
    return cipher;
}

}  // namespace

std::string seal(std::string_view key, std::string_view purpose, std::string_view plain) {
    if (plain.size() > INT_MAX - overhead) throw std::length_error("too much to seal at once");
    std::string const nonce = random_bytes(nonce_size);
    auto const cipher = begin(key, purpose, nonce, true);
    std::string text(plain.size(), '\0');
    std::string tag(tag_size, '\0');
    int length = 0;
    require(EVP_CipherUpdate(cipher.get(), bytes_of(text), &length, bytes_of(plain), static_cast<int>(plain.size())) == 1);
    require(EVP_CipherFinal_ex(cipher.get(), bytes_of(tag), &length) == 1);
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_GET_TAG, tag_size, tag.data()) == 1);
    std::string sealed;
    sealed.reserve(plain.size() + overhead);
    sealed += sealed_mark;
    sealed += nonce;
    sealed += text;
    sealed += tag;
    return sealed;
}

std::optional<std::string> unseal(std::string_view key, std::string_view purpose, std::string_view sealed) {
    if (sealed.size() < overhead || sealed.size() > INT_MAX || sealed.front() != sealed_mark) return std::nullopt;
    auto const nonce = sealed.substr(1, nonce_size);
    auto const text = sealed.substr(1 + nonce_size, sealed.size() - overhead);
    std::string tag(sealed.substr(sealed.size() - tag_size));
    auto const cipher = begin(key, purpose, nonce, false);
    std::string plain(text.size(), '\0');
    int length = 0;
    require(EVP_CipherUpdate(cipher.get(), bytes_of(plain), &length, bytes_of(text), static_cast<int>(text.size())) == 1);
    require(EVP_CIPHER_CTX_ctrl(cipher.get(), EVP_CTRL_AEAD_SET_TAG, tag_size, tag.data()) == 1);
    std::string rest(tag_size, '\0');
    if (EVP_CipherFinal_ex(cipher.get(), bytes_of(rest), &length) != 1) {
        ERR_clear_error();
        return std::nullopt;
    }
    return plain;
}

}  // namespace convoke::core
