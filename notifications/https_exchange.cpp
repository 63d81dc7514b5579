#include "notifications/https_exchange.hpp"

#include "notifications/server_identity.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/ssl/error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <openssl/err.h>

#include <array>
#include <charconv>

namespace convoke::notifications {
namespace {

namespace asio = boost::asio;
constexpr auto tuple = asio::as_tuple(asio::use_awaitable);
constexpr std::size_t largest_head = 16 * 1024;

std::string request_head(HttpsPost const& request) {
    std::string const host = request.host.find(':') == std::string::npos ? request.host : "[" + request.host + "]";
    std::string head = "POST " + request.target + " HTTP/1.1\r\nHost: " + host + (request.port == "443" ? "" : ":" + request.port) + "\r\n";
    for (auto const& [name, value] : request.headers) head += name + ": " + value + "\r\n";
    return head + "Content-Length: " + std::to_string(request.body->size()) + "\r\nConnection: close\r\n\r\n";
}

bool same_name(std::string_view a, std::string_view b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                      [](char x, char y) { return (x >= 'A' && x <= 'Z' ? x - 'A' + 'a' : x) == (y >= 'A' && y <= 'Z' ? y - 'A' + 'a' : y); });
}

}  // namespace

std::optional<HttpsHead> read_head(std::string_view bytes) {
    auto const end = bytes.find("\r\n\r\n");
    if (end == std::string_view::npos) return std::nullopt;
    HttpsHead head;
    head.size = end + 4;
    auto const line_end = bytes.find("\r\n");
    auto const line = bytes.substr(0, line_end);
    bool const http = (line.starts_with("HTTP/1.1 ") || line.starts_with("HTTP/1.0 ")) && line.size() >= 12 && (line.size() == 12 || line[12] == ' ');
    if (http) {
        int status = 0;
        auto const [stopped, code] = std::from_chars(line.data() + 9, line.data() + 12, status);
        if (code == std::errc() && stopped == line.data() + 12 && status >= 100) head.status = status;
    }
    std::string_view fields = bytes.substr(line_end + 2, end + 2 - (line_end + 2));
    while (!fields.empty()) {
        auto const field = fields.substr(0, fields.find("\r\n"));
        fields.remove_prefix(std::min(fields.size(), field.size() + 2));
        auto const colon = field.find(':');
        if (colon == std::string_view::npos || !same_name(field.substr(0, colon), "content-length")) continue;
        auto value = field.substr(colon + 1);
        while (!value.empty() && (value.front() == ' ' || value.front() == '\t')) value.remove_prefix(1);
        std::size_t size = 0;
        if (std::from_chars(value.data(), value.data() + value.size(), size).ec == std::errc()) head.body_size = size;
    }
    if (head.status == 204 || head.status == 304) head.body_size = 0;
    return head;
}

HttpsExchange::HttpsExchange(asio::any_io_executor executor, asio::ssl::context& tls, AddressRule const& allowed, HttpsTimes times)
    : allowed_(allowed), times_(times), stream_(executor, tls), resolver_(executor), deadline_(executor) {}

asio::awaitable<HttpsAnswer> HttpsExchange::post(HttpsPost request) {
    HttpsAnswer answer;
    try {
        answer.fault = co_await connect(request);
        if (answer.fault.empty()) answer.fault = co_await handshake(request);
        if (answer.fault.empty()) answer.fault = co_await write(request);
        if (answer.fault.empty()) answer = co_await read();
    } catch (std::exception const& fault) {
        answer = {0, fault.what()};
    }
    deadline_.cancel();
    boost::system::error_code ignored;
    stream_.next_layer().shutdown(asio::ip::tcp::socket::shutdown_both, ignored);
    stream_.next_layer().close(ignored);
    co_return answer;
}

void HttpsExchange::abort() {
    aborted_ = true;
    resolver_.cancel();
    boost::system::error_code ignored;
    stream_.next_layer().close(ignored);
}

asio::awaitable<std::string> HttpsExchange::connect(HttpsPost const& request) {
    limit(times_.connect);
    auto [resolve_error, endpoints] = co_await resolver_.async_resolve(request.host, request.port, tuple);
    if (resolve_error) co_return "the name was not found: " + why(resolve_error);
    if (aborted_) co_return "cannot connect: " + why({});
    for (auto const& entry : endpoints)
        if (!allowed_(entry.endpoint().address()))
            co_return "refused: the name stands for an address of a private network or of this machine";
    // What was looked up and judged is what is connected to: the name is not asked again.
    auto [connect_error, endpoint] = co_await asio::async_connect(stream_.next_layer(), endpoints, tuple);
    if (connect_error) co_return "cannot connect: " + why(connect_error);
    boost::system::error_code ignored;
    stream_.next_layer().set_option(asio::ip::tcp::no_delay(true), ignored);
    co_return std::string();
}

asio::awaitable<std::string> HttpsExchange::handshake(HttpsPost const& request) {
    limit(times_.handshake);
    expect_host(stream_.native_handle(), request.host);
    auto [error] = co_await stream_.async_handshake(asio::ssl::stream_base::client, tuple);
    if (!error) co_return std::string();
    long const verified = SSL_get_verify_result(stream_.native_handle());
    if (verified != X509_V_OK && !timed_out_)
        co_return std::string("TLS: the certificate is not accepted: ") + X509_verify_cert_error_string(verified);
    co_return "TLS: " + why(error);
}

asio::awaitable<std::string> HttpsExchange::write(HttpsPost const& request) {
    limit(times_.write);
    std::string const bytes = request_head(request) + *request.body;
    auto [error, count] = co_await asio::async_write(stream_, asio::buffer(bytes), tuple);
    co_return error ? "the request could not be sent: " + why(error) : std::string();
}

asio::awaitable<HttpsAnswer> HttpsExchange::read() {
    limit(times_.answer);
    std::string bytes;
    std::array<char, 8192> part{};
    std::optional<HttpsHead> head;
    while (true) {
        auto [error, count] = co_await stream_.async_read_some(asio::buffer(part), tuple);
        bytes.append(part.data(), count);
        if (!head) {
            head = read_head(bytes);
            // 1xx are before the answer (RFC 9110 §15.2).
            while (head && head->status >= 100 && head->status < 200) {
                bytes.erase(0, head->size);
                head = read_head(bytes);
            }
        }
        if (head && head->status == 0) co_return HttpsAnswer{0, "the answer is not HTTP/1"};
        if (!head && bytes.size() > largest_head) co_return HttpsAnswer{0, "the answer's head is too large"};
        // The status says everything; the rest is read out of politeness, and only so far.
        bool const whole = head && head->body_size && bytes.size() >= head->size + *head->body_size;
        if (head && (error || whole || bytes.size() >= most_of_an_answer)) co_return HttpsAnswer{head->status, {}};
        if (error) co_return HttpsAnswer{0, "no answer: " + why(error)};
    }
}

void HttpsExchange::limit(std::chrono::milliseconds time) {
    deadline_.expires_after(time);
    deadline_.async_wait([self = weak_from_this()](boost::system::error_code const& error) {
        auto const exchange = self.lock();
        if (error || !exchange || exchange->deadline_.expiry() > std::chrono::steady_clock::now()) return;
        exchange->timed_out_ = true;
        exchange->abort();
    });
}

std::string HttpsExchange::why(boost::system::error_code const& code) const {
    if (timed_out_) return "took too long";
    if (aborted_) return "broken off";
    if (code == asio::error::eof || code == asio::ssl::error::stream_truncated) return "the connection was closed";
    return code.message();
}

}  // namespace convoke::notifications
