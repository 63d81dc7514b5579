// How a session reads the body of a request. The end of session_impl.hpp.
#pragma once

#include "service/http/session_impl.hpp"

namespace convoke::http {

template <class Stream>
asio::awaitable<typename Session<Stream>::BodyOutcome> Session<Stream>::read_body(Parser& parser, Request& request, std::size_t limit) {
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

template <class Stream>
bool Session<Stream>::skip_trailers(std::size_t at) {
    GateLimits own = context_->gate_limits();
    own.head_bytes = limits().trailer_bytes + 4;
    auto const scan = find_head_end(received().substr(at), own);
    input_.consume(at + scan.length);
    return !scan.problem && scan.length > 0;
}

}  // namespace convoke::http
