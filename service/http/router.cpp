#include "service/http/router.hpp"

#include "service/core/log.hpp"
#include "service/http/url.hpp"

#include <algorithm>
#include <map>
#include <span>
#include <stdexcept>

namespace convoke::http {
namespace {

Response plain_page(Request const&, Problem const& problem) {
    auto response = Response::text(std::to_string(problem.status) + ' ' + std::string(reason_phrase(problem.status)) +
                                       "\n\n" + problem.detail + '\n',
                                   problem.status);
    response.headers.set("Cache-Control", "no-store");
    return response;
}

Problem internal_error() {
    return Problem(500, "internal", "Something went wrong here. It has been logged under the request id.");
}

}  // namespace

struct Router::Node {
    struct Parameter {
        std::string name, suffix;  // "{token}.ics": token, .ics
        std::unique_ptr<Node> next;
    };
    std::map<std::string, std::unique_ptr<Node>, std::less<>> literals;
    std::vector<Parameter> parameters;  // with suffix first, the longest before shorter ones; at most one without
    std::map<Method, Route const*> rest;
    std::string rest_name;
    std::map<Method, Route const*> rows;

    using Values = std::vector<Fields::Field>;
    // The rows of the best pattern for these segments; null without one.
    std::map<Method, Route const*> const* find(std::span<std::string const> segments, Values& values) const;
};

std::map<Method, Route const*> const* Router::Node::find(std::span<std::string const> segments, Values& values) const {
    if (segments.empty()) return rows.empty() ? nullptr : &rows;
    auto const& segment = segments.front();
    if (auto const literal = literals.find(segment); literal != literals.end()) {
        if (auto const* found = literal->second->find(segments.subspan(1), values)) return found;
    }
    for (auto const& parameter : parameters) {
        if (!segment.ends_with(parameter.suffix)) continue;
        auto const value = segment.substr(0, segment.size() - parameter.suffix.size());
        if (value.empty()) return nullptr;
        values.emplace_back(parameter.name, value);
        if (auto const* found = parameter.next->find(segments.subspan(1), values)) return found;
        values.pop_back();
        if (!parameter.suffix.empty()) break;  // its sibling without suffix does not get this segment
    }
    if (rest.empty()) return nullptr;
    std::string path;
    for (auto const& part : segments) path += (path.empty() ? "" : "/") + part;
    values.emplace_back(rest_name, std::move(path));
    return &rest;
}

Handler immediate(std::function<Response(Request&)> handler) {
    return [handler = std::move(handler)](Request& request) -> boost::asio::awaitable<Response> {
        co_return handler(request);
    };
}

Router::Router() : root_(std::make_unique<Node>()), error_page_(plain_page) {}
Router::~Router() = default;
Router::Router(Router&&) noexcept = default;
Router& Router::operator=(Router&&) noexcept = default;

void Router::add(Method method, std::string pattern, Handler handler, RouteOptions options) {
    auto const malformed = [&](char const* why) { return std::invalid_argument("route " + pattern + ": " + why); };
    if (pattern.empty() || pattern.front() != '/') throw malformed("does not begin with a slash");
    auto* node = root_.get();
    std::map<Method, Route const*>* rows = nullptr;
    std::string_view left = std::string_view(pattern).substr(1);
    while (!left.empty()) {
        if (rows) throw malformed("goes on after the rest of the path");
        auto const end = std::min(left.find('/'), left.size());
        auto const segment = left.substr(0, end);
        left.remove_prefix(std::min(end + 1, left.size()));
        if (segment.empty()) throw malformed("has an empty segment");
        if (segment.front() != '{') {
            if (segment.find_first_of("{}") != std::string_view::npos) throw malformed("has text before a parameter");
            auto& next = node->literals[std::string(segment)];
            if (!next) next = std::make_unique<Node>();
            node = next.get();
            continue;
        }
        auto const close = segment.find('}');
        if (close == std::string_view::npos || close < 2) throw malformed("has a parameter without name");
        std::string name(segment.substr(1, close - 1));
        std::string suffix(segment.substr(close + 1));
        if (name.ends_with("...")) {
            name.resize(name.size() - 3);
            if (!suffix.empty()) throw malformed("has a suffix after the rest of the path");
            if (!node->rest_name.empty() && node->rest_name != name) throw malformed("names the rest differently than another route");
            node->rest_name = name;
            rows = &node->rest;
            continue;
        }
        auto& parameters = node->parameters;
        auto same = std::find_if(parameters.begin(), parameters.end(), [&](auto const& p) { return p.suffix == suffix; });
        if (same == parameters.end()) {
            auto const place = std::find_if(parameters.begin(), parameters.end(), [&](auto const& p) { return p.suffix.size() < suffix.size(); });
            same = parameters.insert(place, Node::Parameter{name, suffix, std::make_unique<Node>()});
        } else if (same->name != name) {
            throw malformed("names a parameter differently than another route");
        }
        node = same->next.get();
    }
    if (!rows) rows = &node->rows;
    if (rows->contains(method)) throw malformed("is there already");
    routes_.push_back(std::make_unique<Route>(Route{method, std::move(pattern), std::move(handler), options}));
    (*rows)[method] = routes_.back().get();
}

void Router::add(std::vector<Route> rows) {
    for (auto& row : rows) add(row.method, std::move(row.pattern), std::move(row.handler), row.options);
}

void Router::before(Before hook) { before_.push_back(std::move(hook)); }
void Router::after(After hook) { after_.push_back(std::move(hook)); }
void Router::error_page(ErrorPage page) { error_page_ = std::move(page); }

Router::Match Router::match(Request& request) const {
    Match result;
    auto const refused = [&](Problem const& problem) {
        result.refused = refuse(request, problem);
        return std::move(result);
    };
    auto const segments = path_segments(request.path);
    if (!segments) {
        std::string const shorter = request.path.ends_with('/') ? request.path.substr(0, request.path.size() - 1) : "";
        if (auto const trimmed = shorter.empty() ? std::nullopt : path_segments(shorter)) {
            Node::Values values;
            if (!root_->find(*trimmed, values)) return refused(Problem(404, "not_found", "There is nothing at this address."));
            // Readers are shown the way; a program that sends something is told, so that nothing is sent twice.
            bool const reader = !request.path.starts_with("/api/") && (request.method == Method::get || request.method == Method::head);
            if (!reader) return refused(Problem(404, "not_found", "There is nothing at this address; without the slash at its end there is: " + shorter));
            result.refused = Response::redirect(shorter + request.target.substr(request.path.size()), 308);
            return result;
        }
        return refused(Problem(400, "bad_request", "The path is not well formed."));
    }
    Node::Values values;
    auto const* rows = root_->find(*segments, values);
    if (!rows) return refused(Problem(404, "not_found", "There is nothing at this address."));
    request.set_params(std::move(values));
    request.route = rows->begin()->second->pattern;

    auto row = rows->find(request.method);
    if (row == rows->end() && request.method == Method::head) row = rows->find(Method::get);
    if (row != rows->end()) {
        result.route = row->second;
        return result;
    }
    std::string allow;
    for (auto const& [method, route] : *rows) {
        allow += std::string(name(method)) + ", ";
        if (method == Method::get && !rows->contains(Method::head)) allow += "HEAD, ";
    }
    allow += "OPTIONS";
    if (request.method == Method::options) {
        result.refused = Response::no_content().with("Allow", allow);
        return result;
    }
    Problem problem(405, "method_not_allowed", "This address answers " + allow + " only.");
    problem.headers["Allow"] = allow;
    return refused(problem);
}

boost::asio::awaitable<Response> Router::run(Route const& route, Request& request) const {
    struct Counted {
        explicit Counted(std::atomic<std::int64_t>& counter) : running(counter) { ++running; }
        ~Counted() { --running; }
        std::atomic<std::int64_t>& running;
    } const counted(*running_);
    std::string failed;
    try {
        std::optional<Response> response;
        for (auto const& hook : before_) {
            response = hook(request);
            if (response) break;
        }
        if (!response) response = co_await route.handler(request);
        for (auto const& hook : after_) hook(request, *response);
        co_return *std::move(response);
    } catch (std::exception const& error) {
        failed = error.what();
    } catch (...) {
        failed = "an exception of unknown type";
    }
    core::log::error("http", "handler-threw", {{"route", route.pattern}, {"why", failed}, {"id", request.request_id}});
    co_return refuse(request, internal_error());
}

boost::asio::awaitable<Response> Router::dispatch(Request& request) const {
    auto found = match(request);
    if (found.refused) co_return *std::move(found.refused);
    co_return co_await run(*found.route, request);
}

Response Router::refuse(Request const& request, Problem const& problem) const {
    if (request.path == "/api" || request.path.starts_with("/api/")) return to_response(problem, request.request_id);
    Response response;
    try {
        response = error_page_(request, problem);
    } catch (std::exception const& error) {
        core::log::error("http", "error-page-threw", {{"why", error.what()}, {"id", request.request_id}});
        response = plain_page(request, problem);
    }
    for (auto const& [name, value] : problem.headers) response.headers.set(name, value);
    return response;
}

std::vector<Route const*> Router::routes() const {
    std::vector<Route const*> all;
    for (auto const& route : routes_) all.push_back(route.get());
    return all;
}

}  // namespace convoke::http
