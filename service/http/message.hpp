// What a handler sees of HTTP: our own request and response values, without Beast (RFC 9110).
// Plain values; a Request belongs to one connection and is used on its strand.
#pragma once

#include <any>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace convoke::http {

enum class Method { get, head, post, put, patch, del, options };

// "GET", "DELETE" …
std::string_view name(Method method);
// Case-sensitive (RFC 9110 §9.1); nullopt for everything the service does not use.
std::optional<Method> parse_method(std::string_view text);
// GET, HEAD and OPTIONS change nothing.
bool is_safe(Method method);

// Header fields in order. Names compare without regard to case. set() and add() throw std::invalid_argument
// for a name that is no token and for a value with control characters, so that no text of a user can
// start a header of its own.
class Headers {
public:
    using Field = std::pair<std::string, std::string>;

    Headers() = default;
    // Of a received head, which the framing gate has checked.
    explicit Headers(std::vector<Field> fields) : fields_(std::move(fields)) {}

    void set(std::string_view name, std::string_view value);  // replaces all of that name
    void add(std::string_view name, std::string_view value);
    void erase(std::string_view name);

    // The first of that name.
    std::optional<std::string_view> get(std::string_view name) const;
    // All of that name, joined with ", " (RFC 9110 §5.3); nullopt without any.
    std::optional<std::string> joined(std::string_view name) const;
    bool has(std::string_view name) const { return get(name).has_value(); }

    auto begin() const { return fields_.begin(); }
    auto end() const { return fields_.end(); }
    std::size_t size() const { return fields_.size(); }

private:
    std::vector<Field> fields_;
};

// Decoded name=value pairs of a query or a form, in order, duplicates kept.
class Fields {
public:
    using Field = std::pair<std::string, std::string>;

    Fields() = default;
    explicit Fields(std::vector<Field> items) : items_(std::move(items)) {}

    // The first of that name. The view lives as long as this object.
    std::optional<std::string_view> get(std::string_view name) const;
    std::vector<std::string_view> all(std::string_view name) const;
    std::vector<Field> const& items() const { return items_; }
    bool empty() const { return items_.empty(); }

private:
    std::vector<Field> items_;
};

class Request {
public:
    Request() = default;
    // For tests and for the session: splits the target. A query that does not decode leaves query() empty
    // (the session has refused it before, see url.hpp).
    Request(Method method, std::string target);

    Method method = Method::get;
    std::string target;      // as received: "/e/7?limit=2"
    std::string path;        // of the target, not decoded: "/e/7"
    Headers headers;
    std::string body;
    std::string peer;        // address of the client, behind trusted proxies theirs; no port
    bool secure = false;     // TLS, or a trusted proxy says https
    bool in_clear = false;   // came over a network that anybody on it could read
    std::string request_id;  // ours, also in X-Request-Id
    std::string route;       // the pattern that matched, "" before routing: for logs and metrics
    std::any context;        // for wrappers around handlers: who asks, which session …

    // Decoded query parameters.
    Fields const& query() const { return query_; }
    std::optional<std::string_view> query(std::string_view name) const { return query_.get(name); }
    void set_query(Fields fields) { query_ = std::move(fields); }

    // Decoded path parameter of the route; throws std::out_of_range for a name the pattern does not have.
    std::string const& param(std::string_view name) const;
    void set_params(std::vector<Fields::Field> params) { params_ = std::move(params); }

    std::optional<std::string_view> header(std::string_view name) const { return headers.get(name); }
    // Media type of the body in lower case without parameters, "" without one.
    std::string content_type() const;
    // The first cookie of that name.
    std::optional<std::string> cookie(std::string_view name) const;

    // The body as application/x-www-form-urlencoded: at most 1000 fields, UTF-8, duplicates kept.
    // nullopt: another media type, broken escapes, not UTF-8, or too many fields (answer 400).
    std::optional<Fields> form() const;

private:
    Fields query_;
    std::vector<Fields::Field> params_;
};

class Response {
public:
    explicit Response(int status_code = 200) : status(status_code) {}

    static Response text(std::string body, int status = 200);
    static Response html(std::string body, int status = 200);
    // `body` is serialised JSON.
    static Response json(std::string body, int status = 200);
    // Any other media type; the shared form does not copy (cached feeds).
    static Response bytes(std::string_view content_type, std::string body, int status = 200);
    static Response bytes(std::string_view content_type, std::shared_ptr<std::string const> body, int status = 200);
    // 303 See Other. `location` must be built by us (see safe_local_path in url.hpp for what a user brings).
    static Response redirect(std::string_view location, int status = 303);
    static Response no_content();
    // 304 with the validator of the representation it stands for (quoted, as etag.hpp makes it).
    static Response not_modified(std::string_view etag);

    // Chaining: Response::json(…).with("ETag", tag).
    Response&& with(std::string_view name, std::string_view value) &&;

    std::string_view body() const { return body_ ? std::string_view(*body_) : std::string_view(); }
    std::shared_ptr<std::string const> const& shared_body() const { return body_; }
    void set_body(std::string body) { body_ = std::make_shared<std::string const>(std::move(body)); }
    void set_body(std::shared_ptr<std::string const> body) { body_ = std::move(body); }

    int status;
    Headers headers;

private:
    std::shared_ptr<std::string const> body_;
};

// "Not Found"; "Status" for codes without a phrase of their own.
std::string_view reason_phrase(int status);

}  // namespace convoke::http
