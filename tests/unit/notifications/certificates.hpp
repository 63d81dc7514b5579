// Certificates made on the spot, for servers on loopback.
#pragma once

#include <string>
#include <vector>

namespace convoke::test {

struct CertificateWish {
    std::vector<std::string> names{"DNS:localhost", "IP:127.0.0.1"};  // subjectAltName
    long valid_from = -3600, valid_until = 3600;                      // seconds from now
};

struct KeyAndCertificate {
    std::string key, certificate;  // PEM
};

// A certification authority of its own.
class Authority {
public:
    Authority();
    ~Authority();
    Authority(Authority const&) = delete;
    Authority& operator=(Authority const&) = delete;
    std::string certificate() const;  // PEM
    KeyAndCertificate issue(CertificateWish const& wish) const;

private:
    struct State;
    State* state_;
};

}  // namespace convoke::test
