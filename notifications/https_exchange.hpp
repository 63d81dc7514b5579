// One POST over HTTPS to somebody else's server, which is not trusted with anything: TLS 1.2 or later with chain and host
// name verified (RFC 9525), the name looked up once and that very address connected to, redirects not followed, every
// phase with a deadline, and no more of the answer read than a limit.
// Belongs to one executor: a strand or a context with one thread. Names are looked up on the context's own thread, so that
// a slow name server holds back only who shares the context.
#pragma once

#include "calendar/failure.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::notifications {

struct HttpsTimes {
    std::chrono::milliseconds connect{10'000};  // looking up the name and connecting
    std::chrono::milliseconds handshake{10'000};
    std::chrono::milliseconds write{10'000};
    std::chrono::milliseconds answer{15'000};   // from the last byte sent to the last byte read
};

struct HttpsPost {
    std::string host;    // a name or an IP address without brackets
    std::string port;
    std::string target;  // "/hooks?from=convoke"
    std::vector<std::pair<std::string, std::string>> headers;  // besides Host, Content-Length and Connection
    std::shared_ptr<std::string const> body;
};

struct HttpsAnswer {
    int status = 0;     // 200 …; 0 when there was none
    std::string fault;  // then: which phase broke and why, one printable line
};

// Whether an address may be connected to. Asked for every address a name stands for; all must be allowed.
using AddressRule = std::function<bool(boost::asio::ip::address const&)>;

inline constexpr std::size_t most_of_an_answer = 64 * 1024;

// What has been read of an answer (RFC 9112 §2.1).
struct HttpsHead {
    int status = 0;                         // 0: no status line of HTTP/1
    std::size_t size = 0;                   // of the head with its empty line
    std::optional<std::size_t> body_size;   // from Content-Length; nullopt: unknown
};
// nullopt while the head is not complete.
std::optional<HttpsHead> read_head(std::string_view bytes);

class HttpsExchange : public std::enable_shared_from_this<HttpsExchange> {
public:
    // `tls` and `allowed` must live as long as the exchange.
    HttpsExchange(boost::asio::any_io_executor executor, boost::asio::ssl::context& tls, AddressRule const& allowed, HttpsTimes times);

    // Once. Never throws.
    boost::asio::awaitable<HttpsAnswer> post(HttpsPost request);
    // Ends what is going on; post() answers soon.
    void abort();

private:
    boost::asio::awaitable<std::string> connect(HttpsPost const& request);  // "" or what went wrong, as all of them
    boost::asio::awaitable<std::string> handshake(HttpsPost const& request);
    boost::asio::awaitable<std::string> write(HttpsPost const& request);
    boost::asio::awaitable<HttpsAnswer> read();
    void limit(std::chrono::milliseconds time);
    std::string why(boost::system::error_code const& code) const;

    AddressRule const& allowed_;
    HttpsTimes times_;
    boost::asio::ssl::stream<boost::asio::ip::tcp::socket> stream_;
    boost::asio::ip::tcp::resolver resolver_;
    boost::asio::steady_timer deadline_;
    bool timed_out_ = false, aborted_ = false;
};

}  // namespace convoke::notifications
