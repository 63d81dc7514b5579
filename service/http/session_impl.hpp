// The body of a session for any stream: included by session_plain.cpp and session_tls.cpp only (it is dear to compile).
#pragma once

#include "service/core/crypto.hpp"
#include "service/http/deadline.hpp"
#include "service/http/response_head.hpp"
#include "service/http/session.hpp"
#include "service/http/token.hpp"
#include "service/http/url.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdio>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace convoke::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
using Tcp = asio::ip::tcp;
using Clock = std::chrono::steady_clock;
inline constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

template <class Stream>
class Session final : public Connection, public std::enable_shared_from_this<Session<Stream>> {
public:
    static constexpr bool is_tls = !std::is_same_v<Stream, Tcp::socket>;

    template <class... Arguments>
    Session(SharedContext context, Tcp::endpoint peer, Arguments&&... stream)
        : context_(std::move(context)),
          stream_(std::forward<Arguments>(stream)...),
          peer_(peer.address()),
          deadline_(socket()) {}

    void close_if_idle() override {
        asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
            boost::system::error_code error;
            if (self->idle_ && self->socket().available(error) == 0) self->deadline_.expire_now();
        });
    }

    void cut() override {
        asio::post(stream_.get_executor(), [self = this->shared_from_this()] {
            boost::system::error_code ignored;
            self->socket().close(ignored);
        });
    }

    Stream& stream() { return stream_; }
    Tcp::socket& socket() {
        if constexpr (is_tls) return stream_.next_layer();
        else return stream_;
    }
    Deadline& deadline() { return deadline_; }
    Limits const& limits() const { return context_->options.limits; }

    asio::awaitable<void> serve() {
        while (co_await serve_one()) {}
        co_await say_goodbye();
        deadline_.stop();
    }

private:
    using Parser = beast::http::request_parser<beast::http::string_body>;

    // One request and its response. False ends the connection.
    asio::awaitable<bool> serve_one() {
        if (!co_await wait_for_request()) co_return false;
        readable_ = false;
        Request request;
        request.request_id = next_request_id();
        request.peer = peer_.to_string();
        request.secure = is_tls;

        std::optional<Parser> parser;  // where a body follows
        HeadOutcome const head = co_await read_head(parser, request);
        began_ = Clock::now();
        if (head.gone) co_return false;
        if (head.problem) co_return co_await refuse(request, *head.problem);

        bool const has_body = parser && (parser->chunked() || parser->content_length().value_or(0) > 0);
        auto found = context_->admit(request, client_);
        if (found.refused) {
            // What has not been read would be taken for the next request; and who wants another host (421) is in a
            // conversation with somebody else.
            if (has_body || found.refused->status == 421) keep_alive_ = false;
            co_return co_await answer(request, *std::move(found.refused), true);
        }
        if (has_body) {
            BodyOutcome const body = co_await read_body(*parser, request, found.route->options.body_limit);
            if (body.gone) co_return false;
            if (body.problem) co_return co_await refuse(request, *body.problem);
        }
        deadline_.rest();  // a handler takes the time it takes
        auto response = co_await handle(*found.route, request);
        co_return co_await answer(request, std::move(response), found.route->options.access_log);
    }

    // Health checks are answered in any crowd.
    asio::awaitable<Response> handle(Route const& route, Request& request) {
        auto* const guard = route.options.any_host ? nullptr : context_->options.overload;
        if (guard == nullptr) co_return co_await context_->router.run(route, request);
        if (auto const place = guard->enter(request)) co_return co_await context_->router.run(route, request);
        asio::steady_timer held(stream_.get_executor(), guard->limits().hold);
        co_await held.async_wait(quietly);
        co_return context_->router.refuse(request, OverloadGuard::refusal());
    }

    // The first byte of the next request, which may take as long as a connection may idle.
    asio::awaitable<bool> wait_for_request() {
        if (input_.size() > 0) co_return true;
        if (served_ > 0 && context_->draining) co_return false;
        deadline_.within(served_ == 0 ? limits().head : limits().idle);
        idle_ = true;
        bool const some = co_await read_some();
        idle_ = false;
        co_return some;
    }

    // 24 hexadecimal characters: the connection's own and a number. One for each request would cost random bytes.
    std::string next_request_id() {
        std::array<char, 9> number{};
        std::snprintf(number.data(), number.size(), "%08x", ++requests_);
        return connection_id_ + number.data();
    }

    struct HeadOutcome {
        bool gone = false;
        std::optional<Problem> problem;
    };

    asio::awaitable<HeadOutcome> read_head(std::optional<Parser>& parser, Request& request) {
        deadline_.within(limits().head);
        bool const gate = !context_->options.unsafe_for_tests.without_gate;
        HeadOutcome outcome;
        for (bool forgiven = false;;) {
            // One empty line before a request (RFC 9112 §2.2).
            if (!forgiven && received().starts_with("\r\n")) {
                input_.consume(2);
                forgiven = true;
            }
            auto const scan = gate ? find_head_end(received(), context_->gate_limits()) : HeadScan{1, std::nullopt};
            outcome.problem = scan.problem;
            if (!outcome.problem && scan.length > 0) {
                GateResult seen;
                if (gate) seen = check_head(received().substr(0, scan.length), context_->gate_limits());
                if (seen.problem) {
                    outcome.problem = std::move(seen.problem);
                } else if (gate && !names_body(seen.head)) {
                    outcome.problem = translate(seen.head, request);
                    input_.consume(scan.length);
                    co_return outcome;
                } else if (parse_head(parser)) {
                    outcome.problem = translate(*parser, request);
                    co_return outcome;
                } else if (gate) {
                    outcome.problem = Problem(400, "bad_request", "The request is not well-formed HTTP.");
                }
            }
            if (outcome.problem) {
                request.path = guess_path();
                co_return outcome;
            }
            if (!co_await read_some()) {
                outcome.gone = is_tls || !deadline_.expired();
                outcome.problem = Problem(408, "bad_request", "The header took too long to arrive.");
                co_return outcome;
            }
        }
    }

    static bool names_body(Head const& head) {
        return std::any_of(head.fields.begin(), head.fields.end(), [](auto const& field) {
            return iequals(field.first, "Content-Length") || iequals(field.first, "Transfer-Encoding");
        });
    }

    // Hands what has arrived to Beast, which will read the body. False: not a whole head, or none.
    bool parse_head(std::optional<Parser>& parser) {
        if (!parser) {
            parser.emplace();
            parser->header_limit(static_cast<std::uint32_t>(limits().head_bytes) + 1);
            parser->body_limit(boost::none);  // decided once the route is known
        }
        beast::error_code error;
        input_.consume(parser->put(input_.data(), error));
        return !error && parser->is_header_done();
    }

    // Of a request that was refused unread: decides in which form the problem is told.
    std::string guess_path() const {
        auto const line = received().substr(0, received().find('\r'));
        auto const space = std::min(line.find(' '), line.size());
        auto const target = line.substr(std::min(space + 1, line.size()));
        return std::string(target.substr(0, target.find_first_of(" ?")));
    }

    // What the gate has read becomes our request.
    std::optional<Problem> translate(Head const& head, Request& request) {
        std::vector<Headers::Field> fields;
        fields.reserve(head.fields.size());
        std::string connection;
        for (auto const& [name, value] : head.fields) {
            fields.emplace_back(name, value);
            if (iequals(name, "Connection")) connection.append(value).append(",");
        }
        http10_ = head.minor_version == 0;
        keep_alive_ = http10_ ? names_option(connection, "keep-alive") : !names_option(connection, "close");
        return translate(head.method, head.target, Headers(std::move(fields)), request);
    }

    static bool names_option(std::string_view connection, std::string_view option) {
        bool found = false;
        for_each_element(connection, [&](std::string_view one) { found = found || iequals(one, option); });
        return found;
    }

    // Beast's message becomes ours, before the body: fields of a trailer come too late to have an effect.
    std::optional<Problem> translate(Parser const& parser, Request& request) {
        auto const& message = parser.get();
        bool const gate = !context_->options.unsafe_for_tests.without_gate;
        if (gate && message.count(beast::http::field::transfer_encoding) > 0 && !parser.chunked()) {
            return Problem(400, "bad_request", "The end of the body is not clear.");  // gate and parser must agree
        }
        std::vector<Headers::Field> fields;
        for (auto const& field : message) fields.emplace_back(std::string_view(field.name_string()), std::string_view(field.value()));
        http10_ = message.version() == 10;
        keep_alive_ = parser.keep_alive();
        return translate(message.method_string(), message.target(), Headers(std::move(fields)), request);
    }

    std::optional<Problem> translate(std::string_view method_name, std::string_view whole_target, Headers headers, Request& request) {
        auto const method = parse_method(method_name);
        if (!method) return Problem(501, "method_not_allowed", "This server does not know the method.");
        readable_ = true;
        std::string target(whole_target);
        if (auto const scheme = target.find("://"); !target.starts_with('/') && scheme != std::string::npos) {
            auto const path = target.find_first_of("/?", scheme + 3);
            target = path == std::string::npos ? "/" : (target[path] == '?' ? "/" : "") + target.substr(path);
        }
        Request translated(*method, std::move(target));
        translated.headers = std::move(headers);
        auto const mark = translated.target.find('?');
        if (mark != std::string::npos && !parse_urlencoded(std::string_view(translated.target).substr(mark + 1))) {
            request.path = translated.path;
            return Problem(400, "bad_request", "The query is not well formed.");
        }
        auto const client = context_->proxies.resolve(peer_, is_tls, translated.headers);
        client_ = client.address;
        translated.peer = client.address.to_string();
        translated.secure = client.secure;
        translated.in_clear = client.in_clear;
        translated.request_id = std::move(request.request_id);
        request = std::move(translated);
        return std::nullopt;
    }

    struct BodyOutcome {
        bool gone = false;
        std::optional<Problem> problem;
    };

    asio::awaitable<BodyOutcome> read_body(Parser& parser, Request& request, std::size_t limit) {
        BodyOutcome outcome;
        Problem const too_large(413, "payload_too_large",
                                "The body is longer than the " + std::to_string(limit) + " bytes this address takes.");
        bool const limited = !context_->options.unsafe_for_tests.without_body_limit;
        if (limited && parser.content_length().value_or(0) > limit) {
            outcome.problem = too_large;
            co_return outcome;
        }
        if (limited) parser.body_limit(limit);
        if (auto const expect = request.header("Expect")) {
            if (!iequals(*expect, "100-continue")) {
                outcome.problem = Problem(417, "bad_request", "The only expectation this server meets is 100-continue.");
                co_return outcome;
            }
            if (!http10_ && input_.size() == 0) {
                if (!co_await write("HTTP/1.1 100 Continue\r\n\r\n", {})) outcome.gone = true;
                if (outcome.gone) co_return outcome;
            }
        }

        // Beast would merge trailers into the fields, refuse some and limit none: it is stopped before them.
        char const* trailers = nullptr;
        auto on_chunk = [&](std::uint64_t size, beast::string_view extension, beast::error_code& error) {
            if (size == 0) {
                trailers = extension.data() + extension.size();
                error = beast::http::error::end_of_stream;
            }
            if (extension.size() > limits().chunk_extension_bytes) error = beast::http::error::bad_chunk_extension;
        };
        parser.on_chunk_header(on_chunk);
        parser.eager(true);
        Problem const malformed(400, "bad_request", "The body's chunks are not well formed, or their extras too long.");
        auto const start = Clock::now();
        std::size_t got = input_.size();
        while (!parser.is_done()) {
            beast::error_code error;
            auto const* const begin = received().data();
            auto const consumed = input_.size() > 0 ? parser.put(input_.data(), error) : 0;
            if (error == beast::http::error::end_of_stream) {
                if (!skip_trailers(static_cast<std::size_t>(trailers - begin))) outcome.problem = malformed;
                break;
            }
            input_.consume(consumed);
            if (error == beast::http::error::body_limit) outcome.problem = too_large;
            else if (error && error != beast::http::error::need_more) outcome.problem = malformed;
            // Left over is only a chunk's head or a trailer that is not complete yet.
            else if (!parser.is_done() && input_.size() > limits().trailer_bytes + 16) outcome.problem = malformed;
            if (outcome.problem) co_return outcome;
            if (parser.is_done()) break;

            // A rate, not an idle time: it cannot be stretched by single bytes.
            auto const earned = std::chrono::seconds(got / std::max<std::size_t>(limits().body_bytes_per_second, 1));
            deadline_.at(start + limits().body + earned);
            auto const before = input_.size();
            if (!co_await read_some()) {
                outcome.gone = is_tls || !deadline_.expired();
                outcome.problem = Problem(408, "bad_request", "The body took too long to arrive.");
                co_return outcome;
            }
            got += input_.size() - before;
        }
        if (!outcome.problem) request.body = std::move(parser.get().body());
        co_return outcome;
    }

    // Consumes up to the end of the message; `at` is the end of the last chunk's line. False for stray line ends, which
    // a proxy in front of us might take for the end, and for too many bytes.
    bool skip_trailers(std::size_t at) {
        GateLimits own = context_->gate_limits();
        own.head_bytes = limits().trailer_bytes + 4;
        auto const scan = find_head_end(received().substr(at), own);
        input_.consume(at + scan.length);
        return !scan.problem && scan.length > 0;
    }

    // A refused request ends the connection: nobody knows where the next one would begin.
    asio::awaitable<bool> refuse(Request const& request, Problem const& problem) {
        keep_alive_ = false;
        co_return co_await answer(request, context_->router.refuse(request, problem), true);
    }

    asio::awaitable<bool> answer(Request const& request, Response response, bool log) {
        ++served_;
        bool const wants_close = iequals(response.headers.get("Connection").value_or(""), "close");
        bool const keep = keep_alive_ && !wants_close && !context_->draining;
        auto const head = response_head(response, {request.secure, !keep, http10_, request.request_id});
        bool const bodiless = request.method == Method::head || response.status == 204 || response.status == 304;
        auto const body = bodiless ? std::string_view() : response.body();
        bool const sent = co_await write(head, body);

        Exchange exchange;
        if (readable_) exchange.method = name(request.method);
        exchange.route = request.route;
        exchange.status = response.status;
        exchange.bytes = body.size();
        exchange.took = std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - began_);
        exchange.request_id = request.request_id;
        exchange.log = log;
        context_->options.observer(exchange);
        linger_ = sent && !keep;
        co_return sent && keep;
    }

    asio::awaitable<bool> read_some() {
        if (deadline_.expired()) co_return false;
        auto const [error, count] = co_await stream_.async_read_some(input_.prepare(read_size()), quietly);
        input_.commit(count);
        co_return !error;  // what has arrived counts, even if the time ended in the same moment
    }

    std::size_t read_size() const { return input_.size() == 0 && idle_ ? 2048 : 16 * 1024; }

    asio::awaitable<bool> write(std::string_view head, std::string_view body) {
        std::string joined;
        if (is_tls && body.size() <= 16 * 1024) {  // a TLS record of its own for the head would cost a packet
            joined.reserve(head.size() + body.size());
            joined.append(head).append(body);
            head = joined;
            body = {};
        }
        auto const total = head.size() + body.size();
        auto const last = Clock::now() + limits().write_stall + std::chrono::seconds(total / 1024);
        while (!head.empty() || !body.empty()) {
            deadline_.at(std::min(Clock::now() + limits().write_stall, last));
            std::array<asio::const_buffer, 2> const buffers{asio::buffer(head), asio::buffer(body)};
            auto const [error, count] = co_await stream_.async_write_some(buffers, quietly);
            if (error) co_return false;
            auto const of_head = std::min(count, head.size());
            head.remove_prefix(of_head);
            body.remove_prefix(count - of_head);
        }
        co_return true;
    }

    // Closes so that the client can still read the last response: a socket closed with unread input sends a reset, which
    // may overtake it (RFC 9112 §9.6).
    asio::awaitable<void> say_goodbye() {
        auto& socket = this->socket();
        boost::system::error_code ignored;
        if (linger_) {
            deadline_.within(std::chrono::seconds(context_->draining ? 1 : 2));
            if constexpr (is_tls) co_await stream_.async_shutdown(quietly);
            socket.shutdown(Tcp::socket::shutdown_send, ignored);
            std::array<char, 4096> waste;
            for (std::size_t total = 0; total < 8 * 1024 * 1024 && !deadline_.expired();) {
                auto const [error, count] = co_await socket.async_read_some(asio::buffer(waste), quietly);
                if (error) break;
                total += count;
            }
        }
        socket.close(ignored);
    }

    std::string_view received() const {
        auto const data = input_.cdata();
        return {static_cast<char const*>(data.data()), data.size()};
    }

    SharedContext context_;
    Stream stream_;
    asio::ip::address peer_;    // the other end of the connection
    asio::ip::address client_;  // who asks, behind trusted proxies
    Deadline deadline_;
    beast::flat_buffer input_;
    Clock::time_point began_{};
    std::string const connection_id_ = core::hex_encode(core::random_bytes(8));
    unsigned requests_ = 0;
    std::size_t served_ = 0;
    bool idle_ = true;  // waits for a request, or for TLS to be ready for one
    bool readable_ = false;
    bool keep_alive_ = false;
    bool http10_ = false;
    bool linger_ = false;
};

}  // namespace convoke::http
