// How a session writes an answer, and how it ends. The end of session_impl.hpp.
#pragma once

#include "service/http/session_impl.hpp"

namespace convoke::http {

template <class Stream>
asio::awaitable<bool> Session<Stream>::refuse(Request const& request, Problem const& problem) {
    keep_alive_ = false;
    co_return co_await answer(request, context_->router.refuse(request, problem), true);
}

template <class Stream>
asio::awaitable<bool> Session<Stream>::answer(Request const& request, Response response, bool log) {
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

template <class Stream>
asio::awaitable<bool> Session<Stream>::write(std::string_view head, std::string_view body) {
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

template <class Stream>
asio::awaitable<void> Session<Stream>::say_goodbye() {
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

}  // namespace convoke::http
