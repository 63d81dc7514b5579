// A mail server on loopback that does as a test says, over real TLS. Runs on a thread of its own.
#pragma once

#include "certificates.hpp"

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace convoke::test {

struct SmtpScript {
    bool implicit_tls = false;
    bool offer_starttls = true;
    std::string auth = "PLAIN LOGIN";     // "" = none offered
    std::string user, password;           // "" = no login needed
    int tls_at_most = 0;                  // TLS1_1_VERSION …
    int mails_per_connection = 0;         // then 421 and close; 0 = no end
    // The reply to one line of the client ("GREETING" at the start, "." after a mail); "" = as usual,
    // "DROP" = the connection closes, "STALL" = never an answer, "SLOW …" = one byte every 20 ms.
    std::function<std::string(std::string const& line)> answer;
};

struct ReceivedMail {
    std::string from, to, data;  // dots unstuffed
    bool encrypted = false;
};

class SmtpServer {
public:
    SmtpServer(KeyAndCertificate const& identity, SmtpScript script);
    ~SmtpServer();
    SmtpServer(SmtpServer const&) = delete;
    SmtpServer& operator=(SmtpServer const&) = delete;

    unsigned short port() const;
    std::vector<ReceivedMail> mails() const;
    std::vector<std::string> lines() const;  // of all clients, bodies left out
    int connections() const;
    int most_at_once() const;                // connections
    std::string server_name() const;         // SNI of the last handshake

private:
    struct State;
    std::shared_ptr<State> state_;
};

}  // namespace convoke::test
