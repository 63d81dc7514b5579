#include "service/api/health_routes.hpp"

#include "service/api/authentication.hpp"
#include "service/api/failure_response.hpp"
#include "service/api/figures_text.hpp"
#include "service/core/crypto.hpp"
#include "service/usecases/figures.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/serialize.hpp>

#include <filesystem>
#include <mutex>

namespace convoke::api {

namespace asio = boost::asio;
namespace json = boost::json;
using http::Method;
using http::Request;
using http::Response;
using store::Transaction;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 2s;
constexpr auto kept_for = 1s;
constexpr auto late_mail = 5min;
constexpr auto certificate_warning = std::chrono::days(21);

struct Check {
    std::string status = "ok";  // ok, warning, failed
    std::string detail;
};

json::object to_json(Check const& check) {
    json::object object{{"status", check.status}};
    if (!check.detail.empty()) object["detail"] = check.detail;
    return object;
}

std::string days_until(std::chrono::system_clock::time_point end, std::chrono::system_clock::time_point now) {
    return std::to_string(std::chrono::floor<std::chrono::days>(end - now).count());
}

Check disk(HealthServices const& services) {
    Check check;
    for (std::string const& folder : services.folders) {
        std::error_code error;
        auto const room = std::filesystem::space(folder, error);
        if (error) return {"failed", "a folder that is written to cannot be looked at: " + error.message()};
        if (room.available < HealthServices::least_room)
            return {"failed", "only " + std::to_string(room.available / 1024 / 1024) + " MiB are left where data is written"};
    }
    return check;
}

Check certificate(HealthServices const& services, std::chrono::system_clock::time_point end) {
    auto const now = std::chrono::system_clock::time_point(services.clock.now());
    if (end <= now) return {"failed", "the certificate is over"};
    if (end - now < certificate_warning) return {"warning", "the certificate ends in " + days_until(end, now) + " days"};
    return {};
}

Check mail(HealthServices const& services, std::optional<calendar::sys_seconds> oldest_due) {
    auto const state = services.mail();
    if (state.paused) return {"warning", "mail is paused: " + state.reason};
    auto const late = oldest_due ? services.clock.now() - *oldest_due : 0s;
    if (late > late_mail) return {"warning", "a due mail has been waiting for " + std::to_string(late.count()) + " s"};
    return {};
}

struct Looked {
    Check database;
    std::optional<calendar::sys_seconds> oldest_due;
};

asio::awaitable<Looked> look(HealthServices const& services) {
    usecases::Context const context{services.instance, services.clock.now(), domain::Actor::service()};
    Looked looked;
    auto const read = co_await services.db.read([context](Transaction& tx) -> result<std::optional<calendar::sys_seconds>> {
        return usecases::oldest_due_mail(tx, context);
    });
    // Takes its turn in the queue and the database's write lock, and changes nothing.
    auto const written = co_await services.db.write([](Transaction&) -> result<bool> { return true; });
    if (!read) looked.database = {"failed", read.error().detail};
    else if (!written) looked.database = {"failed", written.error().detail};
    if (read) looked.oldest_due = *read;
    co_return looked;
}

// The last answer, for those who ask again within a second.
struct Kept {
    std::mutex mutex;
    std::chrono::steady_clock::time_point at{};
    std::string body;
    int status = 0;
};

asio::awaitable<Response> ready(HealthServices const& services, std::shared_ptr<Kept> kept) {
    {
        std::lock_guard const lock(kept->mutex);
        if (kept->status != 0 && std::chrono::steady_clock::now() - kept->at < kept_for)
            co_return Response::json(kept->body, kept->status).with("Cache-Control", "no-store");
    }
    json::object checks;
    std::optional<calendar::sys_seconds> oldest_due;
    bool failed = false, warning = false;
    auto const add = [&](std::string_view name, Check const& check) {
        failed = failed || check.status == "failed";
        warning = warning || check.status == "warning";
        checks[name] = to_json(check);
    };
    // The look goes on by itself when it takes too long; only the answer does not wait for it.
    auto const shared = std::make_shared<std::optional<Looked>>();
    auto const done = std::make_shared<asio::steady_timer>(co_await asio::this_coro::executor);
    done->expires_after(patience);
    asio::co_spawn(co_await asio::this_coro::executor,
                   [&services, shared, done]() -> asio::awaitable<void> {
                       *shared = co_await look(services);
                       done->cancel();
                   },
                   [](std::exception_ptr) {});
    if (!*shared) co_await done->async_wait(asio::as_tuple(asio::use_awaitable));
    if (*shared) {
        add("database", (*shared)->database);
        oldest_due = (*shared)->oldest_due;
    } else {
        add("database", {"failed", "the database did not answer in time"});
    }
    if (!services.folders.empty()) add("disk", disk(services));
    add("clock", services.clock_wrong() ? Check{"failed", "the machine's clock cannot be right"} : Check{});
    add("mail", mail(services, oldest_due));
    if (auto const end = services.certificate_ends()) add("certificate", certificate(services, *end));
    json::object body{{"status", failed ? "unavailable" : "ready"}, {"warnings", warning}, {"checks", std::move(checks)}};
    if (auto const sent = services.mail().last_sent) body["lastMailSent"] = calendar::format_instant(*sent);
    std::lock_guard const lock(kept->mutex);
    kept->at = std::chrono::steady_clock::now();
    kept->status = failed ? 503 : 200;
    kept->body = json::serialize(body);
    co_return Response::json(kept->body, kept->status).with("Cache-Control", "no-store");
}

// A proxy on this machine speaks for the world: what it passes on carries one of these.
bool came_through_a_proxy(Request const& request) {
    for (std::string_view const name : {"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP", "Forwarded", "Via"})
        if (request.headers.has(name)) return true;
    return false;
}

bool from_this_machine(Request const& request) {
    boost::system::error_code error;
    auto const address = asio::ip::make_address(request.peer, error);
    return !error && address.is_loopback() && !came_through_a_proxy(request);
}

asio::awaitable<Response> metrics(HealthServices const& services, Request const& request) {
    auto const token = bearer_token(request);
    bool allowed = from_this_machine(request);
    if (token && !services.metrics_token.empty()) allowed = allowed || core::constant_time_equal(*token, services.metrics_token);
    usecases::Context const context{services.instance, services.clock.now(), domain::Actor::service()};
    struct Read {
        bool admin = false;
        usecases::Figures figures;
    };
    auto const read = co_await services.db.read([&](Transaction& tx) -> result<Read> {
        Read found;
        if (!allowed && token)
            if (auto const actor = authenticate(tx, *token); actor && actor->admin) found.admin = true;
        if (allowed || found.admin) found.figures = usecases::read_figures(tx, context);
        return found;
    });
    if (!allowed && !(read && read->admin))
        co_return failure_response(request, Failure(errc::forbidden, "metrics are for this machine, for the holder of [http] metrics_token "
                                                                     "and for administrators' API tokens"));
    core::MetricsText text;
    text.gauge("convoke_database_up", "Whether the database answered this scrape.", read ? 1 : 0);
    if (read) write_figures(text, read->figures, services.clock.now());
    write_store_figures(text, services.db.statistics());
    for (auto const& write : services.figures) write(text);
    co_return Response::bytes("text/plain; version=0.0.4; charset=utf-8", text.text()).with("Cache-Control", "no-store");
}

}  // namespace

void add_health_routes(http::Router& router, HealthServices const& services) {
    http::RouteOptions const options{.any_host = true, .access_log = false};
    router.add(Method::get, "/healthz", http::immediate([](Request&) { return Response::text("ok\n").with("Cache-Control", "no-store"); }), options);
    auto const kept = std::make_shared<Kept>();
    router.add(Method::get, "/readyz", [&services, kept](Request&) { return ready(services, kept); }, options);
    router.add(Method::get, "/metrics", [&services](Request& request) { return metrics(services, request); }, options);
}

}  // namespace convoke::api
