#include "tests/unit/http/raw_client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

namespace convoke::http::test {
namespace {

int open_socket(int family) {
    int const fd = ::socket(family, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0) throw std::runtime_error("no socket");
    timeval const limit{20, 0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    int const one = 1;
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

template <class Address>
int connected(int fd, Address const& to) {
    if (::connect(fd, reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0) return fd;
    ::close(fd);
    throw std::runtime_error("cannot connect");
}

int connect4(int fd, std::uint16_t port, std::string const& host) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    inet_pton(AF_INET, host.c_str(), &to.sin_addr);
    return connected(fd, to);
}

int connect_to(std::uint16_t port, std::string const& host) {
    if (host.find(':') == std::string::npos) return connect4(open_socket(AF_INET), port, host);
    sockaddr_in6 to{};
    to.sin6_family = AF_INET6;
    to.sin6_port = htons(port);
    inet_pton(AF_INET6, host.c_str(), &to.sin6_addr);
    return connected(open_socket(AF_INET6), to);
}

}  // namespace

struct RawClient::Tls {
    SSL_CTX* context = nullptr;
    SSL* ssl = nullptr;
    ~Tls() {
        SSL_free(ssl);
        SSL_CTX_free(context);
    }
};

RawClient::RawClient(std::uint16_t port, std::string const& host) : socket_(connect_to(port, host)) {}

int RawClient::make_socket() { return open_socket(AF_INET); }

RawClient::RawClient(std::uint16_t port, Prepared prepared) : socket_(connect4(prepared.socket, port, "127.0.0.1")) {}

RawClient::RawClient(std::uint16_t port, TlsWanted wanted) : socket_(connect_to(port, "127.0.0.1")) {
    tls_ = std::make_unique<Tls>();
    tls_->context = SSL_CTX_new(TLS_client_method());
    SSL_CTX_set_security_level(tls_->context, 0);  // offers what the server must refuse
    SSL_CTX_set_min_proto_version(tls_->context, wanted.min_version);
    SSL_CTX_set_max_proto_version(tls_->context, wanted.max_version);
    if (!wanted.suites.empty()) SSL_CTX_set_cipher_list(tls_->context, wanted.suites.c_str());
    tls_->ssl = SSL_new(tls_->context);
    SSL_set_fd(tls_->ssl, socket_);
    if (SSL_connect(tls_->ssl) != 1) {
        ERR_clear_error();
        ::close(socket_);
        throw std::runtime_error("the TLS handshake failed");
    }
}

RawClient::~RawClient() { ::close(socket_); }

void RawClient::send(std::string_view bytes) {
    while (!bytes.empty()) {
        auto const count = tls_ ? SSL_write(tls_->ssl, bytes.data(), static_cast<int>(bytes.size()))
                                : ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        if (count <= 0) return;
        bytes.remove_prefix(static_cast<std::size_t>(count));
    }
}

void RawClient::finish_sending() { ::shutdown(socket_, SHUT_WR); }

bool RawClient::fill() {
    char some[16384];
    auto const count = tls_ ? SSL_read(tls_->ssl, some, sizeof some) : ::recv(socket_, some, sizeof some, 0);
    if (count > 0) {
        buffer_.append(some, static_cast<std::size_t>(count));
        return true;
    }
    if (!tls_ && count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) throw std::runtime_error("no answer in time");
    return false;
}

Reply RawClient::reply(bool to_head) {
    std::size_t end;
    while ((end = buffer_.find("\r\n\r\n")) == std::string::npos) {
        if (!fill()) throw Closed();
    }
    Reply reply;
    auto const head = buffer_.substr(0, end + 2);
    buffer_.erase(0, end + 4);
    reply.status = std::stoi(head.substr(9, 3));
    for (auto at = head.find("\r\n") + 2; at < head.size();) {
        auto const stop = head.find("\r\n", at);
        auto const line = head.substr(at, stop - at);
        at = stop + 2;
        auto const colon = line.find(": ");
        auto name = line.substr(0, colon);
        std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::tolower(c); });
        auto& value = reply.headers[name];
        value += (value.empty() ? "" : ", ") + line.substr(colon + 2);
    }
    if (to_head || reply.status == 100 || reply.status == 204 || reply.status == 304) return reply;
    auto const length = std::stoul(reply.headers.at("content-length"));
    while (buffer_.size() < length) {
        if (!fill()) throw Closed();
    }
    reply.body = buffer_.substr(0, length);
    buffer_.erase(0, length);
    return reply;
}

Reply RawClient::ask(std::string_view method, std::string_view target, std::string_view fields, std::string_view body) {
    std::string request(method);
    request.append(" ").append(target).append(" HTTP/1.1\r\nHost: convoke.test\r\n").append(fields);
    if (!body.empty()) request.append("Content-Length: ").append(std::to_string(body.size())).append("\r\n");
    request.append("\r\n").append(body);
    send(request);
    return reply(method == "HEAD");
}

bool RawClient::ends() {
    try {
        while (fill()) {}
        return true;
    } catch (std::runtime_error const&) {
        return false;
    }
}

std::string RawClient::rest() {
    while (fill()) {}
    return std::move(buffer_);
}

void RawClient::read_slowly() {
    int const little = 4096;
    setsockopt(socket_, SOL_SOCKET, SO_RCVBUF, &little, sizeof little);
}

std::string RawClient::certificate() const {
    auto* const certificate = SSL_get1_peer_certificate(tls_->ssl);
    unsigned char digest[32];
    unsigned length = 0;
    X509_digest(certificate, EVP_sha256(), digest, &length);
    X509_free(certificate);
    std::string hex;
    for (unsigned char byte : digest) {
        hex.push_back("0123456789abcdef"[byte >> 4]);
        hex.push_back("0123456789abcdef"[byte & 15]);
    }
    return hex;
}

std::string RawClient::tls_version() const { return SSL_get_version(tls_->ssl); }

}  // namespace convoke::http::test
