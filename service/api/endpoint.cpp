#include "service/api/endpoint.hpp"

#include "service/api/authentication.hpp"
#include "service/api/failure_response.hpp"
#include "service/http/etag.hpp"

namespace convoke::api {
namespace {

http::Response with_validator(http::Request const& request, http::Response response) {
    if (!response.headers.has("Cache-Control")) response.headers.set("Cache-Control", "private, no-cache");
    if (response.status != 200) return response;
    std::string const etag(response.headers.get("ETag").value_or(""));
    std::string const validator = etag.empty() ? http::strong_etag(response.body()) : etag;
    return http::conditional(request, std::move(response), validator);
}

http::Handler frame(ApiServices const& services, Prepare prepare, bool writes) {
    return [&services, prepare = std::move(prepare), writes](http::Request& request) -> boost::asio::awaitable<http::Response> {
        auto const token = bearer_token(request);
        if (!token) co_return failure_response(request, unauthenticated());

        result<Work> const work = prepare(request);
        Context context{services.instance, services.clock.now(), domain::Actor{}};
        auto job = [&](Transaction& tx) -> result<http::Response> {
            CONVOKE_TRY(actor, authenticate(tx, *token));
            context.actor = std::move(actor);
            if (!work) return work.error();
            return (*work)(tx, context);
        };
        result<http::Response> answer = http::Response();
        // What was refused while preparing only needs to know who asked.
        if (writes && work)
            answer = co_await services.db.write(job);
        else
            answer = co_await services.db.read(job);
        if (!answer) co_return failure_response(request, answer.error());
        if (!writes) co_return with_validator(request, *std::move(answer));
        answer->headers.set("Cache-Control", "no-store");
        co_return *std::move(answer);
    };
}

}  // namespace

http::Handler reading(ApiServices const& services, Prepare prepare) {
    return frame(services, std::move(prepare), false);
}

http::Handler writing(ApiServices const& services, Prepare prepare) {
    return frame(services, std::move(prepare), true);
}

}  // namespace convoke::api
