#include "service/http/message.hpp"

#include "service/http/cookie.hpp"
#include "service/http/framing_gate.hpp"
#include "service/http/token.hpp"
#include "service/http/url.hpp"

#include <algorithm>
#include <stdexcept>

namespace convoke::http {
namespace {

void require_field(std::string_view name, std::string_view value) {
    if (!is_token(name)) throw std::invalid_argument("a header's name is no token");
    for (unsigned char c : value) {
        if ((c < 0x20 && c != '\t') || c == 0x7f) {
            throw std::invalid_argument("the header " + std::string(name) + " would hold a control character");
        }
    }
}

}  // namespace

std::string_view name(Method method) {
    switch (method) {
        case Method::get: return "GET";
        case Method::head: return "HEAD";
        case Method::post: return "POST";
        case Method::put: return "PUT";
        case Method::patch: return "PATCH";
        case Method::del: return "DELETE";
        case Method::options: return "OPTIONS";
    }
    return "";
}

std::optional<Method> parse_method(std::string_view text) {
    for (auto method : {Method::get, Method::head, Method::post, Method::put, Method::patch, Method::del,
                        Method::options}) {
        if (name(method) == text) return method;
    }
    return std::nullopt;
}

bool is_safe(Method method) {
    return method == Method::get || method == Method::head || method == Method::options;
}

void Headers::set(std::string_view name, std::string_view value) {
    require_field(name, value);
    erase(name);
    fields_.emplace_back(name, value);
}

void Headers::add(std::string_view name, std::string_view value) {
    require_field(name, value);
    fields_.emplace_back(name, value);
}

void Headers::erase(std::string_view name) {
    std::erase_if(fields_, [&](Field const& field) { return iequals(field.first, name); });
}

std::optional<std::string_view> Headers::get(std::string_view name) const {
    for (auto const& [key, value] : fields_) {
        if (iequals(key, name)) return value;
    }
    return std::nullopt;
}

std::optional<std::string> Headers::joined(std::string_view name) const {
    std::optional<std::string> all;
    for (auto const& [key, value] : fields_) {
        if (!iequals(key, name)) continue;
        if (all) all->append(", ").append(value);
        else all = value;
    }
    return all;
}

std::optional<std::string_view> Fields::get(std::string_view name) const {
    for (auto const& [key, value] : items_) {
        if (key == name) return value;
    }
    return std::nullopt;
}

std::vector<std::string_view> Fields::all(std::string_view name) const {
    std::vector<std::string_view> values;
    for (auto const& [key, value] : items_) {
        if (key == name) values.push_back(value);
    }
    return values;
}

Request::Request(Method m, std::string t) : method(m), target(std::move(t)) {
    auto const mark = target.find('?');
    path = target.substr(0, mark);
    if (mark != std::string::npos) {
        if (auto fields = parse_urlencoded(std::string_view(target).substr(mark + 1))) query_ = *std::move(fields);
    }
}

std::string const& Request::param(std::string_view name) const {
    for (auto const& [key, value] : params_) {
        if (key == name) return value;
    }
    throw std::out_of_range("the route has no parameter " + std::string(name));
}

std::string Request::content_type() const {
    auto const value = headers.get("Content-Type");
    if (!value) return "";
    auto text = std::string(trim(value->substr(0, value->find(';'))));
    std::transform(text.begin(), text.end(), text.begin(), ascii_lower);
    return text;
}

std::optional<std::string> Request::cookie(std::string_view name) const {
    for (auto const& [key, value] : headers) {
        if (!iequals(key, "Cookie")) continue;
        for (auto& cookie : parse_cookies(value)) {
            if (cookie.first == name) return std::move(cookie.second);
        }
    }
    return std::nullopt;
}

std::optional<Fields> Request::form() const {
    if (content_type() != "application/x-www-form-urlencoded") return std::nullopt;
    return parse_urlencoded(body);
}

Response Response::bytes(std::string_view content_type, std::shared_ptr<std::string const> body, int status) {
    Response response(status);
    response.headers.set("Content-Type", content_type);
    response.body_ = std::move(body);
    return response;
}

Response Response::bytes(std::string_view content_type, std::string body, int status) {
    return bytes(content_type, std::make_shared<std::string const>(std::move(body)), status);
}

Response Response::text(std::string body, int status) {
    return bytes("text/plain; charset=utf-8", std::move(body), status);
}

Response Response::html(std::string body, int status) {
    return bytes("text/html; charset=utf-8", std::move(body), status);
}

Response Response::json(std::string body, int status) { return bytes("application/json", std::move(body), status); }

Response Response::redirect(std::string_view location, int status) {
    Response response(status);
    response.headers.set("Location", location);
    return response;
}

Response Response::no_content() { return Response(204); }

Response Response::not_modified(std::string_view etag) {
    Response response(304);
    response.headers.set("ETag", etag);
    return response;
}

Response&& Response::with(std::string_view name, std::string_view value) && {
    headers.set(name, value);
    return std::move(*this);
}

std::string_view reason_phrase(int status) {
    switch (status) {
        case 200: return "OK";
        case 201: return "Created";
        case 202: return "Accepted";
        case 204: return "No Content";
        case 207: return "Multi-Status";
        case 301: return "Moved Permanently";
        case 302: return "Found";
        case 303: return "See Other";
        case 304: return "Not Modified";
        case 307: return "Temporary Redirect";
        case 308: return "Permanent Redirect";
        case 400: return "Bad Request";
        case 401: return "Unauthorized";
        case 403: return "Forbidden";
        case 404: return "Not Found";
        case 405: return "Method Not Allowed";
        case 406: return "Not Acceptable";
        case 408: return "Request Timeout";
        case 409: return "Conflict";
        case 410: return "Gone";
        case 412: return "Precondition Failed";
        case 413: return "Content Too Large";
        case 414: return "URI Too Long";
        case 415: return "Unsupported Media Type";
        case 417: return "Expectation Failed";
        case 421: return "Misdirected Request";
        case 422: return "Unprocessable Content";
        case 428: return "Precondition Required";
        case 429: return "Too Many Requests";
        case 431: return "Request Header Fields Too Large";
        case 500: return "Internal Server Error";
        case 501: return "Not Implemented";
        case 503: return "Service Unavailable";
        case 505: return "HTTP Version Not Supported";
        case 507: return "Insufficient Storage";
        default: return "Status";
    }
}

}  // namespace convoke::http
