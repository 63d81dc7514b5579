// A client that sends exactly the bytes it is given, over a plain or TLS socket. Blocking, with a time limit on every
// read, so that a server that does not answer fails a test instead of hanging it.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>

namespace convoke::http::test {

struct Reply {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case; repeated ones joined by ", "
    std::string body;
};

struct TlsWanted {
    int min_version = 0;  // OpenSSL's constants; 0: any
    int max_version = 0;
    std::string suites;   // of TLS 1.2
};

struct Closed : std::runtime_error {
    Closed() : std::runtime_error("the server closed the connection") {}
};

class RawClient {
public:
    explicit RawClient(std::uint16_t port, std::string const& host = "127.0.0.1");
    struct Prepared { int socket; };
    static int make_socket();  // IPv4, for RawClient(port, Prepared) when no more can be made
    RawClient(std::uint16_t port, Prepared prepared);
    RawClient(std::uint16_t port, TlsWanted tls);  // throws std::runtime_error when the handshake fails
    ~RawClient();
    RawClient(RawClient const&) = delete;
    RawClient& operator=(RawClient const&) = delete;

    // What the server does not take any more (it has closed) is dropped.
    void send(std::string_view bytes);
    // No more from us; reading goes on.
    void finish_sending();
    // One response; after HEAD without a body. Throws Closed at the end of the stream.
    Reply reply(bool to_head = false);
    // Sends "METHOD target HTTP/1.1", Host and the fields ("A: b\r\n") and reads the response.
    Reply ask(std::string_view method, std::string_view target, std::string_view fields = "", std::string_view body = "");
    // Reads to the end; true when it came, false when the time was over before.
    bool ends();
    // What is left until the end of the stream.
    std::string rest();
    // A small receive window, so that a large response has to wait for us.
    void read_slowly();
    // SHA-256 of the served certificate in hex, "" without TLS.
    std::string certificate() const;
    std::string tls_version() const;

private:
    struct Tls;
    bool fill();
    int socket_ = -1;
    std::unique_ptr<Tls> tls_;
    std::string buffer_;
};

}  // namespace convoke::http::test
