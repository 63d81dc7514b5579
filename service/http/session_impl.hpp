// A session on any stream, request by request: included by session_plain.cpp and session_tls.cpp only (it is dear to
// compile). How a head is read, a body, and how an answer goes out stand beside: session_head.hpp, session_body.hpp,
// session_answer.hpp.
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
        request.body = {};  // many may be held
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

    asio::awaitable<HeadOutcome> read_head(std::optional<Parser>& parser, Request& request);

    static bool names_body(Head const& head);

    // Hands what has arrived to Beast, which will read the body. False: not a whole head, or none.
    bool parse_head(std::optional<Parser>& parser);

    // Of a request that was refused unread: decides in which form the problem is told.
    std::string guess_path() const;

    // What the gate has read becomes our request.
    std::optional<Problem> translate(Head const& head, Request& request);

    static bool names_option(std::string_view connection, std::string_view option);

    // Beast's message becomes ours, before the body: fields of a trailer come too late to have an effect.
    std::optional<Problem> translate(Parser const& parser, Request& request);

    std::optional<Problem> translate(std::string_view method_name, std::string_view whole_target, Headers headers, Request& request);

    struct BodyOutcome {
        bool gone = false;
        std::optional<Problem> problem;
    };

    asio::awaitable<BodyOutcome> read_body(Parser& parser, Request& request, std::size_t limit);

    // Consumes up to the end of the message; `at` is the end of the last chunk's line. False for stray line ends, which
    // a proxy in front of us might take for the end, and for too many bytes.
    bool skip_trailers(std::size_t at);

    // A refused request ends the connection: nobody knows where the next one would begin.
    asio::awaitable<bool> refuse(Request const& request, Problem const& problem);

    asio::awaitable<bool> answer(Request const& request, Response response, bool log);

    asio::awaitable<bool> read_some() {
        if (deadline_.expired()) co_return false;
        auto const [error, count] = co_await stream_.async_read_some(input_.prepare(read_size()), quietly);
        input_.commit(count);
        co_return !error;  // what has arrived counts, even if the time ended in the same moment
    }

    std::size_t read_size() const { return input_.size() == 0 && idle_ ? 2048 : 16 * 1024; }

    asio::awaitable<bool> write(std::string_view head, std::string_view body);

    // Closes so that the client can still read the last response: a socket closed with unread input sends a reset, which
    // may overtake it (RFC 9112 §9.6).
    asio::awaitable<void> say_goodbye();

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

#include "service/http/session_answer.hpp"
#include "service/http/session_body.hpp"
#include "service/http/session_head.hpp"
