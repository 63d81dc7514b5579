#include "certificates.hpp"

#include <openssl/bio.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <memory>
#include <stdexcept>

namespace convoke::test {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;
using Bio = std::unique_ptr<BIO, decltype(&BIO_free)>;

void need(bool done) {
    if (!done) throw std::runtime_error("OpenSSL could not make a test certificate");
}

Key new_key() {
    Key key(EVP_EC_gen("P-256"), EVP_PKEY_free);
    need(key != nullptr);
    return key;
}

template <class Write>
std::string pem(Write write) {
    const Bio bio(BIO_new(BIO_s_mem()), BIO_free);
    need(write(bio.get()) == 1);
    char* data = nullptr;
    const long size = BIO_get_mem_data(bio.get(), &data);
    return {data, static_cast<std::size_t>(size)};
}

void extend(X509* certificate, X509* issuer, int kind, std::string const& value) {
    X509V3_CTX context;
    X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
    X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, kind, value.c_str());
    need(extension != nullptr);
    X509_add_ext(certificate, extension, -1);
    X509_EXTENSION_free(extension);
}

Certificate blank(EVP_PKEY* key, char const* common_name, long from, long until) {
    static long serial = 1;
    Certificate made(X509_new(), X509_free);
    X509_set_version(made.get(), 2);
    ASN1_INTEGER_set(X509_get_serialNumber(made.get()), ++serial);
    X509_gmtime_adj(X509_getm_notBefore(made.get()), from);
    X509_gmtime_adj(X509_getm_notAfter(made.get()), until);
    X509_set_pubkey(made.get(), key);
    X509_NAME_add_entry_by_txt(X509_get_subject_name(made.get()), "CN", MBSTRING_ASC,
                               reinterpret_cast<unsigned char const*>(common_name), -1, -1, 0);
    return made;
}

}  // namespace

struct Authority::State {
    Key key = new_key();
    Certificate certificate = blank(key.get(), "Test authority", -7200, 7200);
};

Authority::Authority() : state_(new State) {
    X509* own = state_->certificate.get();
    X509_set_issuer_name(own, X509_get_subject_name(own));
    extend(own, own, NID_basic_constraints, "critical,CA:TRUE");
    extend(own, own, NID_key_usage, "critical,keyCertSign,cRLSign");
    extend(own, own, NID_subject_key_identifier, "hash");
    need(X509_sign(own, state_->key.get(), EVP_sha256()) > 0);
}

Authority::~Authority() { delete state_; }

std::string Authority::certificate() const {
    return pem([&](BIO* bio) { return PEM_write_bio_X509(bio, state_->certificate.get()); });
}

KeyAndCertificate Authority::issue(CertificateWish const& wish) const {
    const auto key = new_key();
    const auto made = blank(key.get(), "mail server", wish.valid_from, wish.valid_until);
    X509* issuer = state_->certificate.get();
    X509_set_issuer_name(made.get(), X509_get_subject_name(issuer));
    std::string names;
    for (auto const& name : wish.names) names += (names.empty() ? "" : ",") + name;
    extend(made.get(), issuer, NID_subject_alt_name, names);
    extend(made.get(), issuer, NID_ext_key_usage, "serverAuth");
    need(X509_sign(made.get(), state_->key.get(), EVP_sha256()) > 0);
    return {pem([&](BIO* bio) { return PEM_write_bio_PrivateKey(bio, key.get(), nullptr, nullptr, 0, nullptr, nullptr); }),
            pem([&](BIO* bio) { return PEM_write_bio_X509(bio, made.get()); })};
}

}  // namespace convoke::test
