// The table of routes: which handler serves which path and method.
//
// Patterns: "/api/v1/communities/{slug}/members/{id}", a suffix after a parameter "/feeds/{token}.ics",
// the rest of the path "/static/{file...}" (last segment only, one or more segments). A literal segment beats
// a parameter with suffix, that beats a plain parameter, that beats the rest; a plain parameter never takes a
// segment that a sibling with suffix would take ("/e/{id}" does not see "/e/x.ics").
//
// Fill it before the server runs; then it is read from all threads.
#pragma once

#include "service/http/message.hpp"
#include "service/http/problem.hpp"

#include <boost/asio/awaitable.hpp>

#include <atomic>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace convoke::http {

// Runs on the connection's loop. Must not block; exceptions become 500 and are logged with the request id.
using Handler = std::function<boost::asio::awaitable<Response>(Request&)>;

// For handlers that need no co_await.
Handler immediate(std::function<Response(Request&)> handler);

struct RouteOptions {
    std::size_t body_limit = 64 * 1024;  // bytes; a longer body is refused with 413 before it is read
    bool any_host = false;               // health checks come with the machine's address as Host
    bool access_log = true;
};

struct Route {
    Method method;
    std::string pattern;
    Handler handler;
    RouteOptions options = {};
};

// Before the handler: a response here is the answer. After: may change the response of hook or handler (not 404, 405
// and what else is refused before a handler is found).
using Before = std::function<std::optional<Response>(Request&)>;
using After = std::function<void(Request const&, Response&)>;
// The page for a problem outside /api (there it is always problem+json). What it throws is logged, and plain text
// sent instead.
using ErrorPage = std::function<Response(Request const&, Problem const&)>;

class Router {
public:
    Router();
    ~Router();
    Router(Router&&) noexcept;
    Router& operator=(Router&&) noexcept;

    // Throws std::invalid_argument for a malformed pattern and for a row that is there already.
    void add(Method method, std::string pattern, Handler handler, RouteOptions options = {});
    void add(std::vector<Route> rows);

    void before(Before hook);
    void after(After hook);
    void error_page(ErrorPage page);

    // Finds the row and fills the request's path parameters and `route`. nullopt: the answer is `refused`
    // (404, 405 with Allow, 400 for a malformed path, 204 for OPTIONS; 308 for a page with a slash too many at its end).
    struct Match {
        Route const* route = nullptr;
        std::optional<Response> refused;
    };
    Match match(Request& request) const;

    // Runs the hooks and the handler; exceptions are answered as 500.
    boost::asio::awaitable<Response> run(Route const& route, Request& request) const;

    // Both: what a whole request gets. For tests without sockets.
    boost::asio::awaitable<Response> dispatch(Request& request) const;

    // A problem in the form its path asks for: problem+json below /api, else the error page.
    Response refuse(Request const& request, Problem const& problem) const;

    // How many handlers run now; stays true when the router is moved.
    std::shared_ptr<std::atomic<std::int64_t> const> running() const { return running_; }

    // All rows, in the order added (the description of the API is tested against it).
    std::vector<Route const*> routes() const;

private:
    struct Node;
    std::unique_ptr<Node> root_;
    std::vector<std::unique_ptr<Route>> routes_;
    std::vector<Before> before_;
    std::vector<After> after_;
    ErrorPage error_page_;
    std::shared_ptr<std::atomic<std::int64_t>> running_ = std::make_shared<std::atomic<std::int64_t>>(0);
};

}  // namespace convoke::http
