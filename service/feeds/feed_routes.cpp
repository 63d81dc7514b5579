#include "service/feeds/feed_routes.hpp"

#include "calendar/lint.hpp"
#include "service/core/ids.hpp"
#include "service/feeds/feed_client.hpp"
#include "service/http/compression.hpp"
#include "service/http/etag.hpp"
#include "service/http/forwarded.hpp"
#include "service/usecases/capability.hpp"
#include "service/usecases/feeds.hpp"

#include <functional>

namespace convoke::feeds {

namespace asio = boost::asio;
using http::Method;
using http::Request;
using http::Response;
using store::Transaction;
using usecases::CalendarView;
using usecases::Context;

namespace {

using Query = std::function<result<CalendarView>(Transaction&, Context const&)>;

// Wrong, revoked and never issued look the same. Who guesses is told to go slower.
Response no_such_feed(FeedServices& services, Request const& request) {
    boost::system::error_code error;
    auto const address = asio::ip::make_address(request.peer, error);
    auto const wait = services.misses.take(error ? request.peer : http::limit_key(address), http::RateLimiter::Instant::clock::now());
    Response response = wait ? Response::text("Too many calendars that do not exist were asked for.\n", 429)
                                   .with("Retry-After", std::to_string(wait->count()))
                             : Response::text("There is no such calendar.\n", 404);
    response.headers.set("Cache-Control", "private, no-store");
    response.headers.set("X-Robots-Tag", "noindex");
    response.headers.set("Referrer-Policy", "no-referrer");
    return response;
}

std::shared_ptr<FeedText const> finished(CalendarView const& view) {
    auto text = std::make_shared<FeedText const>(calendar::feed_text(view.head, view.entries));
#ifndef NDEBUG
    // Mails pass the same gate always; feeds would pay for it with every change.
    if (auto const fault = calendar::first_error(calendar::lint(*text->plain())); !fault.empty())
        throw std::logic_error("a feed is refused by " + fault);
#endif
    return text;
}

Response answer(Request const& request, FeedText const& text, bool personal) {
    bool const zipped = http::accepts_gzip(request);
    std::string const& etag = zipped ? text.gzip_etag() : text.etag();
    auto const decorate = [&](Response response) {
        response.headers.set("ETag", etag);
        response.headers.set("Vary", "Accept-Encoding");
        response.headers.set("Cache-Control", personal ? "private, max-age=300, must-revalidate" : "public, max-age=300, must-revalidate");
        if (personal) {
            response.headers.set("X-Robots-Tag", "noindex");
            response.headers.set("Referrer-Policy", "no-referrer");
        }
        return response;
    };
    // Either encoding's validator stands for the same calendar.
    if (http::if_none_match(request, text.etag()) || http::if_none_match(request, text.gzip_etag()))
        return decorate(Response::not_modified(etag));
    Response response = Response::bytes("text/calendar; charset=utf-8", zipped ? text.gzip() : text.plain());
    if (zipped) response.headers.set("Content-Encoding", "gzip");
    response.headers.set("Content-Disposition", "inline; filename=\"calendar.ics\"");
    return decorate(std::move(response));
}

asio::awaitable<Response> serve(FeedServices& services, Request const& request, bool personal, Query query) {
    auto text = services.cache.find(request.path);
    if (!text) {
        std::uint64_t const generation = services.cache.generation();
        Context const context{services.instance, services.clock.now(), domain::Actor{}};
        auto view = co_await services.db.read([&](Transaction& tx) { return query(tx, context); });
        if (!view) {
            if (view.error().code == errc::not_found) co_return no_such_feed(services, request);
            co_return Response::text(view.error().detail + "\n", 503).with("Retry-After", "5");
        }
        text = finished(*view);
        services.cache.put(request.path, generation, text);
    }
    if (personal && request.method == Method::get)
        if (auto const person = usecases::feed_token_subject(request.param("token")))
            services.fetched(*person, client_family(request.header("User-Agent").value_or("")));
    co_return answer(request, *text, personal);
}

}  // namespace

void add_feed_routes(http::Router& router, FeedServices& services) {
    router.add(Method::get, "/feeds/{token}.ics", [&services](Request& request) {
                    std::string const token = request.param("token");
                    return serve(services, request, true, [token](Transaction& tx, Context const& context) {
                        return usecases::feed_of_person(tx, context, token);
                    });
                });
    router.add(Method::get, "/feeds/.ics", http::immediate([&services](Request& request) { return no_such_feed(services, request); }));
    router.add(Method::get, "/c/{slug}/calendar.ics", [&services](Request& request) {
                    std::string const slug = request.param("slug");
                    return serve(services, request, false, [slug](Transaction& tx, Context const& context) {
                        return usecases::feed_of_community(tx, context, slug);
                    });
                });
    router.add(Method::get, "/e/{id}.ics", [&services](Request& request) {
                    auto const id = core::parse_id(request.param("id"));
                    return serve(services, request, false, [id](Transaction& tx, Context const& context) -> result<CalendarView> {
                        if (!id) return Failure(errc::not_found, "there is no such event");
                        return usecases::feed_of_event(tx, context, *id);
                    });
                });
}

}  // namespace convoke::feeds
