// How a session reads the head of a request, and what becomes of it. The end of session_impl.hpp.
#pragma once

#include "service/http/session_impl.hpp"

namespace convoke::http {

template <class Stream>
asio::awaitable<typename Session<Stream>::HeadOutcome> Session<Stream>::read_head(std::optional<Parser>& parser, Request& request) {
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

template <class Stream>
bool Session<Stream>::names_body(Head const& head) {
    return std::any_of(head.fields.begin(), head.fields.end(), [](auto const& field) {
        return iequals(field.first, "Content-Length") || iequals(field.first, "Transfer-Encoding");
    });
}

template <class Stream>
bool Session<Stream>::parse_head(std::optional<Parser>& parser) {
    if (!parser) {
        parser.emplace();
        parser->header_limit(static_cast<std::uint32_t>(limits().head_bytes) + 1);
        parser->body_limit(boost::none);  // decided once the route is known
    }
    beast::error_code error;
    input_.consume(parser->put(input_.data(), error));
    return !error && parser->is_header_done();
}

template <class Stream>
std::string Session<Stream>::guess_path() const {
    auto const line = received().substr(0, received().find('\r'));
    auto const space = std::min(line.find(' '), line.size());
    auto const target = line.substr(std::min(space + 1, line.size()));
    return std::string(target.substr(0, target.find_first_of(" ?")));
}

template <class Stream>
std::optional<Problem> Session<Stream>::translate(Head const& head, Request& request) {
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

template <class Stream>
bool Session<Stream>::names_option(std::string_view connection, std::string_view option) {
    bool found = false;
    for_each_element(connection, [&](std::string_view one) { found = found || iequals(one, option); });
    return found;
}

template <class Stream>
std::optional<Problem> Session<Stream>::translate(Parser const& parser, Request& request) {
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

template <class Stream>
std::optional<Problem> Session<Stream>::translate(std::string_view method_name, std::string_view whole_target, Headers headers, Request& request) {
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

}  // namespace convoke::http
